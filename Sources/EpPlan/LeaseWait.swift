/// That a step waits, as another machine is making what both need.
public struct LeaseWait: Sendable, Hashable {
    /// Where the machines agree on it: the shared cache, as a person calls it.
    public let store: String

    public init(in store: String) { self.store = store }
}
