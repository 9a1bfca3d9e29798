import EpTesting
import FoundationEssentials
import Glibc
import Testing

/// `epbuild doctor`: what is missing, what is only a pity, and the exit status.
@Suite struct DoctorTests {
    private struct Answer: Decodable {
        struct Check: Decodable {
            let subject, state, message: String
            let remedy: String?
        }

        let ok: Bool
        let checks: [Check]

        init(_ outcome: Program.Outcome) throws { self = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8)) }

        func check(_ subject: String) -> Check? { checks.first { $0.subject == subject } }
    }

    /// A directory with the programs that are here, but for some.
    private func path(of machine: Machine, without missing: Set<String>) throws -> String {
        let directory = "\(machine.directory)/bin"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for program in ["espeak-ng", "flite", "ffmpeg", "sh", "awk", "cat"] where !missing.contains(program) {
            try? FileManager.default.createSymbolicLink(atPath: "\(directory)/\(program)", withDestinationPath: "/usr/bin/\(program)")
        }
        return directory
    }

    @Test func aMachineThatHasAllIsWell() async throws {
        let machine = try Machine()
        let outcome = try await machine.run("doctor")
        outcome.expect(0, says: "+ espeak-ng", "eSpeak NG", "+ cache", "0 results", "/Episodes\n")
        #expect(!outcome.output.utf8.contains { $0 > 127 }, "without UTF-8 it is ASCII")
        try await machine.run("doctor", Machine.moon, environment: ["LANG": "en_GB.UTF-8"]).expect(0, says: "✓ espeak-ng")
    }

    @Test func aMissingProgramIsNamedWithItsPackage() async throws {
        let machine = try Machine()
        let outcome = try await machine.run("doctor", "--json", environment: ["PATH": path(of: machine, without: ["flite"])])
        #expect(outcome.status == 69)
        let answer = try Answer(outcome)
        #expect(!answer.ok && answer.check("espeak-ng")?.state == "ok")
        #expect(answer.check("flite")?.state == "missing" && answer.check("flite")?.remedy == "apt-get install flite")
        #expect(answer.check("sh")?.state == "ok")
    }

    /// The show of letters speaks nothing: it needs no voices, but `sh`.
    @Test func onlyWhatTheShowNeedsIsMissed() async throws {
        let machine = try Machine()
        let path = try path(of: machine, without: ["flite", "sh"])
        let outcome = try await machine.run("doctor", Machine.letters, environment: ["PATH": path])
        outcome.expect(69, says: "! flite", "no show here needs it", "x sh", "a stage or a provider runs it")
    }

    /// Covers are drawn by ffmpeg; a command may name it, too.
    @Test func whatOtherStagesRunIsMissed() async throws {
        let machine = try Machine()
        let path = try path(of: machine, without: ["ffmpeg"])
        let outcome = try await machine.run("doctor", environment: ["PATH": path])
        outcome.expect(69, says: "x ffmpeg", "-> apt-get install ffmpeg")
        try await machine.run("doctor", Machine.letters, environment: ["PATH": path]).expect(0, says: "! ffmpeg", "no show here needs it")
        try machine.replace("run: [sh, -c, \"wc", with: "run: [ffmpeg, -c, \"wc", in: "letters/pipeline.yaml")
        let named = try await machine.run("doctor", Machine.letters, environment: ["PATH": path])
        named.expect(69, says: "x ffmpeg")
        #expect(named.output.ranges(of: "ffmpeg  ").count == 1, "\(named)")
    }

    @Test func keysAndSharedCachesAreChecked() async throws {
        let machine = try Machine()
        try machine.edit("epbuild.yaml") { text in
            text.replacing("use: espeak", with: "use: espeak, api_key_env: EPX_KEY")
                + "cache: { remotes: [ { url: \"http://127.0.0.1:1/cache\" }, { url: ../share }, { url: \"http://127.0.0.1:1/other\", token_env: EPX_TOKEN } ] }\n"
        }
        mkdir("\(machine.directory)/share", 0o755)
        let sick = try Answer(try await machine.run("doctor", "--json"))
        #expect(!sick.ok && sick.check("EPX_KEY")?.state == "missing" && sick.check("EPX_TOKEN")?.state == "warning")
        let remotes = sick.checks.filter { $0.subject == "shared cache" }
        #expect(remotes.map(\.state) == ["warning", "ok"], "\(remotes)")
        #expect(remotes.first?.message.contains("cannot be reached") == true && remotes.first?.remedy?.contains("builds go on") == true)
        let outcome = try await machine.run("doctor", environment: ["EPX_KEY": "secret-of-mine", "EPX_TOKEN": "other-secret"])
        outcome.expect(0, says: "+ EPX_KEY", "! shared cache")
        #expect(!outcome.output.contains("secret"))
    }

    /// Whether it takes a program, and on what that runs.
    @Test func theClusterIsAsked() async throws {
        let machine = try Machine()
        let settings = try machine.text("epbuild.yaml")
        func check(_ port: UInt16, _ more: String = "") async throws -> Answer.Check? {
            let execution = "execution: { url: grpc://127.0.0.1:\(port), stages: [command]\(more) }\n"
            try machine.edit("epbuild.yaml") { _ in settings + execution }
            let outcome = try await machine.run("doctor", "--json")
            #expect(outcome.status == 0, "builds go on without it: \(outcome)")
            return try Answer(outcome).check("cluster")
        }
        let away = try await check(ScriptedServer.freePort())
        #expect(away?.state == "warning" && away?.message.contains("cannot be reached") == true, "\(String(describing: away))")
        let directory = TemporaryDirectory()
        if let peer = await Peer.start(Peer.casd(in: directory.path)) {
            defer { peer.stop() }
            let well = try await check(peer.port)
            #expect(well?.state == "ok" && well?.message.contains("runs programs: on Linux ") == true, "\(String(describing: well))")
            let elsewhere = try await check(peer.port, ", instance: nowhere")
            #expect(elsewhere?.state == "warning", "\(String(describing: elsewhere))")
        }
        // A cache alone.
        if let peer = await Peer.start(Peer.buildGrid) {
            defer { peer.stop() }
            let cache = try await check(peer.port, ", instance: main")
            #expect(cache?.state == "warning" && cache?.remedy != nil, "\(String(describing: cache))")
        }
    }

    @Test func aCacheThatCannotBeWrittenIsNamed() async throws {
        let machine = try Machine()
        try Data().write(to: URL(filePath: "\(machine.directory)/file"))
        let outcome = try await machine.run("doctor", environment: ["EPBUILD_CACHE": "\(machine.directory)/file/cache"])
        outcome.expect(69, says: "x cache", "\(machine.directory)/file/cache", "-> ")
    }

    @Test func aMistakeInAFileIsToldWithItsPlace() async throws {
        let machine = try Machine()
        try machine.replace("jobs: 2", with: "jobs: many", in: "epbuild.yaml")
        try await machine.run("doctor").expect(65, errors: "epbuild.yaml:5:17: error: ")
        try await machine.run("doctor", "nowhere").expect(64, errors: "there is no directory nowhere")
    }
}
