/// A store of blobs and action results: the seam between the engine and every cache, near or far.
///
/// All operations may be called from many tasks at once. An implementation verifies what it reads: bytes that do
/// not have the digest they were asked by are reported as missing, never handed out.
public protocol CacheStore: Sendable {
    /// How a person knows the store: a path or a URL, without credentials.
    var name: String { get }

    /// How many answers so far were no results, or other bytes than those that were asked for. They count as misses.
    var damagedAnswers: Int { get }

    /// How many results were not used, as nobody who is trusted has signed them. They count as misses.
    var untrustedAnswers: Int { get }

    /// Where machines that use the store agree who runs an action; nil: the store cannot do that.
    var leases: (any LeaseStore)? { get }

    /// Where it can be seen who vouches for results; nil: the store cannot tell.
    var signing: (any SigningStore)? { get }

    /// Blobs up to this size, in bytes, are sent without asking whether they are there, as to ask costs as much.
    var unaskedSize: Int64 { get }

    /// True if small outputs are stored in the entry of their result.
    var inlines: Bool { get }

    /// The result stored for an action, or nil. Its blobs need not be there.
    func result(for action: ActionDigest) async throws -> ActionResult?

    /// The same, with the outputs that stand in its entry.
    func sharedResult(for action: ActionDigest) async throws -> SharedResult?

    /// Stores a result, unless there is one: the first wins. Its blobs must have been stored before.
    /// - Returns: the result that stands now, if it is another one.
    @discardableResult
    func store(_ result: ActionResult, for action: ActionDigest) async throws -> ActionResult?

    /// The same with outputs in its entry, for a store that inlines them. The others must have been stored before.
    func store(_ shared: SharedResult, for action: ActionDigest) async throws -> SharedResult?

    /// Which of the blobs are not there.
    func missing(of blobs: [Digest]) async throws -> [Digest]

    /// Writes a verified copy of a blob into a new file at `path`.
    /// - Returns: false if it is missing or damaged; then there is no such file.
    func fetch(_ blob: Digest, to path: String) async throws -> Bool

    /// Stores the file at `path`, whose digest is known, as a blob. The file stays.
    func store(_ blob: Digest, from path: String) async throws
}

extension CacheStore {
    public var damagedAnswers: Int { 0 }
    public var untrustedAnswers: Int { 0 }
    public var leases: (any LeaseStore)? { nil }
    public var unaskedSize: Int64 { 0 }
    public var inlines: Bool { false }
    public var signing: (any SigningStore)? { nil }

    public func sharedResult(for action: ActionDigest) async throws -> SharedResult? {
        try await result(for: action).map { SharedResult($0) }
    }

    public func store(_ shared: SharedResult, for action: ActionDigest) async throws -> SharedResult? {
        try await store(shared.result, for: action).map { SharedResult($0) }
    }
}
