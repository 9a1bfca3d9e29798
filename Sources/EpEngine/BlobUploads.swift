import EpCache
import EpCore

/// Blobs on their way to a shared cache. What several results name is sent by one of them, and the others wait for it: of two writers at a
/// time, some servers fail one.
actor BlobUploads {
    private let cache: DiskCache
    private let remote: any CacheStore
    private var uploads: [Digest: Task<Void, any Error>] = [:]
    /// Those of the page that goes on which are known to be there.
    private var known: Set<Digest> = []
    /// Those of the page that did not get there.
    private var failures: [Digest: any Error] = [:]

    /// What may be on its way at once: blobs, and their bytes as far as a store may hold them in memory.
    private static let (width, room) = (128, Int64(8 << 20))
    /// More than this of a blob is never in memory.
    private static let largest = Int64(512 << 10)

    init(from cache: DiskCache, to remote: any CacheStore) {
        (self.cache, self.remote) = (cache, remote)
    }

    /// Asks for the blobs of a page of results in one question, and sends what is missing. Results that name what fails are not shared.
    func begin(with blobs: Set<Digest>) async {
        (known, failures) = ([], [:])
        let unasked = blobs.filter { $0.size <= remote.unaskedSize }
        guard let missing = try? await remote.missing(of: Array(blobs.subtracting(unasked))) else { return }
        known = blobs.subtracting(unasked).subtracting(missing)
        await sendAll(missing + unasked)
    }

    /// Sees to it that blobs are there.
    /// - Parameter again: they are asked for anew: what was there has turned out to be damaged.
    func send(_ blobs: Set<Digest>, again: Bool) async throws {
        if again { known.subtract(blobs) }
        for blob in blobs { if let failure = failures[blob] { throw failure } }
        let doubtful = blobs.subtracting(known)
        guard !doubtful.isEmpty else { return }
        for blob in try await remote.missing(of: Array(doubtful)) { try await send(blob) }
        known.formUnion(doubtful)
    }

    private func sendAll(_ blobs: [Digest]) async {
        await withTaskGroup(of: Digest.self) { group in
            var (count, bytes) = (0, Int64(0))
            for blob in blobs {
                let weight = min(blob.size, Self.largest)
                while count >= Self.width || (count > 0 && bytes + weight > Self.room), let sent = await group.next() {
                    (count, bytes) = (count - 1, bytes - min(sent.size, Self.largest))
                }
                (count, bytes) = (count + 1, bytes + weight)
                group.addTask {
                    do { try await self.send(blob) } catch { await self.fail(blob, error) }
                    return blob
                }
            }
        }
    }

    private func fail(_ blob: Digest, _ error: any Error) { failures[blob] = error }

    private func send(_ blob: Digest) async throws {
        let upload = uploads[blob] ?? Task { [cache, remote] in try await remote.store(blob, from: cache.blobPath(blob)) }
        uploads[blob] = upload
        defer { if uploads[blob] == upload { uploads[blob] = nil } }
        try await withTaskCancellationHandler { try await upload.value } onCancel: { upload.cancel() }
        known.insert(blob)
    }
}
