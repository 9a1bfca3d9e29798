public import EpCore
public import EpEngine
public import EpFiles
import EpPlan
import EpSQLite

/// A build as the history remembers it.
public struct BuildRecord: Sendable {
    /// Counts the builds of the workspace.
    public let id: Int64
    public let episode: EpisodeName
    public let started: Moment
    /// Nil: it runs, or it was killed.
    public let outcome: BuildReport.Outcome?
    public let seconds: Double
    public let actions: BuildReport.Counts
    public let cost: Cost
    public let saved: Cost
    /// Relative to the episode.
    public let outputs: [String]
    /// As `Diagnostic.value` gives them.
    public let failures: [Value]
    public let snapshot: ActionDigest?
    /// Of a success after a failure: a file that a person changed in between, relative to the workspace.
    public let edited: String?

    static let columns = """
        id, episode, started, outcome, seconds, total, executed, cache_hits, remote_hits, failed, blocked, cost_micro_usd, saved_micro_usd,
        outputs, failures, snapshot, snapshot_size, edited, unpriced_calls, saved_unpriced_calls
        """

    init(_ row: Statement) {
        id = row.integer(0)
        episode = EpisodeName(row.text(1))
        started = Moment(iso8601: row.text(2)) ?? Moment(milliseconds: 0)
        outcome = BuildReport.Outcome(rawValue: row.text(3))
        seconds = row.real(4)
        var counts = BuildReport.Counts()
        (counts.total, counts.executed, counts.cacheHits) = (row.int(5), row.int(6), row.int(7))
        (counts.remoteHits, counts.failed, counts.blocked) = (row.int(8), row.int(9), row.int(10))
        actions = counts
        cost = Cost(microUSD: row.integer(11), unpricedCalls: row.integer(18))
        saved = Cost(microUSD: row.integer(12), unpricedCalls: row.integer(19))
        outputs = Value(recorded: row.text(13)).list?.compactMap(\.string) ?? []
        failures = Value(recorded: row.text(14)).list ?? []
        snapshot = Digest(hex: row.text(15), size: row.integer(16)).map(ActionDigest.init)
        edited = row.optionalText(17)
    }

    public var ended: Moment { started.adding(seconds: seconds) }
    public var isSuccess: Bool { outcome == .built || outcome == .upToDate }
    public var firstError: String? { failures.first?["message"]?.string }

    /// As `log --json` gives it.
    public var value: Value {
        var members: [Value.Member] = [
            .init("build", .int(id)), .init("episode", .string(episode.text)), .init("started", .string(started.iso8601)),
            .init("outcome", outcome.map { .string($0.rawValue) } ?? .null), .init("seconds", .double((seconds * 1000).rounded() / 1000)),
            .init("actions", .object([
                .init("total", .int(Int64(actions.total))), .init("executed", .int(Int64(actions.executed))),
                .init("cacheHits", .int(Int64(actions.cacheHits))), .init("remoteHits", .int(Int64(actions.remoteHits))),
                .init("failed", .int(Int64(actions.failed))), .init("blocked", .int(Int64(actions.blocked))),
            ])),
        ] + cost.members("cost") + saved.members("saved") + [
            .init("outputs", .list(outputs.map { .string($0) })), .init("failures", .list(failures)),
        ]
        if let snapshot { members.append(.init("snapshot", .string(snapshot.description))) }
        if let edited { members.append(.init("edited", .string(edited))) }
        return .object(members)
    }
}

extension Value {
    /// What the recorder has written as JSON; null if it is none.
    init(recorded text: String) {
        guard !text.isEmpty, text != "[]", let node = try? Node(parsing: Array(text.utf8), file: "history") else {
            self = text == "[]" ? .list([]) : .null
            return
        }
        self = node.value
    }
}
