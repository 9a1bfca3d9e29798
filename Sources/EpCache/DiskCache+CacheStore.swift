public import EpCore

extension DiskCache: CacheStore {
    public var name: String { path }

    public func result(for action: ActionDigest) async throws -> ActionResult? {
        if case .sound(let entry, _) = try files.entry(for: action) { entry.result } else { nil }
    }

    @discardableResult
    public func store(_ result: ActionResult, for action: ActionDigest) async throws -> ActionResult? {
        let standing = try await publish(result, for: action).result
        return standing == result ? nil : standing
    }

    public func missing(of blobs: [Digest]) async throws -> [Digest] { blobs.filter { !files.isPresent($0) } }

    @concurrent public func fetch(_ blob: Digest, to path: String) async throws -> Bool {
        try copyOut(blob, to: path)
    }

    @concurrent public func store(_ blob: Digest, from path: String) async throws {
        if files.isPresent(blob) { return }
        let staged = try stage(file: path, movingIt: false)
        guard staged.digest == blob else {
            throw Diagnostic(
                .system, "\(path) has the digest \(staged.digest.short), not \(blob.short)",
                remedy: "build again: the file was changed in the meantime")
        }
        try await publish(blobs: [staged])
    }
}
