import CLinux
public import EpCore
import EpFiles
import Glibc

/// What the cache knows of an action.
public enum Lookup: Sendable, Hashable {
    /// The entry is sound, names every declared output, and each of its blobs is there.
    case hit(ActionResult)
    case miss
    /// Something that the hit would have needed was damaged; it was set aside and reported. Counts as a miss.
    case damaged(Diagnostic)
}

extension DiskCache {
    /// Looks an action up: some microseconds, and one `stat` per output. The blobs' bytes are not read here.
    /// - Parameter outputs: the declared outputs; an entry without one of them is no hit.
    public func lookup(_ action: ActionDigest, requiring outputs: [String]) -> Lookup {
        do throws(Diagnostic) {
            return try find(action, requiring: outputs)
        } catch {
            files.onDamage(error)
            return .damaged(error)
        }
    }

    private func find(_ action: ActionDigest, requiring outputs: [String]) throws(Diagnostic) -> Lookup {
        let result: ActionResult
        let status: FileStatus
        switch try files.entry(for: action) {
        case .absent: return .miss
        case .damaged(let report): return .damaged(report)
        case .sound(let found, let itsStatus): (result, status) = (found.result, itsStatus)
        }
        guard outputs.allSatisfy(result.has) else { return .miss }
        var blobs: [(Digest, FileStatus)] = []
        for output in result.outputs {
            switch try files.presence(of: output.digest) {
            case .absent: return .miss
            case .damaged(let report): return .damaged(report)
            case .present(let itsStatus): blobs.append((output.digest, itsStatus))
            }
        }
        // The entry before its blobs: so least-recently-used trimming takes it before them.
        guard files.stamp(.entries, action.hex, status) else { return .miss }
        for (blob, itsStatus) in blobs where !files.stamp(.blobs, blob.hex, itsStatus) { return .miss }
        return .hit(result)
    }

    /// The blob with a hash, if it is there; its bytes are not read.
    /// - Parameter hex: 64 lower-case hexadecimal digits.
    public func blob(sha256 hex: String) -> Digest? {
        guard let digest = Digest(hex: hex, size: 0), let status = FileStatus(layout.blob(digest)), status.isRegular else { return nil }
        return Digest(hex: hex, size: status.size)
    }

    /// The verified bytes of a blob; nil if it is missing or damaged.
    public func bytes(_ blob: Digest) throws(Diagnostic) -> [UInt8]? {
        try files.read(blob) { file throws(Diagnostic) in
            let bytes = try file.readAll()
            return (Digest(of: bytes), bytes)
        }
    }

    /// Opens a blob to read stretches of it, after all of its bytes have been checked; nil if it is missing or damaged.
    public func open(_ blob: Digest) throws(Diagnostic) -> VerifiedFile? {
        try files.open(blob)
    }

    /// Whether a blob is there and every byte of it is right.
    public func verify(_ blob: Digest) -> Bool {
        do throws(Diagnostic) {
            guard files.isPresent(blob) else { return false }
            return try files.examine(blob) == nil
        } catch {
            return false
        }
    }

    /// Writes a verified copy of a blob to `path`, replacing a file that is there: never a hard link, so that whoever
    /// edits the copy leaves the cache alone; a reflink where the file system can. Missing directories are made.
    /// The copy is not forced to disk.
    /// - Returns: false if the blob is missing or damaged; then `path` is as it was.
    public func copyOut(_ blob: Digest, to path: String, executable: Bool = false) throws(Diagnostic) -> Bool {
        let target = try UnnamedFile(for: path, executable: executable)
        guard try fill(target.file, with: blob) else { return false }
        try target.publish()
        return true
    }

    /// As `copyOut`, of a file that is not the cache's: what is copied is checked as it is written.
    /// - Returns: false if the file is gone or has other bytes; then `path` is as it was.
    public static func copy(_ source: String, to path: String, executable: Bool, expecting digest: Digest) throws(Diagnostic) -> Bool {
        guard let file = try File.reading(source) else { return false }
        let target = try UnnamedFile(for: path, executable: executable)
        guard try file.copy(to: target.file) == digest else { return false }
        try target.publish()
        return true
    }

    /// What became of a copy to a place that somebody else may write to.
    public enum CopyOutcome: Sendable { case written, damaged, changedMeanwhile }

    /// As `copyOut`, but only if at `path` there still is what the caller has seen there: nobody's work is replaced.
    /// - Parameter expected: what that is; nil: no file.
    public func copyOut(_ blob: Digest, to path: String, over expected: Digest?) throws(Diagnostic) -> CopyOutcome {
        let target = try UnnamedFile(for: path, executable: false)
        guard try fill(target.file, with: blob) else { return .damaged }
        return try target.publish(over: expected) ? .written : .changedMeanwhile
    }

    /// Writes bytes to `path` only if there still is what the caller has seen there. Forced to disk.
    /// - Parameter expected: what that is; nil: no file.
    /// - Returns: false if something else is there; then all is as it was.
    public static func write(_ bytes: [UInt8], to path: String, over expected: Digest?) throws(Diagnostic) -> Bool {
        let target = try UnnamedFile(for: path, executable: false)
        try target.file.write(all: bytes)
        guard fsync(target.file.descriptor) == 0 else { throw .system("write", path) }
        return try target.publish(over: expected)
    }

    /// - Returns: false if the blob is missing or damaged.
    private func fill(_ target: borrowing File, with blob: Digest) throws(Diagnostic) -> Bool {
        let copied: Void? = try files.read(blob) { source throws(Diagnostic) in
            (target.clone(source) ? try target.digest() : try source.copy(to: target), ())
        }
        return copied != nil
    }
}

extension File {
    /// Makes this file share the other's bytes on disk, copied on write.
    /// - Returns: false if the file system cannot.
    fileprivate func clone(_ source: borrowing File) -> Bool {
        ioctl(descriptor, UInt(FICLONE), source.descriptor) == 0
    }
}
