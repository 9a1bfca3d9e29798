import EpCore
import Synchronization

/// The blobs that a remote was seen to hold damaged. They count as missing from then on, so that the next
/// upload replaces them; else one bad blob would be in the way for ever.
final class DamagedBlobs: Sendable {
    private let digests = Mutex<Set<Digest>>([])
    /// Damaged blobs and unusable entries that were met so far.
    private let met = Mutex(0)

    var count: Int { met.withLock { $0 } }
    func contains(_ blob: Digest) -> Bool { digests.withLock { $0.contains(blob) } }

    func insert(_ blob: Digest) {
        digests.withLock { _ = $0.insert(blob) }
        met.withLock { $0 += 1 }
    }

    /// Reads an entry; what cannot be used is counted.
    func result(_ bytes: [UInt8], for action: ActionDigest) -> ActionResult? {
        let result = ActionResult(remoteEntry: bytes, for: action)
        if result == nil { met.withLock { $0 += 1 } }
        return result
    }

    func remove(_ blob: Digest) { digests.withLock { _ = $0.remove(blob) } }
}

extension ActionResult {
    /// Reads an entry that epbuild or another REAPI client wrote; nil if it cannot be used. An empty file would be a result
    /// without outputs, but is what a crash leaves.
    init?(remoteEntry bytes: [UInt8], for action: ActionDigest) {
        guard !bytes.isEmpty, let entry = try? ResultEntry(encoded: bytes, for: action) else { return nil }
        self = entry.result
    }
}

extension CacheStore {
    /// The result stored for an action, if all that another one has of outputs is there: one that others can use, and that therefore
    /// wins over a later one. An entry without an output, or whose blobs are gone or damaged, must not stand in the way of a good one.
    /// - Returns: the result without outputs that the other one does not have: nobody asks for them, however many are named.
    func completeResult(for action: ActionDigest, like other: ActionResult) async throws -> ActionResult? {
        guard let result = try await result(for: action)?.having(other.outputs.map(\.path)) else { return nil }
        return try await missing(of: Array(Set(result.outputs.map(\.digest)))).isEmpty ? result : nil
    }
}
