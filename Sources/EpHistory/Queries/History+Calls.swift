public import EpCore
import EpSQLite

/// How often a provider was asked, and how often that came to nothing.
public struct ProviderCalls: Sendable, Equatable {
    /// As the workspace calls it.
    public let provider: String
    public let calls: Int
    public let errors: Int

    /// As `--json` gives it.
    public var value: Value { ["provider": .string(provider), "calls": .int(Int64(calls)), "errors": .int(Int64(errors))] }
}

extension History {
    /// What builds have asked of services over a connection, by provider. Programs and what is part of epbuild are no services.
    public func calls(in scope: HistoryScope = .everything) throws(Diagnostic) -> [ProviderCalls] {
        try rows(
            """
            SELECT provider, sum(calls), sum(errors) FROM provider_calls JOIN build ON build.id = provider_calls.build
            WHERE \(scope.condition("episode")) GROUP BY 1 ORDER BY 1
            """, scope.arguments
        ) { ProviderCalls(provider: $0.text(0), calls: $0.int(1), errors: $0.int(2)) }
    }

    /// The same by episode.
    public func callsByEpisode() throws(Diagnostic) -> [EpisodeName: [ProviderCalls]] {
        let found = try rows(
            """
            SELECT episode, provider, sum(calls), sum(errors) FROM provider_calls JOIN build ON build.id = provider_calls.build
            GROUP BY 1, 2 ORDER BY 1, 2
            """
        ) { (episode: EpisodeName($0.text(0)), calls: ProviderCalls(provider: $0.text(1), calls: $0.int(2), errors: $0.int(3))) }
        return Dictionary(grouping: found, by: \.episode).mapValues { $0.map(\.calls) }
    }
}
