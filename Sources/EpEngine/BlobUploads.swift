import EpCore

/// Blobs on their way to a shared cache. What several results name is sent by one of them, and the others wait for it: of two writers at a
/// time, some servers fail one.
actor BlobUploads {
    private var uploads: [Digest: Task<Void, any Error>] = [:]

    func send(_ blob: Digest, _ store: @escaping @Sendable () async throws -> Void) async throws {
        let upload = uploads[blob] ?? Task { try await store() }
        uploads[blob] = upload
        defer { if uploads[blob] == upload { uploads[blob] = nil } }
        try await withTaskCancellationHandler { try await upload.value } onCancel: { upload.cancel() }
    }
}
