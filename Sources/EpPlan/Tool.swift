public import EpCore

/// The seam between the engine and everything that a stage can run.
///
/// `expand` is pure: it says which steps a stage (or one item of it) consists of, as far as that is known.
/// `run` does one built-in step; it gets its inputs by label and returns outputs, and nothing else.
public protocol Tool: Sendable {
    var name: ToolName { get }
    /// The stage keys that the tool reads, beside those that every stage has.
    var keys: [String] { get }
    /// True if its outputs go to the episode's `out/` unless the stage says otherwise.
    var delivers: Bool { get }
    /// The programs that every stage of it runs.
    var programs: [Program] { get }
    /// Its built-in operations that are worth another machine's time: those that keep a processor busy for long.
    var heavyOperations: Set<String> { get }
    /// True if it tells other episodes about this one (`StageContext.tell`).
    var tells: Bool { get }
    /// What it wants to be told by other episodes.
    var hears: Hearing? { get }
    /// The kinds of providers that serve it, and those that serve it beside them, by the name under which `tool:` of a provider knows them.
    var providerKinds: [String: [ProviderKind]] { get }

    /// What is wrong in those parts of a blueprint that it alone reads, each at its place.
    /// - Parameter blueprint: a show, or what an episode lays over it.
    func problems(in blueprint: Node, of workspace: Workspace) -> [Diagnostic]

    /// The stages that the stage names otherwise than by `from`, `each` and `inputs`: in a prompt, say.
    func references(_ stage: StageContext) throws -> [StageReference]

    /// Adds the steps of a stage, or of one of its items, and returns the files that it hands on.
    /// - Returns: nil if something that the stage asked for is not known yet; then it is asked again.
    /// - Throws: `Diagnostic` or `DiagnosticList` for bad input.
    func expand(_ stage: StageContext) throws -> [ArtifactRef]?

    /// What can stand in for a step in a draft, the best first. If there is nothing, what reads the step is left out.
    func placeholders(for step: Step, in stage: StageContext) -> [Alternative]

    /// Runs a built-in step.
    /// - Throws: `StepFailure` if the step failed, `DamagedInput` if an input could not be read.
    func run(_ job: Job) async throws -> JobResult

    /// Looks after a program that does a step of this tool: what it has made is kept only if it is what the stage hands on.
    /// - Parameter run: runs it in a fresh directory, each time that it is called.
    /// - Throws: as ``run(_:)``.
    func oversee(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult
}

extension Tool {
    public var delivers: Bool { false }
    public var programs: [Program] { [] }
    public var heavyOperations: Set<String> { [] }
    public var tells: Bool { false }
    public var hears: Hearing? { nil }
    public var providerKinds: [String: [ProviderKind]] { [:] }
    public func problems(in blueprint: Node, of workspace: Workspace) -> [Diagnostic] { [] }
    public func placeholders(for step: Step, in stage: StageContext) -> [Alternative] { [] }
    public func references(_ stage: StageContext) throws -> [StageReference] { [] }
    public func run(_ job: Job) async throws -> JobResult {
        throw StepFailure(Diagnostic(.actionFailed, "\(name) has no built-in step"))
    }
    public func oversee(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult { try await run() }
}

/// The seam to whatever runs steps: built-in tools and programs.
public protocol StepRunner: Sendable {
    /// Runs one step in its directory.
    /// - Throws: `StepFailure`, `DamagedInput`, or `CancellationError`.
    func run(_ job: Job) async throws -> JobResult
    /// Asks a program for its version.
    /// - Throws: `Diagnostic` (`unavailable`) if the program is missing.
    func version(of program: Program) async throws -> ProgramVersion
    /// Why a program cannot be asked: it is nowhere. Nil if it is somewhere, or only asking tells.
    func absence(of program: Program) -> Diagnostic?
    /// Where a program is looked for, as absolute paths; empty if it is not looked for.
    func places(of program: Program) -> [String]
    /// The same for one build, to be kept as long as it goes on: what stays loaded between its steps ends with it.
    func forBuild() -> any StepRunner
}

extension StepRunner {
    public func absence(of program: Program) -> Diagnostic? { nil }
    public func places(of program: Program) -> [String] { [] }
    public func forBuild() -> any StepRunner { self }
}

/// A program as it was found on this machine.
public struct ProgramVersion: Sendable, Hashable {
    /// Absolute path.
    public let path: String
    /// The line in which it tells its version: an input of every step that runs it. Of a list, all that it prints.
    public let line: String

    public init(path: String, line: String) {
        self.path = path
        self.line = line
    }
}

/// A step about to run.
public struct Job: Sendable {
    public let step: Step
    public let inputs: any JobInputs
    /// Which rendition is asked for: part of the address.
    public let take: Take
    /// Descriptors of the locks that protect it: what a program has started holds them, too, should this process end before it.
    public let heldDescriptors: [Int32]
    /// What it asks before it asks a service again.
    public let door: any CallDoor
    /// By which a built-in step runs programs.
    public var programs: any ProgramDoor = NoPrograms()
    /// Where its program runs; nil: here.
    public let elsewhere: Elsewhere?
    private let makeDirectory: @Sendable () throws -> String

    /// - Parameter makeDirectory: called at most once.
    public init(
        step: Step, inputs: any JobInputs, take: Take, heldDescriptors: [Int32] = [], door: any CallDoor = OpenDoor(),
        elsewhere: Elsewhere? = nil, makeDirectory: @escaping @Sendable () throws -> String
    ) {
        self.step = step
        self.inputs = inputs
        self.take = take
        self.heldDescriptors = heldDescriptors
        self.door = door
        self.elsewhere = elsewhere
        self.makeDirectory = makeDirectory
    }

    /// Makes an empty directory for the job alone, which is removed after it. To be called once.
    public func directory() throws -> String { try makeDirectory() }
}

/// The inputs of a step by label, verified as they are read.
public protocol JobInputs: Sendable {
    /// Sorted by label.
    var labels: [String] { get }
    /// - Throws: `DamagedInput` if the bytes are gone or are not what they were.
    func bytes(_ label: String) throws -> [UInt8]
    /// The same bytes, of which a large file's stay where they are until they are read.
    /// - Throws: as ``bytes(_:)``.
    func reader(_ label: String) throws -> any RandomAccessBytes
    /// Writes a verified copy, making its directories.
    func copy(_ label: String, to path: String) throws
}

extension JobInputs {
    public func reader(_ label: String) throws -> any RandomAccessBytes { try bytes(label) }

    /// An input as text; "" if there is no such input.
    public func text(_ label: String) throws -> String {
        labels.contains(label) ? String(decoding: try bytes(label), as: UTF8.self) : ""
    }
}

/// What a step left behind.
public struct JobResult: Sendable {
    public enum Content: Sendable {
        case bytes([UInt8])
        /// A file in the job's directory.
        case file(String, isExecutable: Bool = false)
    }

    public var outputs: [Path: Content]
    public var servedBy: String
    public var cost: Cost
    public var usage: [String: Int64]
    /// What a program that succeeded has said on standard error: its last lines, as they can be shown.
    public var messages: [String]
    /// The labels of the files that its program has read of those that it was offered (``Step/Reading``).
    public var reads: [String] = []

    public init(
        outputs: [Path: Content], servedBy: String, cost: Cost = .zero, usage: [String: Int64] = [:], messages: [String] = []
    ) {
        self.outputs = outputs
        self.servedBy = servedBy
        self.cost = cost
        self.usage = usage
        self.messages = messages
    }

    /// The paths of what an action has declared: a file's own, or those of the files in a directory, sorted.
    public func paths(of declared: String) -> [String] {
        guard OutputPath.isDirectory(declared) else { return [declared] }
        return outputs.keys.filter { $0.text.utf8.starts(with: declared.utf8) }.sorted().map(\.text)
    }
}

/// An input whose bytes are gone, damaged, or changed since the plan was made: the build makes another pass.
public struct DamagedInput: Error, Sendable {
    public let what: String
    public init(_ what: String) { self.what = what }
}
