public import EpCore
import EpFiles
import EpPlan
import EpSQLite

extension History {
    /// Past builds, newest first.
    public func builds(in scope: HistoryScope = .everything, limit: Int = .max) throws -> [BuildRecord] {
        try rows(
            "SELECT \(BuildRecord.columns) FROM build WHERE \(scope.condition("episode")) ORDER BY id DESC LIMIT ?",
            scope.arguments + [.integer(limit)], BuildRecord.init)
    }

    public func build(_ id: Int64) throws -> BuildRecord? {
        try rows("SELECT \(BuildRecord.columns) FROM build WHERE id = ?", [.integer(id)], BuildRecord.init).first
    }

    /// What a build executed, fetched and failed in, in that order of time.
    public func actions(of build: Int64) throws -> [ActionRecord] {
        try rows("\(Self.actions) WHERE action.build = ? ORDER BY action.id", [.integer(build)], ActionRecord.init)
    }

    /// What people have decided, newest first.
    public func decisions(in scope: HistoryScope = .everything, limit: Int = .max) throws -> [Decision] {
        try rows(
            "SELECT time, episode, verb, target, note, by FROM decision WHERE \(scope.condition("episode")) ORDER BY time DESC, id DESC "
                + "LIMIT ?",
            scope.arguments + [.integer(limit)], Decision.init)
    }

    /// How a step of an episode was made the last time; nil if it never was.
    public func lastExecution(of target: Target, step: String = "", in episode: EpisodeName) throws -> ActionRecord? {
        try rows(
            """
            \(Self.actions) JOIN build ON build.id = action.build
            WHERE action.stage = ? AND action.item = ? AND action.step = ? AND origin = 'executed' AND build.episode = ?
            ORDER BY action.id DESC LIMIT 1
            """,
            [.text(target.stage.text), .text(target.item ?? ""), .text(step), .text(episode.text)], ActionRecord.init
        ).first
    }

    /// The steps of an episode whose last recorded run failed. What a build of the whole episode has brought to an end since does not
    /// count.
    public func lastFailures(of episode: EpisodeName) throws -> [ActionRecord] {
        try rows(
            """
            SELECT \(ActionRecord.columns), NULL, max(action.id) FROM build JOIN action ON action.build = build.id
            WHERE episode = ?1 AND build.id > coalesce((SELECT max(id) FROM build WHERE episode = ?1 AND snapshot NOT NULL), 0)
            GROUP BY action.stage, action.item, action.step HAVING origin = 'failed' ORDER BY action.id
            """,
            [.text(episode.text)], ActionRecord.init)
    }

    private static let actions = """
        SELECT \(ActionRecord.columns), changes FROM action LEFT JOIN reason
        ON reason.build = action.build AND reason.stage = action.stage AND reason.item = action.item AND reason.step = action.step
        """
}

extension Decision {
    init(_ row: Statement) {
        self.init(
            row.text(2), target: row.text(3), of: EpisodeName(row.text(1)), note: row.optionalText(4), by: row.text(5),
            time: Moment(iso8601: row.text(0)) ?? Moment(milliseconds: 0))
    }

    /// As `log --json` gives it.
    public var value: Value {
        .object([
            .init("decision", .string(verb)), .init("episode", .string(episode.text)), .init("time", .string(time.iso8601)),
            .init("target", .string(target)), .init("note", note.map { .string($0) } ?? .null), .init("by", .string(by)),
        ])
    }
}
