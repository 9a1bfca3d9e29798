import EpCore
import EpFiles
import EpPlan
import Glibc
import Testing

@testable import EpEngine

@Suite struct DiscoveryTests {
    private func workspace() throws -> TestDirectory {
        let directory = try TestDirectory()
        for name in [
            "epbuild.yaml", "s1/show.yaml", "s1/e1/episode.yaml", "s1/e2/episode.yaml", "s1/out/episode.yaml", "s2/show.yaml",
            "s2/e/episode.yaml", "s2/.x/episode.yaml",
        ] {
            try directory.write("", to: name)
        }
        return directory
    }

    @Test(arguments: [(".", ["s1/e1", "s1/e2", "s2/e"]), ("s1", ["s1/e1", "s1/e2"]), ("s1/e2", ["s1/e2"]), ("s2/../s1/e1/", ["s1/e1"])])
    func aPathStandsForItsEpisodes(_ path: String, _ names: [String]) throws {
        let directory = try workspace()
        let places = try Discovery.episodes(at: path, from: directory.path)
        #expect(places.map { String($0.directory.dropFirst(directory.path.count + 1)) } == names)
        #expect(places.allSatisfy { $0.workspace == directory.path && $0.stateDirectory == "\(directory.path)/.epbuild" })
        #expect(Set(places.map(\.stateName)).count == names.count)
    }

    /// What stands behind a link to nothing may be an episode; a name that is too long for a file has a state all the same.
    @Test func noEpisodeIsPassedOverInSilence() throws {
        let directory = try workspace()
        #expect(symlink("/not-mounted/e3", "\(directory.path)/s1/e3") == 0)
        var warnings: [String] = []
        #expect(try Discovery.episodes(at: "s1", from: directory.path) { warnings.append($0.message) }.count == 2)
        #expect(
            warnings.sorted() == [
                "\(directory.path)/s1/e3 is a link to /not-mounted/e3, and nothing is there",
                "\(directory.path)/s1/out is where builds deliver: neither builds of the show nor its feed find an episode there",
            ])
        #expect(symlink("/not-mounted/episode.yaml", "\(directory.path)/s2/e/episode.yaml.new") == 0)
        #expect(rename("\(directory.path)/s2/e/episode.yaml.new", "\(directory.path)/s2/e/episode.yaml") == 0)
        #expect(throws: Diagnostic.self) { try Discovery.episodes(at: "s2", from: directory.path) }
    }

    @Test func episodesAreToldApartByTheirBytes() throws {
        let directory = try workspace()
        let names =
            ["s1/cafe\u{301}", "s1/caf\u{E9}"]
            + ["1", "2"].map { "s1/" + String(repeating: "п", count: 60) + "/" + String(repeating: "п", count: 100) + $0 }
        for name in names { try directory.write("", to: "\(name)/episode.yaml") }
        let places = try names.flatMap { try Discovery.episodes(at: $0, from: directory.path) }
        #expect(Set(places).count == 4)
        #expect(Set(places.map { Path($0.stateName) }).count == 4)
        #expect(places.allSatisfy { $0.stateName.utf8.count <= 250 })
    }

    /// However deep, whatever a directory is called, and once, although links lead to it.
    @Test func allEpisodesAreFoundOnce() throws {
        let directory = try workspace()
        let names = ["s1/a/b/c/d/e/ep", "s1/#x#", "s1/old~", "s1/\u{301}x"]
        for name in names { try directory.write("", to: "\(name)/episode.yaml") }
        for (link, target) in [("s1/again", "e1"), ("s1/loop", "."), ("s1/a/up", ".."), ("loop", ".")] {
            #expect(symlink(target, "\(directory.path)/\(link)") == 0)
        }
        #expect(symlink("../s1/e1", "\(directory.path)/s2/e1") == 0)
        func found(at path: String) throws -> [Path] {
            try Discovery.episodes(at: path, from: directory.path).map { Path(Path($0.directory).below(directory.path) ?? "") }
        }
        let own = (names + ["s1/e1", "s1/e2"]).map { Path($0) }
        #expect(try Set(found(at: "s1")) == Set(own) && found(at: "s1").count == own.count)
        #expect(try Set(found(at: ".")) == Set(own + ["s2/e", "s2/e1"]) && found(at: ".").count == own.count + 2)
        let sources = SourceFiles(shownFrom: directory.path)
        let feed = try sources.glob("{episode}/episode.yaml", in: "\(directory.path)/s1").map { Path(Path($0.shown).parent) }
        #expect(Set(own).isSubset(of: feed), "what is built is in the feed, too")
    }

    @Test func episodesThatNobodyFindsAreWarnedOf() throws {
        let directory = try workspace()
        try directory.write("", to: "s1/e1/part/episode.yaml")
        var warnings: [String] = []
        for path in ["s1", "s1/out", "s1/e1/part", "s1/e1"] {
            _ = try Discovery.episodes(at: path, from: directory.path) { warnings.append($0.message) }
        }
        #expect(warnings.count == 3)
        #expect(warnings.prefix(2).allSatisfy { $0.contains("s1/out is where builds deliver") })
        #expect(warnings.last?.contains("s1/e1/part lies in the episode e1") == true)
    }

    @Test func whatIsNoEpisodeIsAMessage() throws {
        let directory = try workspace()
        try directory.write("", to: "lone/episode.yaml")
        try directory.write("", to: "empty/x")
        #expect(throws: Diagnostic.self) { try Discovery.episodes(at: "nowhere", from: directory.path) }
        #expect(throws: Diagnostic.self) { try Discovery.episodes(at: "empty", from: directory.path) }
        #expect(throws: Diagnostic.self) { try Discovery.episodes(at: "empty/x", from: directory.path) }
        do {
            _ = try Discovery.episodes(at: "lone", from: directory.path)
            Issue.record("an episode without a show was taken")
        } catch {
            #expect(error.code == .badInput)
        }
    }
}
