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
    func result(_ bytes: [UInt8]) -> ActionResult? {
        let result = ActionResult(remoteEntry: bytes)
        if result == nil { met.withLock { $0 += 1 } }
        return result
    }

    func remove(_ blob: Digest) { digests.withLock { _ = $0.remove(blob) } }
}

extension ActionResult {
    /// Reads an entry that epbuild or another REAPI client wrote; nil if it cannot be used. An empty file would be a result
    /// without outputs, but is what a crash leaves.
    init?(remoteEntry bytes: [UInt8]) {
        guard !bytes.isEmpty, let result = try? ActionResult(encoded: bytes, requireSeal: false) else { return nil }
        self = result
    }
}

extension CacheStore {
    /// The result stored for an action, if all of its blobs are there: one that others can use, and that therefore wins
    /// over a later one. An entry whose blobs are gone or damaged must not stand in the way of a good one.
    func completeResult(for action: ActionDigest) async throws -> ActionResult? {
        guard let result = try await result(for: action) else { return nil }
        return try await missing(of: result.outputs.map(\.digest)).isEmpty ? result : nil
    }
}
