public import EpCore
public import EpEngine
import EpHistory

/// How an episode stands, and what it has cost.
public struct StatusAnswer: Sendable {
    public let overview: EpisodeOverview
    /// What all its builds have cost.
    public let spent: Cost

    /// As `status --json` gives it.
    public var value: Value { .object((overview.value.members ?? []) + spent.members("spent")) }
}

extension Desk {
    /// How some episodes stand. Runs nothing, and warns of what is doubtful in their files.
    /// - Parameter tell: is given each episode's answer, or why there is none.
    /// - Throws: `Diagnostic` if the history cannot be asked.
    public func status(_ places: [EpisodePlace], tell: (Result<StatusAnswer, Trouble>) -> Void) async throws {
        var ledgers: [Path: [Path: Cost]] = [:]
        for place in places {
            let spent = try spent(on: place, &ledgers)
            do {
                tell(.success(StatusAnswer(overview: try await builder.overview(place, warn: warn), spent: spent)))
            } catch {
                tell(.failure(Trouble(error, of: builder.shown(place))))
            }
        }
    }

    /// What all builds of an episode have cost: one question a workspace.
    private func spent(on place: EpisodePlace, _ ledgers: inout [Path: [Path: Cost]]) throws -> Cost {
        let workspace = Path(place.workspace)
        if ledgers[workspace] == nil {
            let totals = try history(of: place).totals(by: .episode)
            ledgers[workspace] = Dictionary(totals.map { (Path($0.name), $0.spent) }) { first, _ in first }
        }
        return ledgers[workspace]?[Path(EpisodeName(place).text)] ?? .zero
    }
}
