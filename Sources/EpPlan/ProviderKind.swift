/// A kind of provider, as far as `epbuild.yaml` is to be read: what `use:` calls it, and which keys it reads.
public struct ProviderKind: Sendable {
    /// Its name, and other names that mean the same.
    public let names: [String]
    /// Reads a provider's keys, so that its mistakes are told at their places. Those of every provider have been read.
    let check: @Sendable (inout Fields) -> Void

    public init(_ names: [String], check: @escaping @Sendable (inout Fields) -> Void) { (self.names, self.check) = (names, check) }
}

extension [String: [ProviderKind]] {
    /// The kinds of providers that tools have, by the tools' names.
    public init(providersOf tools: [any Tool]) {
        self = [:]
        for tool in tools { merge(tool.providerKinds) { first, _ in first } }
    }
}
