public import EpCore
import EpFiles
import Glibc
import Synchronization

/// A cache in one file, to carry to a machine without a network: a `tar` of what a shared directory holds (`cas/ab/<64 hex>`, `ac/ab/<64
/// hex>`).
///
/// It is only written to: blobs before the results that name them. It stands under its name when `finish` has been called.
public final class ArchiveStore: CacheStore {
    public let name: String
    private let trust: ResultTrust
    private let state: Mutex<Writing>

    /// - Throws: `Diagnostic` (system) if nothing can be written beside `path`.
    public init(creating path: String, trust: ResultTrust = .anyone) throws(Diagnostic) {
        name = path
        self.trust = trust
        state = Mutex(try Writing(to: path))
    }

    /// How many results and blobs are in it.
    public var count: (results: Int, blobs: Int) { state.withLock { ($0.results.count, $0.blobs.count - 1) } }

    public func result(for action: ActionDigest) async throws -> ActionResult? { state.withLock { $0.results[action] } }

    @discardableResult
    public func store(_ result: ActionResult, for action: ActionDigest) async throws -> ActionResult? {
        let entry = trust.encoded(result, for: action)
        return try state.withLock { state throws(Diagnostic) -> ActionResult? in
            if let first = state.results[action] { return first == result ? nil : first }
            try state.append(entry, as: Self.path("ac", action.digest))
            state.results[action] = result
            return nil
        }
    }

    public func missing(of blobs: [Digest]) async throws -> [Digest] {
        state.withLock { state in blobs.filter { !state.blobs.contains($0) } }
    }

    /// Nothing is read back from an archive that is being made.
    public func fetch(_ blob: Digest, to path: String) async throws -> Bool { false }

    public func store(_ blob: Digest, from path: String) async throws {
        try state.withLock { state throws(Diagnostic) in
            guard !state.blobs.contains(blob) else { return }
            try state.append(fileAt: path, blob, as: Self.path("cas", blob))
            state.blobs.insert(blob)
        }
    }

    /// Ends the archive and puts it under its name, durably. Nothing may be stored after that.
    /// - Throws: `Diagnostic` (system); then what stood under the name still does.
    public func finish() throws(Diagnostic) {
        try state.withLock { state throws(Diagnostic) in try state.finish() }
    }

    private static func path(_ space: String, _ digest: Digest) -> String { "\(space)/\(digest.hex.prefix(2))/\(digest.hex)" }
}

/// The file that is being written, and what is in it.
private struct Writing: ~Copyable {
    private let name: String
    private let file: OpenFile
    var blobs: Set<Digest> = [.empty]
    var results: [ActionDigest: ActionResult] = [:]

    init(to path: String) throws(Diagnostic) {
        name = path
        do throws(FileError) {
            // Hidden, and beside the other, so that it can take its place.
            file = try OpenFile(creating: "\(Path(path).parent)/\(ReplacementFile.prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))")
        } catch {
            throw Files.unwritable(path, error.system)
        }
    }

    /// Once it stands under its own name, nothing has this one.
    deinit { unlink(file.path) }

    func append(_ bytes: [UInt8], as path: String) throws(Diagnostic) {
        let size = Int64(bytes.count)
        let padding = [UInt8](repeating: 0, count: TarArchive.padding(after: size))
        try local { () throws(FileError) in try file.write(TarArchive.head(name: path, size: size) + bytes + padding) }
    }

    /// - Throws: if the file is not the blob; then nothing is written.
    func append(fileAt source: String, _ blob: Digest, as path: String) throws(Diagnostic) {
        guard blob.size <= TarArchive.longest else { throw Diagnostic(.system, "\(source) is too long for an archive: over 8 GiB") }
        try local { () throws(FileError) in
            let blobFile = try OpenFile(reading: source)
            guard try blobFile.digest() == blob else { throw FileError(source, because: "it is not the blob \(blob.short)") }
            try blobFile.rewind()
            try file.write(TarArchive.head(name: path, size: blob.size))
            _ = try blobFile.copy(to: file)
            try file.write([UInt8](repeating: 0, count: TarArchive.padding(after: blob.size)))
        }
    }

    func finish() throws(Diagnostic) {
        try local { () throws(FileError) in
            try file.write(TarArchive.end)
            try file.synchronize()
        }
        guard rename(file.path, name) == 0 else { throw Files.unwritable(name) }
    }

    private func local(_ work: () throws(FileError) -> Void) throws(Diagnostic) {
        do throws(FileError) { try work() } catch { throw Diagnostic(.system, error.message) }
    }
}
