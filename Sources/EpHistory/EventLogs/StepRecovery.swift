import EpCore
public import EpEngine

/// How the failures of single steps ended, in numbers.
public struct StepRecovery: Sendable {
    public let failed: Int
    /// Of these, how many were made good.
    public let recovered: Int
    /// From a step's first failure to its result; nil if there was none.
    public let meanSecondsToRecovery: Double?
    /// Stages and error codes, commonest first.
    public let failurePoints: [(stage: String, code: String, count: Int)]
    /// What made them good: `retry`, `fallback`, `rebuild`, `retry-failed`, a command, `edit`; commonest first.
    public let recoveries: [(action: String, count: Int)]
    /// Lines of the log that are none.
    public let unreadableLines: Int

    /// From 0 to 1; nil if nothing failed.
    public var rate: Double? { failed == 0 ? nil : Double(recovered) / Double(failed) }

    init(_ recovery: ActionRecovery, unreadableLines: Int) {
        (failed, recovered, self.unreadableLines) = (recovery.failed, recovery.recovered, unreadableLines)
        meanSecondsToRecovery = recovery.recovered == 0 ? nil : recovery.secondsToRecovery / Double(recovery.recovered)
        let points = recovery.points.sorted { ($1.value, $0.key[0], $0.key[1]) < ($0.value, $1.key[0], $1.key[1]) }
        failurePoints = points.map { ($0.key[0], $0.key[1], $0.value) }
        recoveries = History.commonest(recovery.recoveries).map { ($0, $1) }
    }

    var value: Value {
        .object([
            .init("failed", .int(Int64(failed))), .init("recovered", .int(Int64(recovered))),
            .init("recoveryRate", rate.map { .double($0) } ?? .null),
            .init("meanSecondsToRecovery", meanSecondsToRecovery.map { .double($0) } ?? .null),
            .init("failurePoints", .list(failurePoints.map {
                ["stage": .string($0.stage), "code": .string($0.code), "count": .int(Int64($0.count))]
            })),
            .init("recoveries", .list(recoveries.map { ["action": .string($0.action), "count": .int(Int64($0.count))] })),
            .init("unreadableLines", .int(Int64(unreadableLines))),
        ])
    }
}

/// The log of events of a workspace.
public struct EventLogScope: Sendable {
    private let workspace: String
    private let stateDirectory: String

    /// - Parameter place: anything in the workspace.
    public init(_ place: EpisodePlace) { (workspace, stateDirectory) = (place.workspace, place.stateDirectory) }

    /// What the log tells of some episodes. Those of a workspace that stood elsewhere then count where all of it is asked for.
    func recovery(in scope: HistoryScope, _ decisions: [Decision]) -> StepRecovery {
        var recovery = ActionRecovery(decisions.map { decision in
            ActionRecovery.Decision(
                time: decision.time, episode: directory(of: decision.episode), verb: decision.verb, target: decision.target)
        })
        var reading = EventLogReading(stateDirectory: stateDirectory)
        reading.forEach { event in
            let isHere = Path(event.episode).isOrLies(below: workspace)
            if scope.contains(isHere ? EpisodeName.path(of: event.episode, in: workspace) : event.episode) { recovery.observe(event) }
        }
        return StepRecovery(recovery, unreadableLines: reading.unreadable)
    }

    private func directory(of episode: EpisodeName) -> String {
        let name = episode.text.hasSuffix(EpisodeName.showMark) ? String(episode.text.dropLast(EpisodeName.showMark.count)) : episode.text
        return name == "." ? workspace : "\(workspace)/\(name)"
    }
}
