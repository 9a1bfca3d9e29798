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
    /// In whose place it serves, as that is not on this machine; nil: nobody's.
    public let passedOver: PassedOver?

    /// True if whoever runs the step must know it: others are not kept, as there may be very many steps.
    var isNeeded: Bool { call != nil || isChecked || passedOver != nil || configuration.map { $0.retry != RetrySettings() } == true }

    /// - Parameters:
    ///   - vendor: the kind of provider.
    ///   - listener: who listens to what was spoken.
    ///   - isChecked: true if what a program makes is to be looked at before it is kept.
    ///   - passedOver: in whose place it serves.
    public init(
        _ configuration: ProviderConfiguration?, of vendor: String, call: ProviderCall? = nil, listener: ProviderConfiguration? = nil,
        isChecked: Bool = false, passedOver: PassedOver? = nil
    ) {
        (name, self.configuration, self.call) = (configuration?.name ?? vendor, configuration, call)
        (self.listener, self.isChecked, self.passedOver) = (listener, isChecked, passedOver)
    }
}

/// Who would serve if its program were on this machine. It is nothing that has failed, and nothing of it is on record.
public struct PassedOver: Sendable, Equatable {
    /// The provider's name, or its vendor's.
    public let name: String
    /// What brings the program.
    public let remedy: String

    public init(name: String, remedy: String) { (self.name, self.remedy) = (name, remedy) }
}
