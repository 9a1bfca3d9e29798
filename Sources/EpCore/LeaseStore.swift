/// Where machines agree who runs an action: small files, of which the first that is put under a name stands.
///
/// Only a store that can put a file where none stands, and tell that one does, can be this.
public protocol LeaseStore: Sendable {
    /// Puts a lease, if there is none of that name.
    /// - Returns: false if there is one.
    func create(_ lease: [UInt8], at name: LeaseName) async throws -> Bool

    /// Nil if there is none.
    func lease(at name: LeaseName) async throws -> [UInt8]?

    /// Puts a lease in the place of the one that its owner has put there.
    func renew(_ lease: [UInt8], at name: LeaseName) async throws

    /// It may be gone already.
    func remove(_ name: LeaseName) async throws
}

/// The lease of an action. Who takes over from an owner that is dead puts the next generation, which again one alone can do.
public struct LeaseName: Hashable, Sendable {
    public let action: ActionDigest
    public let generation: Int

    public init(_ action: ActionDigest, generation: Int) { (self.action, self.generation) = (action, generation) }

    /// Below a store's root.
    public var path: String { "leases/\(action.hex.prefix(2))/\(action.hex)-\(generation)" }
}
