public import EpCore
public import EpEngine
public import EpFiles
public import EpHistory

/// What builds have spent and caches have saved, under one heading.
public struct CostAnswer: Sendable {
    public let heading: CostTotal.Heading
    public let rows: [CostTotal]
    /// Calls whose end was lost with their builds: perhaps they are billed, beside what is in the rows.
    public let perhapsBilled: (calls: Int, cost: Cost)
    /// How often services were asked, by provider.
    public let calls: [ProviderCalls]
    public var total: CostTotal { rows.sum }

    /// As `cost --json` gives it.
    public var value: Value {
        .object([
            .init("by", .string(heading.rawValue)), .init("rows", .list(rows.map { $0.value(heading) })), .init("total", total.value(nil)),
            .init("perhapsBilled", .object([.init("calls", .int(Int64(perhapsBilled.calls)))] + perhapsBilled.cost.members("cost"))),
            .init("calls", .list(calls.map(\.value))),
        ])
    }
}

/// Past builds, newest first, with what people have decided in between.
public struct LogAnswer: Sendable {
    public enum Entry: Sendable {
        case build(BuildRecord)
        case decision(Decision)

        public var time: Moment {
            switch self {
            case .build(let build): build.started
            case .decision(let decision): decision.time
            }
        }

        /// As `log --json` gives it.
        public var value: Value {
            switch self {
            case .build(let build): build.value
            case .decision(let decision): decision.value
            }
        }
    }

    public let entries: [Entry]
}

/// One past build, and what it executed, fetched and failed in.
public struct PastBuildAnswer: Sendable {
    public let build: BuildRecord
    public let actions: [ActionRecord]

    /// As `log PATH BUILD --json` gives it.
    public var value: Value { .object((build.value.members ?? []) + [.init("ran", .list(actions.map(\.value)))]) }
}

/// Questions about the past of a workspace.
extension Desk {
    /// - Parameters:
    ///   - place: anything in the workspace.
    ///   - scope: the part of it that is asked about.
    public func costs(by heading: CostTotal.Heading, in scope: HistoryScope, of place: EpisodePlace) throws -> CostAnswer {
        CostAnswer(
            heading: heading, rows: try history(of: place).totals(by: heading, in: scope),
            perhapsBilled: try Ledger().perhapsBilled(in: scope, of: place, at: surroundings.clock.now()),
            calls: try history(of: place).calls(in: scope))
    }

    /// - Parameter limit: how many entries at most.
    public func log(_ scope: HistoryScope, of place: EpisodePlace, limit: Int) throws -> LogAnswer {
        let history = history(of: place)
        let builds = try history.builds(in: scope, limit: limit).map(LogAnswer.Entry.build)
        let decisions = try history.decisions(in: scope, limit: limit).map(LogAnswer.Entry.decision)
        return LogAnswer(entries: Array((builds + decisions).sorted { $0.time > $1.time }.prefix(limit)))
    }

    /// - Throws: `Diagnostic` (usage) if the workspace has no build of that number.
    public func pastBuild(_ number: Int64, of place: EpisodePlace) throws -> PastBuildAnswer {
        let history = history(of: place)
        guard let build = try history.build(number) else {
            throw Diagnostic(.usage, "there is no build #\(number)", remedy: "`epbuild log` lists them")
        }
        return PastBuildAnswer(build: build, actions: try history.actions(of: number))
    }

    /// How failures ended: those of builds as the history has them, those of single steps as the log of events has them.
    public func recovery(in scope: HistoryScope, of place: EpisodePlace) throws -> RecoveryReport {
        try history(of: place).recovery(in: scope, log: EventLogScope(place))
    }
}
