public import EpCore
import EpEngine
import EpFiles
import EpSQLite

/// How failures ended.
public struct RecoveryReport: Sendable {
    public var builds = 0
    public var failedBuilds = 0
    /// Failed builds that a successful one of the same episode followed.
    public var recoveredBuilds = 0
    /// From the end of an episode's first failed build to the end of the successful one; nil if there was none.
    public var meanSecondsToRecovery: Double?
    /// Stages (or files that a person wrote) and error codes, commonest first.
    public var failurePoints: [(place: String, code: String, count: Int)] = []
    /// What came between a failure and its success: commands, `edit`, or `run again`, commonest first.
    public var recoveries: [(action: String, count: Int)] = []

    /// Of single steps; nil if the log of events was not asked.
    public var steps: StepRecovery?
    /// How often services were asked, by provider.
    public var calls: [ProviderCalls] = []

    /// From 0 to 1; nil if nothing failed.
    public var rate: Double? { failedBuilds == 0 ? nil : Double(recoveredBuilds) / Double(failedBuilds) }

    public var value: Value {
        .object(
            [
                .init("builds", .int(Int64(builds))), .init("failedBuilds", .int(Int64(failedBuilds))),
                .init("recoveredBuilds", .int(Int64(recoveredBuilds))),
                .init("recoveryRate", rate.map { .double($0) } ?? .null),
                .init("meanSecondsToRecovery", meanSecondsToRecovery.map { .double($0) } ?? .null),
                .init(
                    "failurePoints",
                    .list(failurePoints.map { ["place": .string($0.place), "code": .string($0.code), "count": .int(Int64($0.count))] })),
                .init("recoveries", .list(recoveries.map { ["action": .string($0.action), "count": .int(Int64($0.count))] })),
            ] + (steps.map { [.init("steps", $0.value)] } ?? []) + [.init("calls", .list(calls.map(\.value)))])
    }
}

extension History {
    /// - Parameter log: the log of events; nil: what it tells is left out.
    public func recovery(in scope: HistoryScope = .everything, log: EventLogScope? = nil) throws -> RecoveryReport {
        var report = RecoveryReport()
        var open: [EpisodeName: (failed: Int, since: Moment)] = [:]
        var times: [Double] = []
        var actions: [String: Int] = [:]
        let all = try decisions(in: scope)
        let decisions = Dictionary(grouping: all, by: \.episode)
        for build in try builds(in: scope).reversed() {
            report.builds += 1
            if build.outcome == .failed {
                report.failedBuilds += 1
                open[build.episode, default: (0, build.ended)].failed += 1
            } else if build.isSuccess, let (failed, since) = open.removeValue(forKey: build.episode) {
                report.recoveredBuilds += failed
                // Somebody may have set the clock back.
                times.append(max(0, build.ended.seconds(since: since)))
                let verbs = decisions[build.episode, default: []].filter { $0.time >= since && $0.time <= build.started }.map(\.verb)
                actions[Self.name(verbs, build), default: 0] += 1
            }
        }
        if !times.isEmpty { report.meanSecondsToRecovery = times.reduce(0, +) / Double(times.count) }
        report.recoveries = Self.commonest(actions).map { ($0, $1) }
        report.failurePoints = try failurePoints(in: scope)
        report.steps = log.map { $0.recovery(in: scope, all) }
        report.calls = try calls(in: scope)
        return report
    }

    private static func name(_ verbs: [String], _ build: BuildRecord) -> String {
        let done = Set(verbs).sorted() + (build.edited == nil ? [] : ["edit"])
        return done.isEmpty ? "run again" : done.joined(separator: " + ")
    }

    static func commonest(_ counts: [String: Int]) -> [(String, Int)] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    private func failurePoints(in scope: HistoryScope) throws -> [(place: String, code: String, count: Int)] {
        try rows(
            """
            SELECT stage, error_code, count(*) FROM action JOIN build ON build.id = action.build
            WHERE origin = 'failed' AND \(scope.condition("episode")) GROUP BY 1, 2
            UNION ALL
            SELECT 'before the first action', json_extract(failures, '$[0].code'), count(*) FROM build
            WHERE outcome = 'failed' AND \(scope.condition("episode"))
                AND NOT EXISTS (SELECT 1 FROM action WHERE action.build = build.id AND origin = 'failed') GROUP BY 2
            ORDER BY 3 DESC, 1, 2
            """, scope.arguments + scope.arguments
        ) { ($0.text(0), $0.text(1), $0.int(2)) }
    }
}
