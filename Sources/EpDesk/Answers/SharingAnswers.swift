public import EpCore
public import EpEngine

/// What became of an episode's results in one of the workspace's shared caches.
public struct PushAnswer: Sendable {
    /// As a person sees its directory.
    public let episode: String
    public let pushed: Builder.Pushed

    /// True if there was nothing to share.
    public var isEmpty: Bool { pushed.shared + pushed.adopted + pushed.failed == 0 }

    /// As `cache push --json` gives it.
    public var value: Value {
        .object([
            .init("episode", .string(episode)), .init("cache", .string(pushed.cache)), .init("shared", .int(Int64(pushed.shared))),
            .init("adopted", .int(Int64(pushed.adopted))), .init("failed", .int(Int64(pushed.failed))),
        ])
    }
}

/// What an episode has got from the workspace's shared caches.
public struct PullAnswer: Sendable {
    /// As a person sees its directory.
    public let episode: String
    public let pulled: Builder.Pulled

    /// As `cache pull --json` gives it.
    public var value: Value {
        .object([
            .init("episode", .string(episode)), .init("copied", .int(Int64(pulled.copied))), .init("missing", .int(Int64(pulled.missing))),
            .init("failed", .int(Int64(pulled.failed))),
        ])
    }
}

/// What became of results that were brought along in a file.
public struct TakenAnswer: Sendable {
    public let taken: Builder.Taken

    /// As `cache import --json` gives it.
    public var value: Value {
        .object([
            .init("copied", .int(Int64(taken.copied))), .init("known", .int(Int64(taken.known))),
            .init("failed", .int(Int64(taken.failed))),
        ])
    }
}

extension Desk {
    /// What the shows of episodes have once, where that is anything.
    public func shows(of episodes: [EpisodePlace]) throws -> [EpisodePlace] {
        var seen: Set<EpisodePlace> = []
        return try episodes.map(Discovery.show).filter { try seen.insert($0).inserted && !builder.graph($0).stages.isEmpty }
    }

    /// Puts what an episode is built from into a store that a person names.
    public func push(_ place: EpisodePlace, into store: any CacheStore) async throws -> PushAnswer {
        PushAnswer(episode: builder.shown(place), pushed: try await builder.push(place, into: store, warn: warn))
    }

    /// Copies results from a store that a person names into the local cache; runs nothing.
    public func take(_ actions: [ActionDigest], from store: any CacheStore) async throws -> TakenAnswer {
        TakenAnswer(taken: try await builder.take(actions, from: store))
    }

    /// Puts what an episode is built from into the shared caches that may be written.
    /// - Throws: `Diagnostic` (usage) if there is none.
    public func push(_ place: EpisodePlace) async throws -> [PushAnswer] {
        try await builder.push(place, warn: warn).map { PushAnswer(episode: builder.shown(place), pushed: $0) }
    }

    /// Copies what an episode needs from the shared caches; runs nothing.
    /// - Throws: `Diagnostic` (usage) if there is none.
    public func pull(_ place: EpisodePlace) async throws -> PullAnswer {
        PullAnswer(episode: builder.shown(place), pulled: try await builder.pull(place, warn: warn))
    }
}
