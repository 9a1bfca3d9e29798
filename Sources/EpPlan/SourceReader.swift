public import EpCore

/// How the planner sees the files of a person. The engine implements it and keeps book of everything that was
/// looked at, so that a later build can tell by a few `stat`s that nothing changed.
public protocol SourceReader: AnyObject {
    /// The file at an absolute path, or nil; that it was missing is remembered too.
    func file(_ path: String) throws -> SourceFile?
    /// - Throws: `DamagedInput` if the file changed since it was looked at.
    func bytes(_ file: SourceFile) throws -> [UInt8]
    /// What it begins with, at most so many bytes.
    func start(of file: SourceFile, count: Int) throws -> [UInt8]
    /// The files below `directory` that match a pattern with `*`, `?` and `**`, sorted by path. `{episode}` is every episode's directory.
    func glob(_ pattern: String, in directory: String) throws -> [SourceFile]
    /// Files beside those that a pattern stands for, which their author may have meant as well; sorted, as absolute paths. To be asked when
    /// the pattern has been looked up.
    func overlooked(by pattern: String, in directory: String) -> [String]
    /// What is there instead of the first part of a path that is not, if it has nearly that name: `Sources` for `sources/*.md`.
    /// - Returns: nil if nothing is, or all parts before the first `*` are there.
    func near(_ pattern: String, in directory: String) -> (there: String, meant: String)?
    /// Every episode of a show, however deep it lies, in the order of their numbers.
    func episodes(of show: Show) throws -> [Neighbour]
}

extension SourceReader {
    public func start(of file: SourceFile, count: Int) throws -> [UInt8] { Array(try bytes(file).prefix(count)) }
    public func episodes(of show: Show) throws -> [Neighbour] { [] }
    public func overlooked(by pattern: String, in directory: String) -> [String] { [] }
    public func near(_ pattern: String, in directory: String) -> (there: String, meant: String)? { nil }
}

/// What the planner learns while a build goes on.
public protocol PlanProgress: AnyObject {
    /// The digest of a finished step's output; nil if it has not finished, or failed.
    func output(_ path: String, of step: StepID) -> Digest?
    /// - Throws: `DamagedInput` if the blob is gone or damaged.
    func bytes(_ blob: Digest) throws -> [UInt8]
    /// A program's version, if it has been asked for.
    func version(of program: Program) -> String?
    /// True if the program has been asked for and is not there.
    func isMissing(_ program: Program) -> Bool
    /// The version that a program which is not there last had here; a word that says so if none is known.
    func lastVersion(of program: Program) -> String
    /// The person's edit that stands for an editable artifact, or nil.
    func handEdit(of fileName: String, in directory: String) throws -> SourceFile?
    /// The files that hold the items of an editable stage, relative to the episode, and where each item was last.
    func itemFiles(of stage: StageName) -> [Path: ItemPlace]
    /// What people have decided about an artifact.
    func state(of gate: Gate, _ subject: GateSubject) throws -> GateState
    /// Earlier rejections of what came of the same question, oldest first.
    /// - Parameter question: what was asked, without any rejection in it.
    func rejections(of question: Digest, in stage: StageName) -> [Rejection]
    func pins(of stage: StageName) -> [Pin]
    /// The items of a stage that a person has left out, as they were named then, and where each was last.
    func skips(of stage: StageName) -> [(target: Target, place: ItemPlace)]
    /// All that people have decided about items and texts, by the names of stages.
    func decisions() -> RememberedDecisions
    /// What an episode has told; nil if it has told nothing yet.
    func told(_ telling: Telling, by neighbour: Neighbour) throws -> [UInt8]?
    /// True if a moment has come; if not, what is planned is planned anew when it has.
    /// - Parameter moment: seconds since 1970.
    func hasCome(_ moment: Int64) -> Bool
    /// What a finished step has left in a directory, by whole paths, sorted; nil if it has not finished, or failed.
    func files(below directory: String, of step: StepID) -> [String]?
    /// A variable of the environment; nil if it is not set. What is planned with it is planned anew when it has changed.
    func variable(_ name: String) -> String?
}

extension PlanProgress {
    public func isMissing(_ program: Program) -> Bool { false }
    public func lastVersion(of program: Program) -> String { "missing" }
    public func itemFiles(of stage: StageName) -> [Path: ItemPlace] { [:] }
    public func state(of gate: Gate, _ subject: GateSubject) throws -> GateState { .open }
    public func rejections(of question: Digest, in stage: StageName) -> [Rejection] { [] }
    public func pins(of stage: StageName) -> [Pin] { [] }
    public func skips(of stage: StageName) -> [(target: Target, place: ItemPlace)] { [] }
    public func decisions() -> RememberedDecisions { RememberedDecisions() }
    public func told(_ telling: Telling, by neighbour: Neighbour) throws -> [UInt8]? { nil }
    public func hasCome(_ moment: Int64) -> Bool { true }
    public func files(below directory: String, of step: StepID) -> [String]? { nil }
    public func variable(_ name: String) -> String? { nil }
}

