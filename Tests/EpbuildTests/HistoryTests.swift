import FoundationEssentials
import Testing

/// What is left on record of building, editing, failing and mending.
@Suite struct HistoryTests {
    private let script = "\(Machine.moon)/script.fountain"

    private struct Line: Decodable {
        struct Failure: Decodable { let message: String }
        struct Ran: Decodable {
            struct Change: Decodable { let input: String }
            let target, origin: String
            let changes: [Change]?
        }
        let build: Int?
        let outcome: String?
        let decision: String?
        let failures: [Failure]?
        let ran: [Ran]?
    }

    private func lines(_ output: String) throws -> [Line] {
        try output.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    @Test func buildEditFailAndMend() async throws {
        let machine = try await Machine.withMoonBuilt()
        machine.remove(".epbuild/history.sqlite")
        try machine.replace("this spring first", with: "this screw first", in: script)
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
        let voice = try machine.text("olivers-workshop/show.yaml")
        try machine.edit("olivers-workshop/show.yaml") { $0 + "\nvoices: [\n" }
        #expect(try await machine.build(Machine.moon).outcome.status == 65)
        try await Task.sleep(for: .milliseconds(30))
        try machine.write(Array(voice.utf8), to: "olivers-workshop/show.yaml")
        try await Task.sleep(for: .milliseconds(30))
        try await machine.build(Machine.moon).expect(.upToDate, executed: 0)
        #expect(try await machine.run("clean", Machine.moon, "audio_synthesis/3").status == 0)
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])

        let log = try await machine.run("log", Machine.moon)
        #expect(log.status == 0 && log.output.contains("clean audio_synthesis/3"), "\(log)")
        let past = try lines(await machine.run("log", Machine.moon, "--json").output)
        #expect(past.map(\.outcome) == ["built", nil, "upToDate", "failed", "built"])
        #expect(past[1].decision == "clean" && past[3].failures?.isEmpty == false)
        #expect(try lines(await machine.run("log", Machine.moon, "--json", "--limit", "2").output).count == 2)

        let first = try #require(past.last?.build)
        let build = try #require(try lines(await machine.run("log", Machine.moon, "#\(first)", "--json").output).first)
        let line = try #require(build.ran?.first { $0.target.hasPrefix("audio_synthesis/") })
        #expect(line.origin == "executed" && line.changes?.isEmpty == false)
        let shown = try await machine.run("log", Machine.moon, "\(first)")
        #expect(shown.output.contains("screw") && shown.output.contains("out/"), "\(shown)")
        #expect(try await machine.run("log", Machine.moon, "9999").status == 64)

        let stats = try await machine.run("log", "--stats", Machine.moon)
        #expect(stats.output.contains("1 failed; 1 of these were made good later (100 %)"), "\(stats)")
        #expect(stats.output.contains("1  edit"), "\(stats)")
    }

    @Test func aFailedActionIsOnRecordWithItsRemedy() async throws {
        let machine = try Machine()
        try machine.write(
            Array("stages:\n  hello: { tool: command, run: [sh, -c, \"exit 3\"], outputs: [hello.txt] }\n".utf8),
            to: "letters/pipeline.yaml")
        let failed = try await machine.run("build", Machine.letters)
        try #require(failed.status == 1, "\(failed)")
        let log = try await machine.run("log", Machine.letters)
        #expect(log.output.contains("failed") && log.output.contains("hello"), "\(log)")
        let build = try await machine.run("log", Machine.letters, "1")
        #expect(build.output.contains("error: hello"), "\(build)")
        let stats = try await machine.run("log", "--stats", Machine.letters)
        #expect(stats.output.contains("hello  action_failed"), "\(stats)")
    }

    @Test func costAddsUpAndParses() async throws {
        struct Cost: Decodable {
            struct Row: Decodable { let executed, cacheHits: Int; let costUSD, savedSeconds: Double }
            let by: String
            let rows: [Row]
            let total: Row
        }
        let machine = try await Machine.withMoonBuilt()
        machine.remove(".epbuild/history.sqlite")
        try machine.replace("this spring first", with: "this screw first", in: script)
        let report = try await machine.build(Machine.moon).expect(.built).report
        for heading in ["episode", "stage", "provider", "month"] {
            let output = try await machine.run("cost", Machine.moon, "--by", heading, "--json").output
            let cost = try JSONDecoder().decode(Cost.self, from: Data(output.utf8))
            #expect(
                cost.by == heading && cost.total.executed == report.actions.executed && cost.total.cacheHits == report.actions.cacheHits,
                "\(output)")
            #expect(cost.rows.map(\.executed).reduce(0, +) == cost.total.executed)
        }
        let providers = try await machine.run("cost", Machine.moon, "--by", "provider")
        #expect(providers.output.contains("\nffmpeg version ") && !providers.output.contains("Copyright"), "\(providers)")
        let shown = try await machine.run("cost", machine.workspace)
        #expect(shown.status == 0 && shown.output.contains("total"), "\(shown)")
        #expect(try await machine.run("cost", Machine.moon, "--by", "colour").status == 64)
    }

    @Test func aDamagedHistoryIsSetAsideAndTheBuildGoesOn() async throws {
        let machine = try await Machine.withMoonBuilt()
        try machine.write(Array(String(repeating: "rubbish ", count: 300).utf8), to: ".epbuild/history.sqlite")
        for end in ["-wal", "-shm"] { machine.remove(".epbuild/history.sqlite\(end)") }
        try machine.replace("this spring first", with: "this screw first", in: script)
        let build = try await machine.build(Machine.moon).expect(.built)
        #expect(build.outcome.errors.contains("history"), "\(build.outcome)")
        #expect(machine.files(below: "\(machine.workspace)/.epbuild").contains("history.sqlite.damaged-1"))
        #expect(try lines(await machine.run("log", Machine.moon, "--json").output).count == 1)
    }

    /// Six processes begin one history together.
    @Test func processesRecordAtOnce() async throws {
        let machine = try Machine()
        let shows = (1...6).map { "letters-\($0)" }
        for show in shows {
            try FileManager.default.copyItem(atPath: "\(machine.workspace)/letters", toPath: "\(machine.workspace)/\(show)")
        }
        try await withThrowingTaskGroup(of: Program.Outcome.self) { group in
            for show in shows { group.addTask { try await machine.run("build", show) } }
            for try await outcome in group {
                #expect(outcome.status == 0 && !outcome.errors.contains("history"), "\(outcome)")
                #expect(!outcome.errors.contains("not recorded"), "\(outcome)")
            }
        }
        let past = try lines(await machine.run("log", machine.workspace, "--json").output)
        #expect(past.map(\.outcome) == shows.map { _ in "built" })
        #expect(Set(past.compactMap(\.build)) == Set(1...6))
    }

    /// The first build of a machine is recorded even if all of it came from the cache, as one can go back to it.
    @Test func anUpToDateBuildWritesNoRow() async throws {
        let machine = try await Machine.withMoonBuilt()
        func builds() async throws -> Int { try lines(await machine.run("log", Machine.moon, "--json").output).count }
        #expect(try await builds() == 1)
        for file in machine.files(below: "\(machine.workspace)/\(Machine.moon)") where !file.hasPrefix("out/") {
            try machine.write(machine.read("\(Machine.moon)/\(file)"), to: "\(Machine.moon)/\(file)")
        }
        try await machine.build(Machine.moon).expect(.upToDate)
        #expect(try await builds() == 1)
        for end in ["", "-wal", "-shm"] { machine.remove(".epbuild/history.sqlite\(end)") }
        try await machine.build(Machine.moon).expect(.upToDate)
        #expect(!machine.files(below: "\(machine.workspace)/.epbuild").contains("history.sqlite"))
        #expect(try await machine.run("log", Machine.moon).output == "nothing is recorded yet\n")
    }
}
