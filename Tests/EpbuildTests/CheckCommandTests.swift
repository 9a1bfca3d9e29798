import EpCore
import EpPlan
import FoundationEssentials
import Subprocess
import SystemPackage
import Testing

/// `epbuild check` and `tool: check`, on real files.
@Suite struct CheckCommandTests {
    private static func ffmpeg(_ machine: Machine, _ arguments: String...) async throws {
        let done = try await Subprocess.run(
            .name("ffmpeg"), arguments: .init(["-nostdin", "-v", "error", "-y"] + arguments), workingDirectory: FilePath(machine.workspace),
            output: .discarded, error: .string(limit: 1_000_000))
        #expect(done.terminationStatus.isSuccess, "\(done.standardError)")
    }

    /// The findings of one file that are not as they should be, as `platform rule`.
    private static func failing(_ outcome: Program.Outcome) throws -> [String] {
        let value = try Node(parsing: Array(outcome.output.utf8), file: "check.json").value
        return (value["findings"]?.list ?? []).filter { $0["result"]?.string == "fail" }.compactMap { finding in
            finding["platform"]?.string.flatMap { platform in finding["rule"]?.string.map { "\(platform) \($0)" } }
        }
    }

    @Test func whatAPodcastDeliversIsAccepted() async throws {
        let machine = try Machine()
        try await machine.run("check", Machine.moon).expect(64, errors: "has delivered no sound and no film yet", "build it first")
        try await machine.build(Machine.moon).expect(.built)
        let checked = try await machine.run("check", Machine.moon)
        #expect(checked.status == 0, "\(checked)")
        #expect(checked.output.contains("as they should be"), "\(checked)")
        let all = try await machine.run("check", Machine.moon, "--all", "--for", "apple")
        #expect(all.output.contains("apple loudness") && all.output.contains("LUFS; wanted −16 ± 1"), "\(all)")
        // It was mixed for ears, not for ACX.
        let book = try await machine.run("check", Machine.moon, "--for", "acx", "--json")
        let refused = try Self.failing(book)
        #expect(book.status == 1 && !refused.isEmpty && refused.allSatisfy { $0.hasPrefix("acx ") }, "\(book)")
        try await machine.run("check", Machine.moon, "--for", "aple").expect(64, errors: "did you mean \"apple\"?")
        let feed = try await machine.run("check", "olivers-workshop/out/feed.xml", "--json")
        let lacks = try Self.failing(feed)
        #expect(feed.status == 0 && lacks.isEmpty, "\(feed)")
        // A file that is not as long as the feed says is found.
        let mp3 = try #require(machine.files(below: "\(machine.workspace)/\(Machine.moon)/out").first { $0.hasSuffix(".mp3") })
        try machine.write(Array("short".utf8), to: "\(Machine.moon)/out/\(mp3)")
        let short = try await machine.run("check", "olivers-workshop/out/feed.xml")
        #expect(short.status == 1 && short.output.contains("length of the file"), "\(short)")
    }

    @Test(arguments: [
        (
            "quiet.mp3", ["-f", "lavfi", "-i", "sine=440:r=44100:d=6", "-af", "volume=0.05", "-ac", "2", "-b:a", "192k"],
            ["apple loudness", "apple tags", "apple cover"]
        ),
        (
            "rate.mp3", ["-f", "lavfi", "-i", "sine=440:r=22050:d=6", "-b:a", "64k"],
            ["apple sample rate", "apple loudness", "apple tags", "apple cover"]
        ),
        (
            "silent.mp3", ["-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo:d=6", "-t", "6", "-b:a", "192k"],
            ["file silence", "apple loudness", "apple tags", "apple cover"]
        ),
    ])
    func soundsThatWouldBeRefused(name: String, arguments: [String], expected: [String]) async throws {
        let machine = try Machine()
        let done = try await Subprocess.run(
            .name("ffmpeg"), arguments: .init(["-nostdin", "-v", "error", "-y"] + arguments + [name]),
            workingDirectory: FilePath(machine.workspace), output: .discarded, error: .discarded)
        #expect(done.terminationStatus.isSuccess)
        let checked = try await machine.run("check", name, "--for", "apple", "--json")
        #expect(checked.status == 1)
        #expect(Set(try Self.failing(checked)).subtracting(["apple true peak", "apple bit rate"]) == Set(expected), "\(checked)")
    }

    @Test func aFileThatWasCutOffIsFound() async throws {
        let machine = try Machine()
        try await Self.ffmpeg(machine, "-f", "lavfi", "-i", "sine=440:r=44100:d=8", "-movflags", "+faststart", "-c:a", "aac", "whole.m4a")
        try await machine.run("check", "whole.m4a", "--json")
        let bytes = try machine.read("whole.m4a")
        try machine.write(Array(bytes.prefix(bytes.count / 2)), to: "half.m4a")
        let checked = try await machine.run("check", "half.m4a", "--json")
        let failing = try Self.failing(checked)
        #expect(failing.contains("file decoding") || failing.contains("file completeness"), "\(checked)")
        try machine.write(Array("ffconcat version 1.0\nfile whole.m4a\n".utf8), to: "list.mp4")
        let list = try await machine.run("check", "list.mp4", "--json")
        #expect(try Self.failing(list).contains("file decoding"), "\(list)")
        try machine.write([], to: "empty.mp3")
        #expect(try Self.failing(try await machine.run("check", "empty.mp3", "--json")).contains("file decoding"))
        try await machine.run("check", "show.yaml").expect(64)
    }

    @Test func aFilmIsMeasuredToItsEnd() async throws {
        let machine = try Machine()
        try await Self.ffmpeg(
            machine, "-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=3", "-f", "lavfi", "-i", "sine=440:r=48000:d=8", "-c:v", "libx264",
            "-pix_fmt", "yuv420p", "-c:a", "aac", "film.mp4")
        let checked = try await machine.run("check", "film.mp4", "--json")
        let failing = try Self.failing(checked)
        #expect(Set(failing).isSuperset(of: ["file black", "file sync", "youtube size", "youtube fast start"]), "\(checked)")
        #expect(!failing.contains("file decoding") && !failing.contains("youtube codecs"), "\(checked)")
    }

    /// As a stage it leaves its results behind; a strict one fails.
    @Test func aStageLeavesItsResults() async throws {
        let pipeline = """
            stages:
              tone: { source: tone.wav }
              acceptance: { tool: check, from: [tone], for: [apple], expect: { maximum_seconds: 2 } }
            """
        let show = try SmallShow(["show/pipeline.yaml": pipeline])
        let machine = show.machine
        try await Self.ffmpeg(machine, "-f", "lavfi", "-i", "sine=440:r=44100:d=3", "\(SmallShow.episode)/tone.wav")
        try await machine.build(SmallShow.episode).expect(.built, ["acceptance": 2])
        let results = try Node(parsing: machine.read("\(SmallShow.episode)/out/acceptance_results.json"), file: "r").value
        #expect(results["passed"] == .bool(false))
        let rules = results["findings"]?.list?.filter { $0["result"]?.string == "fail" }.compactMap { $0["rule"]?.string } ?? []
        #expect(Set(rules).isSuperset(of: ["length", "format"]), "\(results)")
        try await machine.build(SmallShow.episode).expect(.upToDate)
        try show.write(pipeline.replacing("for: [apple]", with: "for: [apple], strict: true"), to: "show/pipeline.yaml")
        try await machine.run(SmallShow.episode).expect(1, errors: "file: length is 3.0 s", "wanted 0 s to 2 s")
        try show.write(pipeline.replacing("for: [apple]", with: "for: [appel]"), to: "show/pipeline.yaml")
        try await machine.run(SmallShow.episode).expect(65, errors: "did you mean \"apple\"?")
    }
}
