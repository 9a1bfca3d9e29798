public import EpCore
public import EpEngine
public import EpHistory

/// How an episode stands, and what it has cost.
public struct StatusAnswer: Sendable {
    public let overview: EpisodeOverview
    /// What all its builds have cost.
    public let spent: Cost
    /// How often they have asked services, by provider.
    public let calls: [ProviderCalls]
    /// What people have decided last at each gate.
    public let decisions: [StageName: StandingDecision]

    /// As `status --json` gives it.
    public var value: Value {
        let decided = decisions.sorted { $0.key.text < $1.key.text }.map { Value.Member($0.key.text, $0.value.value) }
        return .object(
            (overview.value.members ?? []) + spent.members("spent") + [.init("calls", .list(calls.map(\.value)))]
                + (decided.isEmpty ? [] : [.init("decisions", .object(decided))]))
    }
}

extension StandingDecision {
    fileprivate var value: Value {
        let members: [Value.Member] = [
            .init("decision", .string(last.decision.rawValue)), .init("by", .string(last.by)), .init("at", .string(last.at)),
            .init("note", .string(last.note)),
            .init("count", .int(Int64(count))),
        ]
        return .object(members)
    }
}

extension Desk {
    /// What the history of a workspace has of its episodes.
    private struct Past {
        let spent: [Path: Cost]
        let calls: [EpisodeName: [ProviderCalls]]

        init(_ history: History) throws {
            spent = Dictionary(try history.totals(by: .episode).map { (Path($0.name), $0.spent) }) { first, _ in first }
            calls = try history.callsByEpisode()
        }
    }

    /// How some episodes stand. Runs nothing, and warns of what is doubtful in their files.
    /// - Parameter tell: is given each episode's answer, or why there is none.
    /// - Throws: `Diagnostic` if the history cannot be asked.
    public func status(_ places: [EpisodePlace], tell: (Result<StatusAnswer, Trouble>) -> Void) async throws {
        // One question a workspace.
        var pasts: [Path: Past] = [:]
        for place in places {
            let past = try pasts[Path(place.workspace)] ?? Past(history(of: place))
            pasts[Path(place.workspace)] = past
            let name = EpisodeName(place)
            do {
                let overview = try await builder.overview(place, warn: warn)
                tell(.success(StatusAnswer(
                    overview: overview, spent: past.spent[Path(name.text)] ?? .zero, calls: past.calls[name] ?? [],
                    decisions: try builder.standingDecisions(of: place))))
            } catch {
                tell(.failure(Trouble(error, of: builder.shown(place))))
            }
        }
    }
}
