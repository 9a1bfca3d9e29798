public import EpCore
public import EpEngine
public import EpHistory

/// How long actions of one kind take, and what they cost, as far as the history has them.
public struct StatisticsAnswer: Sendable {
    public let kind: ActionKind
    public let record: RecordedDuration

    /// As the server's API gives it: docs/server.md.
    public var value: Value {
        .object(
            [
                .init("tool", .string(kind.tool)), .init("stage", .string(kind.stage)), .init("step", .string(kind.step)),
                .init("count", .int(Int64(record.count))),
                .init("meanSeconds", .double(record.mean)), .init("p10Seconds", .double(record.p10)),
                .init("p90Seconds", .double(record.p90)),
                .init("p95Seconds", .double(record.p95)),
            ] + record.costs.lowerBound.members("costLow") + record.costs.upperBound.members("costHigh"))
    }
}

extension Desk {
    /// How long actions of each kind take in a workspace, by stage and step.
    public func statistics(of place: EpisodePlace) throws -> [StatisticsAnswer] {
        try history(of: place).durations().map { StatisticsAnswer(kind: $0.key, record: $0.value) }
            .sorted { ($0.kind.stage, $0.kind.step, $0.kind.tool) < ($1.kind.stage, $1.kind.step, $1.kind.tool) }
    }
}
