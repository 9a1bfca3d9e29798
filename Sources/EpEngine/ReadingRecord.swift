import EpCache
import EpCore
import EpPlan

/// That a program which did an action has read more than the action says: the labels of those files, under an address that the action's
/// gives.
///
/// With those files among its inputs it is another action, where its result stands, or the next such record. Its form is public:
/// `docs/cache-format.md`.
struct ReadingRecord {
    let action: ActionDigest
    /// Labels of files.
    let read: Set<Path>

    private static let output = "read"
    /// The most bytes that a list of labels may have.
    private static let limit: Int64 = 16 << 20

    static func address(of action: ActionDigest) -> ActionDigest {
        Action(arguments: ["epbuild:read"], outputs: [output], inputs: InputTree([.init(label: "action", digest: action.digest)])).digest
    }

    var address: ActionDigest { Self.address(of: action) }

    /// Each label with a zero byte behind it, in order.
    private var bytes: [UInt8] { read.sorted().flatMap { Array($0.text.utf8) + [0] } }

    var result: ActionResult { ActionResult(outputs: [.init(path: Self.output, digest: Digest(of: bytes))], servedBy: "epbuild") }

    private init(_ action: ActionDigest, parsing bytes: [UInt8]) {
        self.action = action
        read = Set(bytes.split(separator: 0).map { Path(String(decoding: $0, as: UTF8.self)) })
    }

    init(action: ActionDigest, read: Set<Path>) { (self.action, self.read) = (action, read) }

    /// What a cache says of an action; nil if it says nothing, or what it says is damaged.
    static func of(_ action: ActionDigest, in cache: DiskCache) -> ReadingRecord? {
        guard case .hit(let record) = cache.lookup(address(of: action), requiring: [output]), let blob = record[output], blob.size <= limit,
            let bytes = try? cache.bytes(blob)
        else { return nil }
        return ReadingRecord(action, parsing: bytes)
    }

    /// Looks for it in a shared cache, and copies it into the local one.
    static func fetch(_ action: ActionDigest, _ sharing: Sharing) async throws -> ReadingRecord? {
        guard try await sharing.fetch(address(of: action), requiring: [output]) != nil else { return nil }
        return of(action, in: sharing.cache)
    }

    /// Writes it down, after the result to which it leads. The first one stands.
    func store(in cache: DiskCache) async throws {
        _ = try await cache.publish(result, for: address, blobs: [try cache.stage(bytes: bytes)])
    }
}
