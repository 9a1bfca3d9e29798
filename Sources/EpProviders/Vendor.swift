public import EpPlan

/// A kind of provider: whatever is known of it stands in one file, and here is what all of them tell.
public protocol Vendor: Sendable {
    /// What `use:` calls it: `espeak`.
    var name: String { get }
    /// Other names that mean the same.
    var aliases: [String] { get }
    /// The programs without which it serves nobody.
    var programs: [Program] { get }
    /// Reads a provider's keys in `epbuild.yaml`, so that its mistakes are told at their places. Those of every provider have been read.
    func check(_ provider: inout Fields)
}

extension Vendor {
    public var aliases: [String] { [] }
    public var programs: [Program] { [] }
    public func check(_ provider: inout Fields) {}

    func isCalled(_ name: String) -> Bool { self.name == name || aliases.contains(name) }
}

extension [any Vendor] {
    /// The kinds of providers that these are.
    public var kinds: [ProviderKind] {
        map { vendor in ProviderKind([vendor.name] + vendor.aliases) { fields in vendor.check(&fields) } }
    }
}

/// What serving one question takes beside the question: who is asked, and with what.
public struct Serving: Sendable {
    /// Nil where the workspace configures none.
    public let configuration: ProviderConfiguration?
    public let services: Services
    public let prices: PriceTable
    /// The most that it may cost.
    public let call: ProviderCall?
    public let door: any CallDoor
    /// How often it is asked, as far as the stage says.
    let retry: RetrySettings
    /// True if nobody else may serve.
    public let isPatient: Bool

    init(
        _ configuration: ProviderConfiguration?, _ services: Services, call: ProviderCall?, door: any CallDoor, isPatient: Bool,
        retry: RetrySettings = RetrySettings()
    ) {
        (self.configuration, self.services, self.call, self.door, self.isPatient, self.retry) = (
            configuration, services, call, door, isPatient, retry
        )
        prices = PriceTable(configuration?.prices ?? [])
    }

    public init(_ job: Job, _ services: Services) {
        let service = job.step.service
        self.init(
            service?.configuration, services, call: service?.call, door: job.door, isPatient: !job.step.hasFallback, retry: job.step.retry)
    }
}
