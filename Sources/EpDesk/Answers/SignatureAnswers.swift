public import EpCore
public import EpEngine

/// What became of the signatures of an episode's results in one of the workspace's shared caches.
public struct SignAnswer: Sendable {
    /// As a person sees its directory.
    public let episode: String
    public let signed: Builder.Signed

    /// As `cache sign --json` gives it.
    public var value: Value {
        .object([
            .init("episode", .string(episode)), .init("cache", .string(signed.cache)), .init("signed", .int(Int64(signed.signed))),
            .init("known", .int(Int64(signed.known))), .init("others", .int(Int64(signed.others))),
            .init("missing", .int(Int64(signed.missing))),
            .init("failed", .int(Int64(signed.failed))),
        ])
    }
}

/// Who vouches for an episode's results in one of the workspace's shared caches.
public struct VouchedAnswer: Sendable {
    /// As a person sees its directory.
    public let episode: String
    public let vouched: Builder.Vouched

    /// As `cache verify --signatures --json` gives it.
    public var value: Value {
        .object([
            .init("episode", .string(episode)), .init("cache", .string(vouched.cache)), .init("trust", .bool(vouched.isGuarded)),
            .init("keys", Self.counts(vouched.byKey)), .init("unknownKeys", Self.counts(vouched.byUnknown)),
            .init("forged", .int(Int64(vouched.forged))), .init("unsigned", .int(Int64(vouched.unsigned))),
            .init("missing", .int(Int64(vouched.missing))), .init("failed", .int(Int64(vouched.failed))),
            .init("refused", .int(Int64(vouched.refused))),
        ])
    }

    private static func counts(_ names: [String: Int]) -> Value {
        .object(names.sorted { $0.key < $1.key }.map { .init($0.key, .int(Int64($0.value))) })
    }
}

extension Desk {
    /// Signs what an episode is built from in the shared caches that have a key for that.
    /// - Throws: `Diagnostic` (usage) if there is none.
    public func sign(_ place: EpisodePlace) async throws -> [SignAnswer] {
        try await builder.sign(place, warn: warn).map { SignAnswer(episode: builder.shown(place), signed: $0) }
    }

    /// Looks who has signed what an episode is built from.
    /// - Throws: `Diagnostic` (usage) if there is no shared cache.
    public func signatures(of place: EpisodePlace) async throws -> [VouchedAnswer] {
        try await builder.signatures(of: place, warn: warn).map { VouchedAnswer(episode: builder.shown(place), vouched: $0) }
    }
}
