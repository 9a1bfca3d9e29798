public import EpCore
public import EpEngine

/// Why an episode cannot be built, or looked at. What is wrong with one keeps no other from its turn.
public struct Trouble: Error {
    /// As it is named on a command line.
    public let episode: String
    public let failures: [Diagnostic]

    public init(_ error: any Error, of episode: String) {
        self.episode = episode
        failures = [Diagnostic](describing: error)
    }

    public var exitStatus: ExitStatus { DiagnosticList(failures).exitStatus }

    /// The word for an episode that cannot be looked at.
    public static let state = "broken"

    /// As `plan --json` and `status --json` give such an episode.
    public var value: Value { ["episode": .string(episode), "state": .string(Self.state), "failures": .list(failures.map(\.value))] }
}

extension BuildReport {
    /// True if it has nothing to tell but its failures: the episode could not even be planned.
    public var isTrouble: Bool { outcome == .failed && actions.total == 0 }
}

extension Desk {
    /// Looks at what the shows of some episodes have once, each show once, and warns of what is doubtful there.
    /// - Returns: what is wrong there.
    public func showTroubles(of places: [EpisodePlace]) async -> [Trouble] {
        var (seen, troubles) = (Set<EpisodePlace>(), [Trouble]())
        for show in places.map(Discovery.show) where seen.insert(show).inserted {
            do {
                _ = try await builder.overview(show, warn: warn)
            } catch {
                troubles.append(Trouble(error, of: builder.shown(show)))
            }
        }
        return troubles
    }
}
