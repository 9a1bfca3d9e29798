public import EpCore
import EpFiles
import Glibc

extension DiskCache {
    /// Files up to this size are read into memory to be staged, in bytes.
    private static let smallFile: Int64 = 1 << 20

    /// Writes a blob, for publishing. Not written if the cache has it already, every byte of it.
    public func stage(bytes: some ContiguousBytes) throws(Diagnostic) -> StagedBlob {
        let digest = Digest(of: bytes)
        if try isSound(digest) { return StagedBlob(digest: digest, file: nil) }
        return StagedBlob(digest: digest, file: try written(bytes))
    }

    /// Writes a blob that the cache does not have, and whose digest is known, for publishing.
    public func stage(_ bytes: some ContiguousBytes, as blob: Digest) throws(Diagnostic) -> StagedBlob {
        StagedBlob(digest: blob, file: try written(bytes))
    }

    /// Takes in a file as a blob, for publishing. A symbolic link stands for the file that it leads to.
    /// - Parameter movingIt: the file is the caller's no longer: it is renamed rather than copied where that is possible.
    public func stage(file path: String, movingIt: Bool) throws(Diagnostic) -> StagedBlob {
        // Looked at before it is opened: to open a pipe is to wait for somebody at its other end.
        guard FileStatus(path, followingLink: true)?.isRegular == true, let source = try File.reading(path), let status = source.status
        else {
            throw Diagnostic(.system, "cannot read \(path): not a regular file")
        }
        if movingIt, let moved = try stage(moving: source, status) { return moved }
        let staged = status.size <= Self.smallFile ? try stage(bytes: try source.readAll()) : try stage(copying: source)
        if movingIt { unlink(path) }
        return staged
    }

    /// Takes in a blob that the cache does not have, for publishing. It is written where it waits: no directory is made for it and removed.
    /// - Parameter write: writes these very bytes into a new file; false if they are not to be had.
    public func stage(_ blob: Digest, writing write: (_ path: String) async throws -> Bool) async throws -> StagedBlob? {
        let temporary = TemporaryFile(in: try writing.get().process)
        guard try await write(temporary.path) else { return nil }
        guard chmod(temporary.path, Self.blobMode) == 0 else { throw Diagnostic.system("write", temporary.path) }
        return StagedBlob(digest: blob, file: temporary)
    }

    /// Makes a result and its blobs durable and visible, the blobs first. Callers that come at the same time share
    /// the cost. Not cancelled with its task: what was paid for is kept.
    /// - Parameters:
    ///   - blobs: those that the result names and the cache did not have.
    ///   - isCopy: true if it stands in another cache, too: then it may wait a moment for others, though it was paid for.
    /// - Returns: what stands now: if there was a usable result already, that one.
    /// - Throws: `Diagnostic` if the disk is full or fails, or if a blob is neither staged nor in the cache;
    ///   then no part of the result is visible.
    public func publish(
        _ result: ActionResult, for action: ActionDigest, blobs: [StagedBlob] = [], isCopy: Bool = false
    ) async throws(Diagnostic) -> Published {
        try await publish(result, for: action, blobs: blobs, replacing: false, isCopy: isCopy)
    }

    func publish(
        _ result: ActionResult, for action: ActionDigest, blobs: [StagedBlob], replacing: Bool, isCopy: Bool = false
    ) async throws(Diagnostic) -> Published {
        let publication = try publication(of: result, for: action, blobs, replacing: replacing, isCopy: isCopy)
        return try await writing.get().committer.commit(publication) ?? Published(result: result, isFirst: true)
    }

    /// Not inlined: many wait for the disk at once, each with all that the function needs which waits.
    @inline(never) private func publication(
        of result: ActionResult, for action: ActionDigest, _ blobs: [StagedBlob], replacing: Bool, isCopy: Bool
    ) throws(Diagnostic) -> Publication {
        let staged = Set(blobs.lazy.map(\.digest))
        for output in result.outputs where !staged.contains(output.digest) {
            if try isUsable(output.digest) { continue }
            throw Diagnostic(
                .system, "the result for action \(action.digest.short) names output \(output.path), whose blob "
                    + "\(output.digest.short) is not in the cache",
                remedy: "build again: what is missing is fetched or made anew")
        }
        let entry = try written(result.encoded(for: action))
        return Publication(blobs: blobs, entry: .init(action: action, result: result, file: entry, replaces: replacing, isCopy: isCopy))
    }

    /// Makes blobs visible that no result names yet, such as those that were pulled from a shared cache.
    public func publish(blobs: [StagedBlob]) async throws(Diagnostic) {
        if blobs.allSatisfy({ $0.file == nil }) { return }
        _ = try await writing.get().committer.commit(Publication(blobs: blobs, entry: nil))
    }

    /// Nobody writes a blob again; what is executable is said by the result that names it.
    static let blobMode: mode_t = 0o444

    /// Whether a blob is there; if so, it counts as used, so that trimming spares it.
    func isUsable(_ blob: Digest) throws(Diagnostic) -> Bool {
        guard case .present(let status) = try files.presence(of: blob) else { return false }
        return files.stamp(.blobs, blob.hex, status)
    }

    /// The same, with its bytes read: what has just been made is not thrown away for the sake of a damaged blob.
    private func isSound(_ blob: Digest) throws(Diagnostic) -> Bool {
        guard try isUsable(blob) else { return false }
        return try files.examine(blob) == nil
    }

    /// A file with these bytes, closed again: hundreds wait to become durable at once, and descriptors are few.
    private func written(_ bytes: some ContiguousBytes) throws(Diagnostic) -> TemporaryFile {
        let temporary = TemporaryFile(in: try writing.get().process)
        let file = try File.creating(temporary.path, mode: Self.blobMode)
        try file.write(all: bytes)
        return temporary
    }

    /// - Returns: nil if the file cannot be renamed, or has another name by which it could be changed.
    private func stage(moving source: borrowing File, _ status: FileStatus) throws(Diagnostic) -> StagedBlob? {
        guard status.links == 1 else { return nil }
        let temporary = TemporaryFile(in: try writing.get().process)
        guard rename(source.path, temporary.path) == 0 else { return nil }
        // It may have been a link that was renamed, which leads elsewhere now.
        guard FileStatus(temporary.path)?.isSameFile(as: status) == true, fchmod(source.descriptor, Self.blobMode) == 0 else {
            guard rename(temporary.path, source.path) == 0 else { throw .system("read", source.path) }
            return nil
        }
        let digest = try source.digest()
        guard try !isSound(digest) else { return StagedBlob(digest: digest, file: nil) }
        return StagedBlob(digest: digest, file: temporary)
    }

    private func stage(copying source: borrowing File) throws(Diagnostic) -> StagedBlob {
        let known = try source.digest()
        if try isSound(known) { return StagedBlob(digest: known, file: nil) }
        guard lseek(source.descriptor, 0, SEEK_SET) == 0 else { throw .system("read", source.path) }
        let temporary = TemporaryFile(in: try writing.get().process)
        let file = try File.creating(temporary.path, mode: Self.blobMode)
        return StagedBlob(digest: try source.copy(to: file), file: temporary)
    }
}
