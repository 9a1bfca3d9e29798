/// Who serves a step, and what that may cost. Never part of an address.
public final class Service: Sendable {
    /// The provider's name, or its vendor's where the workspace configures none, for people.
    public let name: String
    /// How the workspace configures it; nil: it does not.
    public let configuration: ProviderConfiguration?
    /// What is asked beyond this machine; nil: nothing.
    public let call: ProviderCall?

    /// - Parameter vendor: the kind of provider.
    public init(_ configuration: ProviderConfiguration?, of vendor: String, call: ProviderCall? = nil) {
        (name, self.configuration, self.call) = (configuration?.name ?? vendor, configuration, call)
    }
}
