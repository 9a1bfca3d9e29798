public import EpCore

/// What a build came to.
public struct BuildReport: Sendable {
    public enum Outcome: String, Sendable {
        case built, upToDate, failed, waiting, paused, overBudget, interrupted
    }

    /// Numbers of actions, by what became of them.
    public struct Counts: Sendable, Equatable {
        public var total = 0
        public var executed = 0
        public var cacheHits = 0
        public var remoteHits = 0
        public var failed = 0
        public var blocked = 0
        /// A dry run's: they would be executed, or their inputs are not known yet.
        public var missing = 0

        public init() {}

        init(executed: Int, failed: Int) {
            self.executed = executed
            self.failed = failed
        }
    }

    public var episode: String
    public var outcome = Outcome.upToDate
    public var seconds = 0.0
    public var actions = Counts()
    /// In the order of the pipeline.
    public var stages: [(name: StageName, counts: Counts)] = []
    public var cost = Cost.zero
    public var saved = Cost.zero
    /// Files in `out/`, relative to the episode.
    public var outputs: [String] = []
    /// Hand edits that stand for stages.
    public var edits: [EditReport] = []
    /// Who serves in another's place.
    public var fallbacks: [FallbackReport] = []
    /// Gates that wait for a decision.
    public var gates: [GateReport] = []
    public var failures: [Failure] = []
    /// Why it did not come to its end, though nothing failed: a budget, a pause.
    public var reason: Diagnostic?
    /// What the person probably did not mean. An up-to-date build remembers it.
    public var warnings: [Diagnostic] = []
    /// Where the cache keeps the episode's files as they were in this build; nil unless everything was built.
    public var snapshot: ActionDigest?

    /// Set if it was a draft.
    public var draft: DraftReport?

    public init(episode: String) { self.episode = episode }

    /// True if it was ended before it had come to its end.
    var isUnfinished: Bool { [.interrupted, .paused, .overBudget].contains(outcome) }

    public var exitStatus: ExitStatus {
        switch outcome {
        case .built, .upToDate: .success
        case .failed where draft != nil: .failed
        case .failed: failures.map(\.problem.code.exitStatus).first { $0 != .failed } ?? .failed
        case .waiting, .paused, .overBudget: .tryAgain
        case .interrupted: .interrupted
        }
    }

    /// The object that `build --json` prints.
    public var value: Value {
        func list(_ name: String, _ values: [Value]) -> [Value.Member] { values.isEmpty ? [] : [.init(name, .list(values))] }
        let always: [Value.Member] = [
            .init("episode", .string(episode)),
            .init("outcome", .string(outcome.rawValue)),
            .init("seconds", .double((seconds * 1000).rounded() / 1000)),
            .init("actions", actions.value(isTotal: true)),
            .init("stages", .object(stages.map { .init($0.name.text, $0.counts.value(isTotal: false)) })),
        ] + cost.members("cost") + saved.members("saved") + [
            .init("outputs", .list(outputs.map { .string($0) })),
            .init("failures", .list(failures.map(\.value))),
        ]
        return .object(
            always + (reason.map { [.init("reason", $0.value)] } ?? []) + list("edits", edits.map(\.value))
                + list("fallbacks", fallbacks.map(\.value)) + list("gates", gates.map(\.value)) + list("warnings", warnings.map(\.value))
                + (draft?.members ?? []))
    }
}

extension BuildReport.Counts {
    fileprivate func value(isTotal: Bool) -> Value {
        var members: [Value.Member] = [
            .init("total", .int(Int64(total))), .init("executed", .int(Int64(executed))),
            .init("cacheHits", .int(Int64(cacheHits))), .init("remoteHits", .int(Int64(remoteHits))),
            .init("failed", .int(Int64(failed))),
        ]
        if isTotal { members.append(.init("blocked", .int(Int64(blocked)))) }
        if missing > 0 { members.append(.init("missing", .int(Int64(missing)))) }
        return .object(members)
    }
}

extension Diagnostic {
    /// As `--json` gives it.
    public var value: Value {
        var members: [Value.Member] = [
            .init("severity", .string(severity.rawValue)), .init("code", .string(code.rawValue)), .init("message", .string(message)),
        ]
        members += location?.members ?? []
        if let remedy { members.append(.init("remedy", .string(remedy))) }
        members.append(.init("id", .string(code.id)))
        return .object(members)
    }
}

extension SourceLocation {
    /// The keys by which JSON names a place.
    var members: [Value.Member] { [.init("file", .string(file)), .init("line", .int(Int64(line))), .init("column", .int(Int64(column)))] }
}

extension Diagnostic {
    /// The same, its file named otherwise.
    func moved(to name: (String) -> String) -> Diagnostic {
        var moved = self
        moved.location = location.map { SourceLocation(file: name($0.file), line: $0.line, column: $0.column) }
        return moved
    }
}
