import EpCache
import EpCore
import EpPlan
import FoundationEssentials
import Testing

@testable import EpEngine
@testable import EpProviders

/// A provider fails, another serves, and that stays so.
@Suite struct FallbackTests {
    private let first = TestModel("alpha")
    private let second = TestModel("beta")
    private let third = TestModel("gamma")

    private func machines(_ fallback: String = "[second]") throws -> TwoMachines {
        let machines = try TwoMachines(models: [first, second, third])
        try machines.providers("""
            first: { tool: llm, use: alpha, fallback: \(fallback) }, second: { tool: llm, use: beta, fallback: [third] }, third: { tool: llm, use: gamma }
            """)
        return machines
    }

    /// How often each was asked since the last time.
    private func asked() -> [Int] { [first, second, third].map { $0.takeAsked() } }

    @Test func theNextServesAndThatStaysSoEverywhere() async throws {
        let machines = try machines()
        first.fail()
        let happened = Happened()
        let report = try await machines.build(BuildOptions(), happened)
        #expect(report.outcome == .built && report.failures.isEmpty, "\(report.failures)")
        #expect(machines.read() == "beta 1: Tell of bees." && asked() == [1, 1, 0])
        #expect(happened.fallbacks.map { "\($0.asked) \($0.problem.message) \($0.next)" } == ["first alpha is down second"])
        #expect(happened.ends.map(\.result.servedBy) == ["beta 1"])
        // The first could serve again.
        first.fail(nil)
        #expect(try await machines.build().outcome == .upToDate)
        try machines.forget()
        #expect(try await machines.build().actions.cacheHits == 1)
        // Another machine, with nothing but the shared cache.
        try machines.forget()
        let elsewhere = try await machines.build(on: "there")
        #expect(elsewhere.actions.remoteHits == 1 && machines.read() == "beta 1: Tell of bees.", "\(elsewhere.failures)")
        #expect(asked() == [0, 0, 0])
        let served = [FallbackReport(stage: StageName("text"), asked: "first", servedBy: "beta 1", actions: 1)]
        #expect(elsewhere.fallbacks == served && report.fallbacks == served)
        // With what the last build has left, and by looking.
        #expect(try await machines.builder("there").overview(machines.place(), warn: { _ in }).fallbacks == served)
        let plan = try await machines.builder("there").inspect(machines.place())
        #expect(EpisodeOverview(plan, name: "ep").fallbacks == served)
        #expect(plan.steps.map(\.state) == [.upToDate] && plan.steps.first?.result?.servedBy == "beta 1")
        #expect(
            plan.actions(of: Target(parsing: "text")).map(\.operation) == [
                .builtIn(tool: ToolName("llm"), operation: "beta", revision: "1")
            ])
    }

    @Test func anotherTakeAsksTheFirstAgain() async throws {
        let machines = try machines()
        first.fail()
        try await machines.build()
        first.fail(nil)
        _ = asked()
        let builder = try machines.builder()
        let text = Target(parsing: "text")
        #expect(try builder.clean([text], in: try await builder.inspect(machines.place())).map(\.count) == [1])
        #expect(try await machines.build().outcome == .built)
        #expect(machines.read() == "alpha 2: Tell of bees." && asked() == [1, 0, 0])
        let takes = try builder.takes(of: text, in: try await builder.inspect(machines.place()))
        #expect(takes.map { $0.takes.map { $0.result?.servedBy } } == [["beta 1", "alpha 1"]])
        // The take of the fallback can be chosen again, for nothing.
        #expect(try builder.use(.first, of: text, in: try await builder.inspect(machines.place())) == 1)
        try await machines.build()
        #expect(machines.read() == "beta 1: Tell of bees." && asked() == [0, 0, 0])
        // A take counts for the whole chain.
        #expect(try builder.clean([text], in: try await builder.inspect(machines.place())).map(\.count) == [1])
        first.fail()
        try await machines.build()
        #expect(machines.read() == "beta 3: Tell of bees." && asked() == [1, 1, 0])
    }

    /// Without a record a fallback's result serves nobody.
    @Test func whoTurnsToAnotherProviderGetsThatOne() async throws {
        let machines = try machines()
        try machines.providers("second: { tool: llm, use: beta }")
        try await machines.build()
        #expect(machines.read() == "beta 1: Tell of bees." && asked() == [0, 1, 0])
        try machines.providers("first: { tool: llm, use: alpha, fallback: [second] }, second: { tool: llm, use: beta }")
        try await machines.build()
        #expect(machines.read() == "alpha 1: Tell of bees." && asked() == [1, 0, 0])
        // If that fails later, what the fallback had made serves, and is not made again.
        try machines.write("Tell all of {{ episode.topic }}.", to: "w/show/prompt.md")
        try machines.providers("second: { tool: llm, use: beta }")
        try await machines.build()
        try machines.providers("first: { tool: llm, use: alpha, fallback: [second] }, second: { tool: llm, use: beta }")
        first.fail()
        _ = asked()
        #expect(try await machines.build().outcome == .upToDate)
        #expect(machines.read() == "beta 1: Tell all of bees." && asked() == [1, 0, 0])
        try machines.forget()
        try await machines.build()
        #expect(asked() == [0, 0, 0])
    }

    @Test(
        arguments: [
            ("[second]", nil, .actionFailed, "second"), ("[second]", .refused, .actionFailed, "second"),
            ("[second]", nil, .unavailable, "second"),
            ("{ any: [second], refused: [third] }", .refused, .actionFailed, "third"),
            ("{ any: [second], refused: [third] }", .tooLong, .actionFailed, "second"),
            ("{ too_long: [third] }", .tooLong, .actionFailed, "third"), ("{ too_long: [third] }", nil, .actionFailed, nil),
            ("{ refused: [third] }", .tooLong, .actionFailed, nil),
            ("[second, third]", nil, .badInput, nil), ("[second, third]", nil, .system, nil),
        ] as [(String, FailureClass?, Diagnostic.Code, String?)])
    func theClassOfAFailureSaysWhoIsNext(_ fallback: String, _ kind: FailureClass?, _ code: Diagnostic.Code, _ next: String?) async throws {
        let machines = try machines(fallback)
        first.fail(kind, code)
        let happened = Happened()
        let report = try await machines.build(BuildOptions(), happened)
        #expect(happened.fallbacks.map(\.next) == (next.map { [$0] } ?? []))
        #expect(report.outcome == (next == nil ? .failed : .built) && (next != nil || report.exitStatus == code.exitStatus))
        #expect(asked() == [1, next == "second" ? 1 : 0, next == "third" ? 1 : 0])
    }

    /// What stands at a fallback as its own is not followed; all that were asked are told of.
    @Test func whenAllHaveFailedItFails() async throws {
        let machines = try machines()
        [first, second].forEach { $0.fail() }
        let report = try await machines.build()
        #expect(
            report.failures.map(\.diagnostic.message) == ["text: alpha is down; then second failed, too: beta is down"]
                && asked() == [1, 1, 0])
        second.fail(nil)
        #expect(try await machines.build().outcome == .built && asked() == [1, 1, 0])
    }

    private func record(_ machines: TwoMachines) async throws -> (first: ActionDigest, ServingRecord) {
        let step = try #require(try await machines.builder().inspect(machines.place()).steps.first)
        let (first, served) = (try #require(step.takeFree), try #require(step.address))
        return (first, ServingRecord(first: first, served: served, servedBy: "beta 1"))
    }

    @Test func aDamagedRecordIsAMiss() async throws {
        let machines = try machines()
        first.fail()
        try await machines.build()
        let (_, record) = try await record(machines)
        #expect(record.first != record.served)
        let blob = try #require(record.result["action"])
        for machine in ["here", "shared"] { try Data("x".utf8).write(to: URL(filePath: machines.cache(machine).blobPath(blob))) }
        try machines.forget()
        _ = asked()
        // It is tried, and written down, once more.
        #expect(try await machines.build().outcome == .built && asked() == [1, 0, 0])
        try machines.forget()
        #expect(try await machines.build().actions.cacheHits == 1 && asked() == [0, 0, 0])
    }

    /// A record that names another action than those of the chain is none.
    @Test func aRecordThatLiesIsAMiss() async throws {
        let machines = try machines()
        first.fail()
        try await machines.build()
        let (digest, record) = try await record(machines)
        try machines.write("Tell of other {{ episode.topic }}.", to: "w/show/prompt.md")
        try await machines.build()
        let other = try await self.record(machines).1
        #expect(other.served != record.served)
        let lie = ServingRecord(first: digest, served: other.served, servedBy: "beta 1")
        try await machines.cache().adopt(
            lie.result, for: lie.address, blobs: [machines.cache().stage(bytes: Array("\(other.served)\n".utf8))])
        try FileManager.default.removeItem(atPath: "\(machines.path)/shared")
        try machines.write("Tell of {{ episode.topic }}.", to: "w/show/prompt.md")
        first.fail(nil)
        _ = asked()
        try await machines.build()
        #expect(machines.read() == "alpha 1: Tell of bees." && asked() == [1, 0, 0])
    }

    /// A record without the result that it names: that action is done again.
    @Test func whoHasServedServesAgain() async throws {
        let machines = try machines()
        first.fail()
        try await machines.build()
        let (_, record) = try await record(machines)
        first.fail(nil)
        for machine in ["here", "shared"] {
            try FileManager.default.removeItem(atPath: "\(machines.path)/\(machine)/ac/\(record.served.hex.prefix(2))/\(record.served.hex)")
        }
        try machines.forget()
        _ = asked()
        try await machines.build()
        #expect(machines.read() == "beta 1: Tell of bees." && asked() == [0, 1, 0])
    }

    /// Equal actions are asked for once, and fall back together.
    @Test func twinsFallBackTogether() async throws {
        let machines = try machines()
        try machines.pipeline(
            "texts: { tool: llm, prompt: prompt.md, output: text.txt, deliver: true }",
            "same: { tool: llm, prompt: prompt.md, output: same.txt, deliver: true }",
            "other: { tool: llm, provider: second, prompt: prompt.md, output: other.txt, deliver: true }")
        first.fail()
        let report = try await machines.build()
        #expect(report.outcome == .built && asked() == [1, 1, 0], "\(report.failures)")
        #expect(["text", "same", "other"].allSatisfy { machines.read("out/\($0).txt") == "beta 1: Tell of bees." })
        try machines.forget()
        #expect(try await machines.build().actions.cacheHits == 3 && asked() == [0, 0, 0])
    }

    /// A draft asks nobody who costs, uses a fallback that does not, and decides nothing.
    @Test func aDraftDecidesNothing() async throws {
        let costly = TestModel("alpha", price: ProviderCall(atMost: Cost(microUSD: 1)))
        let machines = try TwoMachines(models: [costly, second])
        try machines.providers("first: { tool: llm, use: alpha, fallback: [second] }, second: { tool: llm, use: beta }")
        var options = BuildOptions()
        options.isDraft = true
        let draft = try await machines.build(options)
        #expect(draft.draft?.standIns.isEmpty == true && machines.read("out/DRAFT-text.txt") == "beta 1: Tell of bees.")
        #expect(costly.takeAsked() == 0 && second.takeAsked() == 1)
        try await machines.build()
        #expect(machines.read() == "alpha 1: Tell of bees." && costly.takeAsked() == 1)
    }

    @Test(arguments: [
        ("[secnod]", "provider \"first\" falls back on \"secnod\", which is no provider of this workspace", "did you mean \"second\"?"),
        ("[first]", "provider \"first\" falls back on itself", "known: second, third"),
        ("[reader]", "provider \"first\" falls back on \"reader\", which serves tts", "known: second, third"),
        ("[second, second]", "the fallback of provider \"first\" names \"second\" twice", "take one of them out"),
        ("{ refuse: [second] }", "the fallback of provider \"first\" has an unknown key `refuse`", "did you mean \"refused\"?"),
        (
            "{ any: [7] }", "`any` of the fallback of provider \"first\" must be a list of providers' names, not the number 7",
            "write `fallback: [NAME, …]`"
        ),
    ])
    func mistakesAreToldAtTheirPlaces(_ fallback: String, _ message: String, _ remedy: String) async throws {
        let machines = try machines()
        try machines.providers("""
            first: { tool: llm, use: alpha, fallback: \(fallback) }, second: { tool: llm, use: beta }, third: { tool: llm, use: gamma }, reader: { tool: tts, use: espeak }
            """)
        let problem = try #require(try await machines.build().failures.first).problem
        #expect(problem.message == message && problem.remedy == remedy && problem.code == .badInput, "\(problem)")
        #expect(problem.location?.line == 1 && (problem.location?.column ?? 0) > 40, "\(problem)")
    }
}
