import EpCore

/// Blobs on their way to a shared cache. What several results name is sent once, and each of them waits for it: of two writers at a time,
/// some servers fail one.
actor BlobUploads {
    private var uploads: [Digest: Task<Void, any Error>] = [:]

    /// - Parameter again: true if what was sent before is damaged there.
    func send(_ blob: Digest, again: Bool, _ store: @escaping @Sendable () async throws -> Void) async throws {
        let upload = (again ? nil : uploads[blob]) ?? Task { try await store() }
        uploads[blob] = upload
        do {
            try await withTaskCancellationHandler { try await upload.value } onCancel: { upload.cancel() }
        } catch {
            if uploads[blob] == upload { uploads[blob] = nil }
            throw error
        }
    }
}
