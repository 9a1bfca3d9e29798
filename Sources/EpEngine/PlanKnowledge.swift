import EpCache
import EpCore
import EpFiles
import EpPlan
import EpText

/// What the planner learns during a build: results of finished steps, versions of programs, edits of files.
final class PlanKnowledge: PlanProgress {
    weak var pass: BuildPass?
    var versions: [Program: ProgramVersion]
    /// Programs whose version has been asked for.
    var asked: Set<Program> = []
    let lock: EpisodeLock
    /// What gates have decided by themselves, and when they were first reached.
    private(set) var decided: [GateKey: GateRecord] = [:]

    /// True: nothing waits for a person's decision, and nothing for a program that is missing.
    let isDraft: Bool
    /// What a draft has passed that nobody has approved.
    private(set) var unapproved: Set<Target> = []
    /// Programs that are not there, and why.
    var missing: [Program: Diagnostic] = [:]
    /// Programs that were looked for, and need not be asked if they are nowhere.
    private var sought: Set<Program> = []
    private let absence: (Program) -> Diagnostic?
    /// Versions of programs as they were last known.
    private let lastVersions: [Program: String]

    /// True: a text with conflict marks stands like any other.
    var toleratesConflicts = false
    /// Editable files whose edits are left out of account.
    var ignoredEdits: Set<Path> = []
    /// The variables of the environment that were asked for, with the digests of what they had; nil: they are not set.
    private(set) var variables: [String: Digest?] = [:]
    private let environment: @Sendable (String) -> String?
    private let workspace: Workspace
    /// When the plan was begun: seconds since 1970.
    private let now: Double
    /// The next moment that something planned waits for: seconds since 1970.
    private(set) var nextMoment: Int64?
    private let cache: DiskCache
    private let sources: SourceFiles
    private let neighbourhood: Neighbourhood

    init(
        cache: DiskCache, sources: SourceFiles, neighbourhood: Neighbourhood, lock: EpisodeLock, workspace: Workspace, now: Double,
        versions: [Program: ProgramVersion], lastVersions: [Program: String] = [:], isDraft: Bool = false,
        environment: @escaping @Sendable (String) -> String? = { _ in nil }, absence: @escaping (Program) -> Diagnostic? = { _ in nil }
    ) {
        self.absence = absence
        self.cache = cache
        self.sources = sources
        self.neighbourhood = neighbourhood
        self.lock = lock
        self.workspace = workspace
        self.now = now
        self.versions = versions
        self.lastVersions = lastVersions
        self.isDraft = isDraft
        self.environment = environment
    }

    func output(_ path: String, of step: StepID) -> Digest? {
        // A step that was added a moment ago has no place among the results yet.
        guard let results = pass?.results, step.index < results.count, let result = results[step.index] else { return nil }
        // Of a directory, whatever lies in it tells that it is there.
        return OutputPath.isDirectory(path) ? result.outputs(below: path).first?.digest : result[path]
    }

    func files(below directory: String, of step: StepID) -> [String]? {
        guard let results = pass?.results, step.index < results.count else { return nil }
        return results[step.index]?.outputs(below: directory).map(\.path)
    }

    func variable(_ name: String) -> String? {
        let value = environment(name)
        variables[name] = .some(value.map { Digest(of: Array($0.utf8)) })
        return value
    }

    func bytes(_ blob: Digest) throws -> [UInt8] {
        guard let bytes = try cache.bytes(blob) else { throw DamagedInput("blob \(blob.short) is damaged") }
        return bytes
    }

    /// Of a program that is missing, the version that it last had: what it made then is found under that.
    func version(of program: Program) -> String? {
        versions[program]?.line ?? (isDraft && isMissing(program) ? lastVersion(of: program) : nil)
    }

    func lastVersion(of program: Program) -> String { lastVersions[program] ?? "missing" }

    /// The versions that a step relies on.
    func programs(of step: Step) -> [Program: String] {
        if step.platform.isEmpty { return [:] }
        return versions.filter { $0.key.answer == .version && step.platform[$0.key.name] == $0.value.line }.mapValues(\.line)
    }

    /// A program that is nowhere is told of at once: a plan that waited for its answer would be gone through once more.
    func isMissing(_ program: Program) -> Bool {
        if missing[program] != nil { return true }
        guard versions[program] == nil, !asked.contains(program), sought.insert(program).inserted, let problem = absence(program) else {
            return false
        }
        asked.insert(program)
        missing[program] = problem
        return true
    }

    func handEdit(of fileName: String, in directory: String) throws -> SourceFile? {
        guard !ignoredEdits.contains(Path(fileName)), let file = try sources.file("\(directory)/\(fileName)"),
            lock.files[Path(fileName)]?.contains(file.digest.hex) != true
        else { return nil }
        if !toleratesConflicts, let line = ConflictMarks.find(in: try sources.bytes(file)) {
            throw Diagnostic(
                .badInput, "a merge left a conflict here", at: SourceLocation(file: file.shown, line: line, column: 1),
                remedy: "keep what you want of both versions and remove the marks")
        }
        return file
    }

    func itemFiles(of stage: StageName) -> [Path: ItemPlace] { lock.items.filter { $0.key.below(stage.text) != nil } }

    func pins(of stage: StageName) -> [Pin] {
        lock.pins.filter { $0.key.stage == stage }.sorted { $0.key.description < $1.key.description }.map(\.value)
    }

    func skips(of stage: StageName) -> [(target: Target, place: ItemPlace)] {
        lock.skips.filter { $0.key.stage == stage }.sorted { Target.areInOrder($0.key, $1.key) }.map { ($0.key, $0.value) }
    }

    func decisions() -> RememberedDecisions {
        RememberedDecisions(
            pins: lock.pins.map { ($0.key, $0.key.item == nil ? 0 : $0.value.place.standings.count) },
            skips: lock.skips.map { ($0.key, $0.value.standings.count) }, texts: lock.files.keys.sorted())
    }

    func told(_ telling: Telling, by neighbour: Neighbour) throws -> [UInt8]? { try neighbourhood.told(telling, by: neighbour) }

    func hasCome(_ moment: Int64) -> Bool {
        guard Double(moment) > now else { return true }
        nextMoment = min(nextMoment ?? .max, moment)
        return false
    }

    func rejections(of question: Digest, in stage: StageName) -> [Rejection] { lock.rejections(of: question, in: stage) }

    func state(of gate: Gate, _ subject: GateSubject) -> GateState {
        let state = decision(on: gate, subject)
        guard isDraft, !state.isClosed else { return state }
        unapproved.insert(subject.target)
        return .closed
    }

    private func decision(on gate: Gate, _ subject: GateSubject) -> GateState {
        let key = GateKey(subject)
        let record = lock.gates[key]
        if let record, record.decision == .rejected { return .rejected(note: record.note) }
        if let record, record.decision == .approved, isTrusted(record, key) { return .closed }
        if subject.meetsRule {
            note(.approved, key)
            return .closed
        }
        let since = record.flatMap { Moment(iso8601: $0.at)?.seconds } ?? now
        if let wait = gate.autoApproveAfterSeconds ?? (gate.isRequired ? nil : 0), now - since >= wait {
            if wait > 0, record?.decision != .approved { note(.approved, key) }
            return .closed
        }
        if record == nil, gate.autoApproveAfterSeconds != nil || gate.timeoutMinutes != nil { note(.waiting, key) }
        return gate.timeoutMinutes.map { now - since > $0 * 60 } == true ? .overdue : .open
    }

    private func note(_ decision: GateRecord.Decision, _ key: GateKey) {
        decided[key] = GateRecord(decision: decision, by: GateRecord.itself, at: Moment(seconds: now).iso8601Seconds, note: "")
    }

    /// A workspace may demand that approvals are signed by people whom it names.
    private func isTrusted(_ record: GateRecord, _ key: GateKey) -> Bool {
        guard !workspace.approvers.isEmpty else { return true }
        guard let signature = record.signature else { return false }
        let message = GateRecord.message(record.decision, on: key.artifact, of: key.stage, by: record.by, at: record.at, note: record.note)
        return workspace.approvers.contains { $0.isValid(signature, of: message) }
    }
}
