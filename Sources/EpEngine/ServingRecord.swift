import EpCache
import EpCore

/// That another action has served in the place of a step's first: a result like any other, under an address that the first one's gives.
///
/// Its form is public: `docs/cache-format.md`.
struct ServingRecord {
    let first: ActionDigest
    /// The action that has served.
    let served: ActionDigest
    /// Who did, for people.
    let servedBy: String

    private static let output = "action"
    /// Longer than the digest of an action can be, in bytes.
    private static let limit: Int64 = 128

    var address: ActionDigest { Self.address(of: first) }

    static func address(of first: ActionDigest) -> ActionDigest {
        Action(arguments: ["epbuild:served"], outputs: [output], inputs: InputTree([.init(label: "first", digest: first.digest)])).digest
    }

    private var bytes: [UInt8] { Array("\(served)\n".utf8) }

    var result: ActionResult { ActionResult(outputs: [.init(path: Self.output, digest: Digest(of: bytes))], servedBy: servedBy) }

    /// The action that has served in the place of another, as a cache says; nil if it does not say, or what it says is damaged.
    static func named(for first: ActionDigest, in cache: DiskCache) -> ActionDigest? {
        guard case .hit(let record) = cache.lookup(address(of: first), requiring: [output]), let blob = record[output], blob.size <= limit,
            let bytes = try? cache.bytes(blob), bytes.last == UInt8(ascii: "\n")
        else { return nil }
        return Digest(parsing: String(decoding: bytes.dropLast(), as: UTF8.self)).map(ActionDigest.init)
    }

    /// Looks for it in a shared cache, and copies it into the local one.
    /// - Returns: the action that it names.
    static func fetch(for first: ActionDigest, _ sharing: Sharing) async throws -> ActionDigest? {
        guard try await sharing.fetch(address(of: first), requiring: [output]) != nil else { return nil }
        return named(for: first, in: sharing.cache)
    }

    /// Writes it down, after the result that it names. One that names another action, which was not to be had, is replaced.
    func store(in cache: DiskCache) async throws {
        if Self.named(for: first, in: cache) == served { return }
        let blob = try cache.stage(bytes: bytes)
        let standing = try await cache.publish(result, for: address, blobs: [blob]).result
        if standing.outputs != result.outputs { try await cache.adopt(result, for: address, blobs: [try cache.stage(bytes: bytes)]) }
    }
}
