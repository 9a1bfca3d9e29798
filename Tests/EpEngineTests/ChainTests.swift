import EpCore
import Testing

@testable import EpEngine
@testable import EpPlan

@Suite struct ChainTests {
    private static func alternative(_ name: String, _ classes: FailureClass...) -> Alternative {
        let step = Step.Operation.builtIn(tool: ToolName("t"), operation: name, revision: "1")
        return Alternative(Service(nil, of: name), after: classes.isEmpty ? Set(FailureClass.allCases) : Set(classes), pool: .llm) { _ in
            Alternative.Work(step, inputs: [])
        }
    }

    private static func chain(_ alternatives: [Alternative]) -> Chain {
        var step = Step(
            target: Target(parsing: "s"), tool: ToolName("t"), name: "",
            operation: .builtIn(tool: ToolName("t"), operation: "a", revision: "1"), inputs: [],
            outputs: ["out"], platform: [:], pool: .llm, service: Service(nil, of: "a"))
        step.alternatives = alternatives
        let digest = ActionDigest(.empty)
        return Chain(step, at: StepAddress(digest: digest, takeFree: digest, take: .first))
    }

    private static func failure(_ name: String, _ kind: FailureClass? = nil, _ code: Diagnostic.Code = .actionFailed) -> StepFailure {
        StepFailure(Diagnostic(code, "\(name) fails"), kind)
    }

    @Test func eachIsAskedOnceInTheOrderOfItsList() {
        let (b, c) = (Self.alternative("b", .any), Self.alternative("c", .any))
        var chain = Self.chain([
            b, c, Self.alternative("c", .refused), Self.alternative("b", .refused),
            Alternative(placeholder: "silence", operation: .stored(ActionDigest(.empty)), inputs: []),
        ])
        #expect(chain.asked == "a" && !chain.isServedByFallback)
        var names: [String] = []
        while chain.goOn(after: Self.failure(chain.asked, names.isEmpty ? .refused : nil)) {
            names.append(chain.asked)
            #expect(chain.isToBeRecorded == (chain.asked != "silence"))
        }
        // Refused by the first, it is c's turn; after that one's failure, b's.
        #expect(names == ["c", "b", "silence"])
        #expect(chain.problem?.message == "a fails; then c failed, too: c fails; then b failed, too: b fails")
    }

    @Test func whatAProgramHasSaidStandsBelow() {
        var chain = Self.chain([Self.alternative("b")])
        var names = ["a", "b"]
        while chain.goOn(after: StepFailure(Diagnostic(.actionFailed, "\(chain.asked) fails:\n  no\n  way"))) { names.removeFirst() }
        #expect(chain.problem?.message == "a fails; then b failed, too: b fails:\n  no\n  way" && names == ["b"])
    }

    @Test(arguments: [Diagnostic.Code.badInput, .system, .usage, .damagedCache])
    func whatAPersonWroteAndTheMachineAreNobodyElsesTurn(_ code: Diagnostic.Code) {
        var chain = Self.chain([Self.alternative("b")])
        let goesOn = chain.goOn(after: Self.failure("a", .refused, code))
        #expect(!goesOn && !chain.isServedByFallback && chain.problem?.code == code)
    }

    /// Of one that a record names and that fails, the first was not asked: it is its turn.
    @Test func whomARecordNamesComesBeforeTheFirst() {
        var chain = Self.chain([Self.alternative("b"), Self.alternative("c")])
        chain.follow(ActionDigest(.empty))
        chain.found(1)
        #expect(chain.asked == "c" && chain.isServedByFallback && !chain.isToBeRecorded)
        let goesOn = ["c", "a", "b"].map { name in
            let goesOn = chain.goOn(after: Self.failure(name))
            return "\(goesOn) \(chain.asked) \(chain.isToBeRecorded)"
        }
        #expect(goesOn == ["true a false", "true b true", "false b true"])
    }

    @Test func aRecordThatNamesNobodyLeavesTheFirst() {
        var chain = Self.chain([Self.alternative("b")])
        chain.follow(ActionDigest(.empty))
        chain.found(nil)
        #expect(chain.turn == .first)
        let goesOn = chain.goOn(after: Self.failure("a"))
        #expect(goesOn && chain.asked == "b")
    }
}
