public import EpCore

/// One thing to do, as the plan names it: an action before its upstream digests are known.
public struct Step: Sendable {
    public enum Operation: Sendable, Hashable {
        /// A program: a real REAPI command.
        case program(arguments: [String], environment: [String: String])
        /// An operation of a tool that is part of epbuild, with the revision of its code.
        case builtIn(tool: ToolName, operation: String, revision: String)
        /// Nothing to run: a result that is pinned.
        case stored(ActionDigest)
    }

    public struct Input: Sendable, Hashable {
        /// The label: a relative path, as in `InputTree`.
        public let label: String
        public let source: ArtifactSource
        public let isExecutable: Bool

        public init(_ label: String, _ source: ArtifactSource, isExecutable: Bool = false) {
            self.label = label
            self.source = source
            self.isExecutable = isExecutable
        }

        public init(_ label: String, text: String) { self.init(label, .literal(Array(text.utf8))) }
    }

    /// Something that explains an input and is none itself: a variable that a prompt mentions.
    public struct Reason: Sendable, Hashable {
        public let label: String
        /// Its value, as JSON or as it is.
        public let text: String
        /// The label of the input, or "command"; of a directory of inputs, with a slash behind it.
        public let explained: String

        public init(_ label: String, _ text: String, of explained: String) {
            self.label = label
            self.text = text
            self.explained = explained
        }
    }

    public var target: Target { Target(stage: stage, item: record.item) }
    public var stage: StageName { record.kind.stage }
    public var tool: ToolName { record.kind.tool }
    /// What the step is within its target (`measure`), for messages; "" if it is all of it.
    public var name: String { record.kind.name }
    public var operation: Operation { record.kind.operation }
    public var inputs: [Input] { record.inputs }
    /// Directories among the inputs that nothing is in: of a stage without items.
    public var emptyDirectories: [String] { record.kind.emptyDirectories }
    /// Declared outputs: relative paths, of directories with a slash behind them (``OutputPath``).
    public var outputs: [String] { record.kind.outputs }
    /// Versions of the programs and libraries that it relies on.
    public var platform: [String: String] { record.kind.platform }
    public var pool: Pool { record.kind.pool }
    /// Where in the person's files it comes from.
    public var place: SourceLocation? { record.element?.location ?? record.kind.place }
    /// Further actions that make the same outputs, in the order in which they are asked: providers, and in a draft placeholders.
    public internal(set) var alternatives: [Alternative] = []
    let record: StepRecord

    public var reasons: [Reason] { record.aside?.reasons ?? [] }
    /// The question that it answers, as rejections are kept under it; nil if it takes none.
    public var question: Digest? { record.aside?.question }
    /// Who serves it; nil if that is of no interest, as nobody else may serve and it asks no service.
    public var service: Service? { record.aside?.service }
    /// What it asks of a service beyond this machine; nil: nothing.
    public var call: ProviderCall? { service?.call }

    /// How long it may run; nil: as long as it takes.
    public var timeLimit: TimeLimit? { record.aside?.timeLimit }

    /// How often it asks its service, as far as its stage says.
    public var retry: RetrySettings { record.aside?.retry ?? RetrySettings() }

    /// What its program may read beside its inputs, and then tells of; nil: nothing.
    public var reading: Reading? { record.aside?.reading }
    /// The variables of its environment that come from outside: their values are shown to nobody.
    public var passedVariables: Set<String> { record.aside?.passedVariables ?? [] }

    public init(
        target: Target, tool: ToolName, name: String, operation: Operation, inputs: [Input], outputs: [String], platform: [String: String],
        pool: Pool,
        at place: SourceLocation? = nil, emptyDirectories: [String] = [], reasons: [Reason] = [], question: Digest? = nil,
        service: Service? = nil, timeLimit: TimeLimit? = nil, retry: RetrySettings = RetrySettings(), reading: Reading? = nil,
        passedVariables: Set<String> = []
    ) {
        self.init(
            target: target, tool: tool, name: name, operation: operation, inputs: inputs, outputs: outputs, platform: platform, pool: pool,
            for: nil, at: place, emptyDirectories: emptyDirectories, reasons: reasons, question: question, service: service,
            timeLimit: timeLimit, retry: retry, reading: reading, passedVariables: passedVariables, like: nil)
    }

    /// - Parameters:
    ///   - element: what it is made for; its place counts.
    ///   - last: the step before, with which it may have much in common.
    init(
        target: Target, tool: ToolName, name: String, operation: Operation, inputs: [Input], outputs: [String], platform: [String: String],
        pool: Pool, for element: Element?, at place: SourceLocation?, emptyDirectories: [String], reasons: [Reason], question: Digest?,
        service: Service?, timeLimit: TimeLimit?, retry: RetrySettings, reading: Reading?, passedVariables: Set<String>, like last: Step?
    ) {
        let isPlain = reasons.isEmpty && question == nil && service == nil && timeLimit == nil && reading == nil && passedVariables.isEmpty
        let aside = isPlain ? nil : StepRecord.Aside(reasons, question, service, timeLimit, retry, reading, passedVariables)
        let kind = StepRecord.Kind(
            stage: target.stage, tool: tool, name: name, operation: operation, emptyDirectories: emptyDirectories, outputs: outputs,
            platform: platform, pool: pool, place: place)
        record = StepRecord(kind.like(last?.record.kind), item: target.item, inputs: inputs, element: element, aside: aside)
    }

    public var site: StepSite { StepSite(target, step: name, at: place) }

    /// The steps whose outputs it reads, each once.
    public var dependencies: [StepID] {
        let inputs = inputs
        // Most steps read one thing or none of others.
        guard inputs.count > 1 else { return if case .output(let step, _)? = inputs.first?.source { [step] } else { [] } }
        var seen: Set<StepID> = []
        return inputs.compactMap { input in
            if case .output(let step, _) = input.source, seen.insert(step).inserted { step } else { nil }
        }
    }
}

/// The name of a tool: `llm`, `tts`, `command`.
public struct ToolName: Hashable, Sendable, CustomStringConvertible {
    public let text: String
    public init(_ text: String) { self.text = text }
    public var description: String { text }
}

/// A named limit on how many steps run at once.
public struct Pool: Hashable, Sendable, CustomStringConvertible {
    public let name: String
    public init(_ name: String) { self.name = name }
    public var description: String { name }

    /// Work that keeps a processor busy: limited by `jobs`.
    public static let cpu = Pool("cpu")
    public static let llm = Pool("llm")
    public static let tts = Pool("tts")
    /// Programs that other machines run.
    public static let remote = Pool("remote")
}

/// A program that a step runs, and how its version is asked for.
public struct Program: Hashable, Sendable {
    /// What it answers when it is run with `versionArguments`.
    public enum Answer: Sendable {
        /// A line that tells its version.
        case version
        /// Lines that list what it has.
        case list
    }

    public let name: String
    /// Arguments that make it print its version.
    public let versionArguments: [String]
    /// The Debian package that brings it; "" for what `epbuild providers install` does, and for what a person names.
    public let package: String
    public let answer: Answer

    /// What brings it.
    public var remedy: String {
        let ours = "epbuild-"
        if name.hasPrefix(ours) { return "epbuild providers install \(name.dropFirst(ours.count))" }
        return package.isEmpty ? "install it, or correct its name" : "apt-get install \(package)"
    }

    public init(_ name: String, versionArguments: [String], package: String, answer: Answer = .version) {
        self.name = name
        self.versionArguments = versionArguments
        self.package = package
        self.answer = answer
    }
}
