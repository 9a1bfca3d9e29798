public import EpCore
public import EpPlan

/// The keys of one shared cache, as the workspace and the environment have them.
public struct RemoteKeysAnswer: Sendable {
    public let remote: RemoteSettings
    /// The public line of the key that signs; nil if none does, or the variable holds none.
    public let signer: String?

    /// - Parameter variable: looks into the environment.
    public init(_ remote: RemoteSettings, variable: (String) -> String?) {
        self.remote = remote
        signer = remote.signVariable.flatMap(variable).flatMap { try? SigningKey(parsing: $0).publicText }
    }

    /// True if what is signed here is not taken back from there.
    public var isOwnUnknown: Bool {
        !remote.trust.isEmpty && signer.flatMap(TrustedKey.init(parsing:)).map { !remote.trust.contains($0) } ?? false
    }

    /// As `cache keys list --json` gives it.
    public var value: Value {
        [
            "cache": .string(remote.url), "trust": .list(remote.trust.map { .string($0.publicText) }),
            "signVariable": remote.signVariable.map(Value.string) ?? .null, "signer": signer.map(Value.string) ?? .null,
        ]
    }
}
