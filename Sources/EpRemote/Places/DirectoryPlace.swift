public import EpCore
import EpFiles
import Glibc

/// A directory that a web server serves. It must be there: nothing is written where a share is not mounted.
public struct DirectoryPlace: PublicPlace {
    public let name: String
    private let workers = WorkerPool(threads: 4)
    private let sweeping = OnceOnly()

    /// - Parameter path: absolute.
    public init(path: String) { name = path }

    public func digest(at path: String) async throws(Diagnostic) -> Digest? {
        try await run { root throws(FileError) in try open("\(root)/\(path)", in: root)?.digest() }
    }

    public func read(_ path: String) async throws(Diagnostic) -> [UInt8]? {
        try await run { root throws(FileError) in try open("\(root)/\(path)", in: root)?.contents() }
    }

    public func put(_ file: Digest, from source: String, at path: String) async throws(Diagnostic) {
        let isWhole = try await run { root throws(FileError) in
            let original = try OpenFile(reading: source)
            return try replace(path, in: root) { target throws(FileError) in try original.copy(to: target, limit: file.size) == file }
        }
        if !isWhole { throw Diagnostic(.badInput, "\(source) has changed while it was published", remedy: "publish again") }
    }

    public func put(_ bytes: [UInt8], at path: String) async throws(Diagnostic) {
        _ = try await run { root throws(FileError) in
            try replace(path, in: root) { target throws(FileError) in
                try target.write(bytes)
                return true
            }
        }
    }

    public func remove(_ path: String) async throws(Diagnostic) {
        try await run { root throws(FileError) in
            guard unlink("\(root)/\(path)") == 0 || SystemError.last.isAbsence else { throw FileError("\(root)/\(path)") }
            // Directories that are empty now go, too.
            var parent = Path(path).parent
            while !parent.isEmpty, rmdir("\(root)/\(parent)") == 0 { parent = Path(parent).parent }
        }
    }

    /// Nil if there is no such file, though the place is there.
    private func open(_ path: String, in root: String) throws(FileError) -> OpenFile? {
        do throws(FileError) {
            return try OpenFile(reading: path)
        } catch {
            guard error.system.isAbsence else { throw error }
            guard access(root, R_OK | X_OK) == 0 else { throw FileError(root) }
            return nil
        }
    }

    /// - Parameter write: false if it is not what it should be; then what stands there stays.
    private func replace(_ path: String, in root: String, _ write: (borrowing OpenFile) throws(FileError) -> Bool) throws(FileError) -> Bool
    {
        guard access(root, W_OK | X_OK) == 0 else { throw FileError(root) }
        if sweeping.isFirst() { sweep(root) }
        // All in one place, where the next run finds what a killed one has left.
        let temporary = "\(root)/\(ReplacementFile.prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let file = try OpenFile(creating: temporary)
        defer { unlink(temporary) }
        FileLock.tryTake(file.descriptor)
        guard try write(file) else { return false }
        try file.synchronize()
        if path.utf8.contains(UInt8(ascii: "/")) { try Directory.make(Path("\(root)/\(path)").parent, below: root) }
        guard rename(temporary, "\(root)/\(path)") == 0 else { throw FileError("\(root)/\(path)") }
        return true
    }

    /// Removes what killed processes have left.
    private func sweep(_ root: String) {
        guard let directory = try? OpenDirectory(RawPath(root)) else { return }
        while let entry = try? directory.next() {
            guard entry.name.begins(with: ReplacementFile.prefix) else { continue }
            let process = entry.name.shown.dropFirst(ReplacementFile.prefix.count).prefix { $0 != "-" }
            if let process = Int32(process) { directory.remove(entry.name, ofDead: process) }
        }
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable (String) throws(FileError) -> Value) async throws(Diagnostic) -> Value {
        let outcome = await workers.run { [name] in
            Result { () throws(FileError) in try work(name) }
        }
        do throws(FileError) {
            return try outcome.get()
        } catch {
            let isAway = error.path == name && error.system.isAbsence
            throw Diagnostic(.unavailable, error.message, remedy: isAway ? "make it, or mount it: `mkdir -p \(name)`" : nil)
        }
    }
}
