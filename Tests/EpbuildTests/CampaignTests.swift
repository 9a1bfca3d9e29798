import FoundationEssentials
import Testing

/// The harness of the campaign itself; `Scripts/test` runs a short form of it after the tests, when nothing else keeps the machine busy.
@Suite(.serialized, .enabled(if: Python.path != nil, "python3 is missing"))
struct CampaignTests {
    @Test func everyCampaignIsListedAndDocumented() async throws {
        let list = try await Campaign.run()
        let names = list.output.split(separator: "\n").filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != " " } }
        #expect(list.status == 0 && names.count == 16, "\(list)")
        let page = try String(contentsOfFile: "\(Campaign.root)/docs/campaign.md", encoding: .utf8)
        for name in names { #expect(page.contains("| `\(name)` |"), "docs/campaign.md does not tell of \(name)") }
    }

    @Test func aSoundProgramPasses() async throws {
        let outcome = try await Campaign.run("scripts", "--seed", "1", "--runs", "5", "--epbuild", Program.epbuild)
        #expect(outcome.status == 0 && outcome.output.contains("scripts: 5 passed, 0 failed"), "\(outcome)")
    }

    /// What each of these programs does wrong is found, told of with the seed, and kept to be looked at.
    @Test(arguments: [
        ("crashes", "kill -SEGV $$", "a crash"),
        ("ends with a strange status", "exit 3", "expected status"),
        ("says nothing", "exit 1", "nothing is told"),
        ("lets escapes through", #"printf '\033[2Jerror: show.yaml'; exit 65"#, "escape"),
    ])
    func aFaultIsFound(_ what: String, _ fault: String, _ told: String) async throws {
        let directory = "\(Temporary.directory)/epbuild-campaign-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        // It is sound until the first trial, whose directories are of other names than what is prepared.
        let program = "\(directory)/epbuild"
        try Data("#!/bin/sh\ncase $PWD in */trial/*) \(fault) ;; esac\nexec \(Program.epbuild) \"$@\"\n".utf8).write(
            to: URL(filePath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        let outcome = try await Campaign.run("yaml", "--seed", "7", "--runs", "1", "--epbuild", program, temporary: directory)
        #expect(outcome.status == 1, "a program that \(what) passes: \(outcome)")
        for words in ["FAILED with seed 7", told, "kept: ", "again: Scripts/campaign yaml --seed 7 --runs 1", "0 passed, 1 failed"] {
            #expect(outcome.output.contains(words), "\(words) is missing: \(outcome)")
        }
    }

    /// A show of another machine, by a directory, a web server, a gRPC server and an object store; whole, with blobs lost, and damaged.
    @Test func aShowComesThroughEachKindOfStore() async throws {
        let outcome = try await Campaign.run("stores", "--seed", "0", "--runs", "12", "--epbuild", Program.epbuild)
        #expect(outcome.status == 0 && outcome.output.contains("stores: 12 passed, 0 failed"), "\(outcome)")
    }

    @Test func aNameThatIsNoCampaign() async throws {
        let outcome = try await Campaign.run("kill")
        #expect(outcome.status == 64 && outcome.errors.contains("kills"), "\(outcome)")
    }
}

private enum Campaign {
    static let root = Python.root

    static func run(_ words: String..., temporary: String = Temporary.directory) async throws -> Program.Outcome {
        try await Python.run("campaign", words, temporary: temporary)
    }
}
