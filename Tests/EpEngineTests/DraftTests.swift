import EpCache
import EpCore
import EpPlan
import Testing

@testable import EpEngine

/// `tool: paid`: costs money, unless something stands in for it.
private struct PaidTool: Tool {
    let name = ToolName("paid")
    let keys = ["say"]
    let delivers = true
    let runner: HashRunner

    func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        var fields = try stage.fields()
        let say = fields.string("say") ?? ""
        let inputs = [Step.Input("say", text: say), Step.Input("mode", text: "whole")]
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "buy", revision: "1"), inputs: inputs, outputs: ["out"],
            service: Service(nil, of: "shop", call: ProviderCall(atMost: nil)))
        return [ArtifactRef(name: "\(stage.stage.name).txt", source: .output(step, path: "out"))]
    }

    /// One that fails, then one that does not; the very operation of the real one.
    func placeholders(for step: Step, in stage: StageContext) -> [Alternative] {
        let bad = [Step.Input("say", text: "fail"), Step.Input("mode", text: "whole")]
        return [
            Alternative(placeholder: "nothing", operation: step.operation, inputs: bad),
            Alternative(placeholder: "the same for free", operation: step.operation, inputs: step.inputs),
        ]
    }
}

@Suite struct DraftTests {
    private func build(_ stage: Stage, isDraft: Bool) async throws -> BuildReport {
        let builder = try Builder(
            cache: DiskCache(path: stage.cachePath), remotes: { _, _ in [] }, tools: [HashTool(), PaidTool(runner: stage.runner)],
            runner: stage.runner,
            fingerprint: "test", shownFrom: stage.directory.path)
        var options = BuildOptions()
        options.isDraft = isDraft
        return try await builder.start(stage.place(), options).report
    }

    @Test func whatCostsMoneyIsNotTried() async throws {
        let stage = try Stage()
        try stage.pipeline("  one: { tool: paid, say: hello }\n")
        let draft = try await build(stage, isDraft: true)
        #expect(draft.outcome == .built && draft.exitStatus == .success)
        #expect(draft.draft?.standIns.map(\.what) == ["the same for free"])
        #expect(draft.draft?.standIns.first?.reason.message == "it would cost money")
        #expect(stage.runner.takeRuns().count == 1)
        // Though it does just what the real one would do, its result does not stand for that.
        #expect(try await build(stage, isDraft: false).actions.executed == 1)
        #expect(stage.runner.takeRuns().count == 1)
        // What has been paid for is used.
        let again = try await build(stage, isDraft: true)
        #expect(again.draft?.standIns.isEmpty == true && again.actions.executed == 0)
    }

    @Test func whatHasNoPlaceholderFails() async throws {
        let stage = try Stage()
        try stage.pipeline("  one: { tool: hash, say: fail }\n  two: { tool: hash, from: [one] }\n  three: { tool: hash, say: well }\n")
        let draft = try await build(stage, isDraft: true)
        #expect(draft.outcome == .failed && draft.exitStatus == .failed)
        #expect(draft.draft?.leftOut.map(\.text) == ["one", "two"])
        #expect(draft.outputs == ["out/DRAFT-three.txt"])
        #expect(try !stage.isUpToDate())
        #expect(try Builder.lastReport(of: stage.place()) == nil)
    }

    @Test func aStepThatIsPutBackRunsOnce() {
        var schedule = Schedule(limits: [.cpu: 1])
        schedule.add(dependencies: [])
        schedule.add(dependencies: [StepID(0)])
        #expect(schedule.takeReady() == [StepID(0)])
        schedule.enqueue(StepID(0), in: .cpu)
        #expect(schedule.startNext()?.id == StepID(0))
        schedule.restart(StepID(0))
        #expect(schedule.takeReady() == [StepID(0)])
        schedule.enqueue(StepID(0), in: .cpu)
        // Its place was given back.
        #expect(schedule.startNext()?.id == StepID(0))
        #expect(schedule.finish(StepID(0), .succeeded) == [StepID(0)])
        #expect(schedule.takeReady() == [StepID(1)])
    }
}
