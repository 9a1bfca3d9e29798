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

extension Desk {
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
