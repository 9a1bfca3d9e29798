import EpCore
import Testing

@testable import EpPlan

/// What steps share must be the same to the byte, as their addresses are.
@Suite struct LikenessTests {
    private func step(_ operation: Step.Operation, outputs: [String] = ["o"], platform: [String: String] = [:]) -> Step {
        Step(
            target: Target(parsing: "a"), tool: ToolName("t"), name: "", operation: operation, inputs: [], outputs: outputs,
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
        #expect(Step.alike(step(operations[0]), operations[0], ["o"], [:]) != nil)
        #expect(Step.alike(step(operations[0], outputs: ["\u{E9}"]), operations[0], ["e\u{301}"], [:]) == nil)
        #expect(Step.alike(nil, operations[0], ["o"], [:]) == nil)
    }
}
