import EpCore
import Synchronization

/// What a remote was seen to hold and cannot be used: entries, and blobs that are damaged.
///
/// Entries that are damaged or that nobody who is trusted has signed are misses, so the next upload replaces them. Damaged blobs count as
/// missing from
/// then on, so that the next upload replaces them, too; else one bad blob would be in the way for ever.
final class Doubtful: Sendable {
    let trust: ResultTrust
    private let digests = Mutex<Set<Digest>>([])
    /// Damaged blobs and unusable entries that were met so far.
    private let met = Mutex(0)
    /// Entries that nobody who is trusted has signed.
    private let untrusted = Mutex(0)

    init(_ trust: ResultTrust) { self.trust = trust }

    var count: Int { met.withLock { $0 } }
    var untrustedCount: Int { untrusted.withLock { $0 } }
    func contains(_ blob: Digest) -> Bool { digests.withLock { $0.contains(blob) } }

    func insert(_ blob: Digest) {
        digests.withLock { _ = $0.insert(blob) }
        met.withLock { $0 += 1 }
    }

    /// Reads an entry; what cannot be used is counted.
    func result(_ bytes: [UInt8], for action: ActionDigest) -> SharedResult? {
        do throws(ResultTrust.Refusal) {
            return try trust.read(bytes, for: action)
        } catch {
            switch error {
            case .untrusted: untrusted.withLock { $0 += 1 }
            case .damaged: met.withLock { $0 += 1 }
            }
            return nil
        }
    }

    func remove(_ blob: Digest) { digests.withLock { _ = $0.remove(blob) } }
}

extension CacheStore {
    /// The result stored for an action, if all that another one has of outputs is there: one that others can use, and that therefore
    /// wins over a later one. An entry without an output, or whose blobs are gone or damaged, must not stand in the way of a good one.
    /// - Parameters:
    ///   - other: what is to be stored; those of its blobs that it does not carry are there already.
    ///   - missing: looks for blobs, where the store's own way may be behind the times.
    /// - Returns: the result without outputs that the other one does not have: nobody asks for them, however many are named.
    func completeResult(
        for action: ActionDigest, like other: SharedResult, missing: (([Digest]) async throws -> [Digest])? = nil
    ) async throws -> SharedResult? {
        guard let standing = try await sharedResult(for: action)?.having(other.result.outputs.map(\.path)) else { return nil }
        let blobs = Array(standing.blobs.subtracting(other.blobs))
        if blobs.isEmpty { return standing }
        let absent = if let missing { try await missing(blobs) } else { try await self.missing(of: blobs) }
        return absent.isEmpty ? standing : nil
    }
}
