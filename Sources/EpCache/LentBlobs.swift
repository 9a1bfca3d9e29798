import EpCore
import Synchronization

/// Staged blobs that others of this process read already, before they are published: where they lie meanwhile.
final class LentBlobs: Sendable {
    private let files = Mutex<[String: TemporaryFile]>([:])

    func add(_ blobs: [StagedBlob]) {
        files.withLock { files in
            for blob in blobs { if let file = blob.file { files[blob.digest.hex] = file } }
        }
    }

    func remove(_ blobs: [StagedBlob]) {
        files.withLock { files in
            for blob in blobs where files[blob.digest.hex] === blob.file { files[blob.digest.hex] = nil }
        }
    }

    /// Whoever opens it may come too late: it has been moved to its place then.
    func path(of blob: Digest) -> String? { files.withLock { $0[blob.hex]?.path } }
}

extension DiskCache {
    /// Lets this process read staged blobs as if they were published. No result names them yet, and no other process sees them.
    public func lend(_ blobs: [StagedBlob]) { files.lent.add(blobs) }

    /// Ends that: they are published by now, or go away.
    public func takeBack(_ blobs: [StagedBlob]) { files.lent.remove(blobs) }
}
