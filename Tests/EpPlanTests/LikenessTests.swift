import EpCore
import Testing

@testable import EpPlan

/// What steps share must be the same to the byte, as their addresses are.
@Suite struct LikenessTests {
    private func step(_ operation: Step.Operation, outputs: [String] = ["o"], platform: [String: String] = [:], name: String = "") -> Step {
        Step(
            target: Target(parsing: "a"), tool: ToolName("t"), name: name, operation: operation, inputs: [], outputs: outputs,
            platform: platform, pool: .cpu)
    }

    private func program(_ words: [String], _ environment: [String: String] = [:]) -> Step.Operation {
        .program(arguments: words, environment: environment)
    }

    @Test func whatIsTheSameToTheByteIsAlike() {
        let operations = [
            program(["a", "\u{E9}"]), program(["a", "e\u{301}"]), program(["a"]), program(["a"], ["\u{E9}": "1"]),
            program(["a"], ["e\u{301}": "1"]),
            program(["a"], ["\u{E9}": "2"]), .builtIn(tool: ToolName("t"), operation: "x", revision: "1"),
            .builtIn(tool: ToolName("t"), operation: "x", revision: "2"), .stored(ActionDigest(.empty)),
        ]
        for (index, one) in operations.enumerated() {
            for (number, other) in operations.enumerated() {
                let isPinned = if case .stored = one { true } else { false }
                #expect(step(one).does(theSameAs: step(other)) == (index == number && !isPinned), "\(one) \(other)")
            }
        }
        #expect(!step(operations[0], platform: ["cp": "1"]).does(theSameAs: step(operations[0], platform: ["cp": "2"])))
    }

    /// What is shared says of both what each of them says.
    @Test func whatIsAlikeIsKeptOnce() {
        let first = step(program(["a", "\u{E9}"]), outputs: ["\u{E9}"]).record.kind
        func like(_ step: Step) -> StepRecord.Kind { step.record.kind.like(first) }
        #expect(like(step(program(["a", "\u{E9}"]), outputs: ["\u{E9}"])) === first)
        let others = [
            step(program(["a", "e\u{301}"]), outputs: ["\u{E9}"]), step(program(["a", "\u{E9}"]), outputs: ["e\u{301}"]),
            step(program(["a", "\u{E9}"]), outputs: ["\u{E9}"], platform: ["cp": "2"]),
            step(program(["a", "\u{E9}"]), outputs: ["\u{E9}"], name: "part 2"),
        ]
        for other in others {
            let kept = like(other)
            #expect(kept !== first && kept.operation == other.operation && kept.name == other.name && kept.platform == other.platform)
            #expect(kept.outputs.map { Path($0) } == other.outputs.map { Path($0) })
        }
        #expect(step(program(["a"])).record.kind.like(nil).operation == program(["a"]))
    }
}
