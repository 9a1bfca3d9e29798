/// Who serves a step, and what that may cost. Never part of an address.
public final class Service: Sendable {
    /// The provider's name, or its vendor's where the workspace configures none, for people.
    public let name: String
    /// How the workspace configures it; nil: it does not.
    public let configuration: ProviderConfiguration?
    /// What is asked beyond this machine; nil: nothing.
    public let call: ProviderCall?

    /// Who listens to what was spoken; nil: nobody whom the workspace configures.
    public let listener: ProviderConfiguration?
    /// True if what a program makes is looked at before it is kept.
    public let isChecked: Bool

    /// True if whoever runs the step must know it: others are not kept, as there may be very many steps.
    var isNeeded: Bool { call != nil || isChecked || configuration.map { $0.retry != RetrySettings() } == true }

    /// - Parameters:
    ///   - vendor: the kind of provider.
    ///   - listener: who listens to what was spoken.
    ///   - isChecked: true if what a program makes is to be looked at before it is kept.
    public init(
        _ configuration: ProviderConfiguration?, of vendor: String, call: ProviderCall? = nil, listener: ProviderConfiguration? = nil,
        isChecked: Bool = false
    ) {
        (name, self.configuration, self.call) = (configuration?.name ?? vendor, configuration, call)
        (self.listener, self.isChecked) = (listener, isChecked)
    }
}
