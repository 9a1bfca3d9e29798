/// A further action that makes the same outputs as a step: the next provider of a fallback chain, or a draft's placeholder.
///
/// What it does is said when its turn comes, which for most never does: until then nobody asks for the versions of its programs.
public struct Alternative: Sendable {
    /// What is done in place of the step.
    public struct Work: Sendable, Hashable {
        public let operation: Step.Operation
        /// Texts, and some of the step's own inputs.
        public let inputs: [Step.Input]
        public let platform: [String: String]

        public init(_ operation: Step.Operation, inputs: [Step.Input], platform: [String: String] = [:]) {
            self.operation = operation
            self.inputs = inputs
            self.platform = platform
        }
    }

    /// Who serves, or what is heard or seen instead, for people: `claude`, `silence`.
    public let name: String
    /// True if it is a draft's and no provider: then it follows on whatever has failed, and stands for nothing but itself.
    public let isPlaceholder: Bool
    /// The failures after which its turn may come.
    let classes: Set<FailureClass>
    /// Where it waits for its turn; nil: where the step does.
    let pool: Pool?
    /// Nil for a placeholder.
    let service: Service?
    /// The programs whose answers `work` needs.
    public let programs: [Program]
    private let make: @Sendable ([Program: String]) throws -> Work

    /// The next provider.
    /// - Parameters:
    ///   - service: who serves.
    ///   - classes: the failures after which it is asked.
    ///   - programs: those whose answers `work` needs.
    ///   - work: says what is done, given what the programs have answered.
    public init(
        _ service: Service, after classes: Set<FailureClass>, pool: Pool, programs: [Program] = [],
        work: @escaping @Sendable ([Program: String]) throws -> Work
    ) {
        (name, self.service, self.classes, self.pool, self.programs, make) = (service.name, service, classes, pool, programs, work)
        isPlaceholder = false
    }

    /// What stands in for a step in a draft: offline and at once.
    public init(placeholder name: String, operation: Step.Operation, inputs: [Step.Input], platform: [String: String] = [:]) {
        self.name = name
        isPlaceholder = true
        (classes, pool, service, programs) = (Set(FailureClass.allCases), nil, nil, [])
        let work = Work(operation, inputs: inputs, platform: platform.merging([Step.placeholderMark: name]) { $1 })
        make = { _ in work }
    }

    /// A placeholder that a tool makes itself.
    /// - Parameter revision: of the code that makes it.
    public init(placeholder name: String, by tool: ToolName, _ operation: String, revision: String = "1", inputs: [Step.Input]) {
        let operation = Step.Operation.builtIn(tool: tool, operation: "placeholder.\(operation)", revision: revision)
        self.init(placeholder: name, operation: operation, inputs: inputs)
    }

    /// What is done.
    /// - Parameter answers: what each of its programs has answered.
    /// - Throws: `Diagnostic` if it cannot do it.
    public func work(_ answers: [Program: String]) throws -> Work { try make(answers) }

    /// True if its turn may come after a failure.
    public func follows(_ failure: StepFailure) -> Bool { isPlaceholder || failure.kind.map(classes.contains) == true }
}

extension Step {
    /// The version under which an action says that it is a placeholder: whatever it does, its address is no real action's.
    static let placeholderMark = "epbuild-placeholder"

    public var isPlaceholder: Bool { platform[Self.placeholderMark] != nil }

    /// True if another provider may serve in its place.
    public var hasFallback: Bool { alternatives.contains { !$0.isPlaceholder } }

    /// The same step, done by an alternative.
    /// - Parameter work: what that does.
    public func done(by alternative: Alternative, _ work: Alternative.Work) -> Step {
        var step = Step(
            target: target, tool: tool, name: name, operation: work.operation, inputs: work.inputs, outputs: outputs,
            platform: work.platform, pool: alternative.pool ?? pool, at: place, emptyDirectories: emptyDirectories, reasons: reasons,
            question: question, service: alternative.service, timeLimit: timeLimit, retry: retry)
        precondition(Set(dependencies).isSuperset(of: step.dependencies), "an alternative of \(target) reads what its step does not")
        step.alternatives = alternatives
        return step
    }
}
