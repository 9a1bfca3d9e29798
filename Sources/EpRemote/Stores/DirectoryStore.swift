public import EpCore
import EpFiles
import Glibc

/// A shared cache in a directory that every machine mounts, laid out as the local cache: `cas/ab/<64 hex>`,
/// `ac/ab/<64 hex>`, and `tmp/` for what is being written.
///
/// Works on file systems without locks: files appear under their names only when they are complete. Nothing is believed
/// when it is read back. Calls block on a few threads of the store's own. Errors are `RemoteError`s, and
/// `Diagnostic`s for trouble on this machine.
public struct DirectoryStore: EntryStore {
    public let name: String
    private let directory: SharedDirectory
    private let workers = WorkerPool(threads: 4)

    /// - Parameter path: absolute. The directory must be there: nothing is written where a share is not mounted.
    public init(path: String, trust: ResultTrust = .anyone) {
        directory = SharedDirectory(root: path, trust: trust)
        name = directory.root
    }

    public func sharedResult(for action: ActionDigest) async throws -> SharedResult? {
        let entry = directory.path("ac", action.digest)
        return try await run { directory throws(FileError) in
            try directory.entry(at: entry).flatMap { directory.damaged.result($0, for: action) }
        }
    }

    public var damagedAnswers: Int { directory.damaged.count }
    public var untrustedAnswers: Int { directory.damaged.untrustedCount }

    public func store(_ shared: SharedResult, for action: ActionDigest) async throws -> SharedResult? {
        let entry = directory.path("ac", action.digest)
        let isFirst = try await run { directory throws(FileError) in
            try directory.write(directory.damaged.trust.encoded(shared, for: action), to: entry, replacing: false)
        }
        if isFirst { return nil }
        if let first = try await completeResult(for: action, like: shared) { return first.result == shared.result ? nil : first }
        _ = try await run { directory throws(FileError) in
            try directory.write(directory.damaged.trust.encoded(shared, for: action), to: entry, replacing: true)
        }
        return nil
    }

    public func missing(of blobs: [Digest]) async throws -> [Digest] {
        try await run { directory throws(FileError) in
            try directory.check()
            var missing: [Digest] = []
            for blob in blobs {
                if try !directory.holds(blob) { missing.append(blob) }
            }
            return missing
        }
    }

    public func fetch(_ blob: Digest, to path: String) async throws -> Bool {
        try await run { directory throws(FileError) in try directory.fetch(blob, to: path) }
    }

    public func store(_ blob: Digest, from path: String) async throws {
        let isIntact = try await run { directory throws(FileError) in try directory.store(blob, from: path) }
        guard isIntact else { throw Diagnostic(.damagedCache, "\(path) is not the blob \(blob.short)") }
    }

    public var leases: (any LeaseStore)? { self }

    private func run<Value: Sendable>(
        _ work: @escaping @Sendable (SharedDirectory) throws(FileError) -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let outcome = await workers.run { [directory] in
            Result { () throws(FileError) in try work(directory) }
        }
        do throws(FileError) {
            return try outcome.get()
        } catch {
            guard directory.contains(error.path) else { throw Diagnostic(.system, error.message) }
            throw RemoteError(error)
        }
    }
}

extension DirectoryStore: LeaseStore {
    public func create(_ lease: [UInt8], at name: LeaseName) async throws -> Bool {
        try await run { directory throws(FileError) in try directory.write(lease, to: "\(directory.root)/\(name.path)", replacing: false) }
    }

    public func lease(at name: LeaseName) async throws -> [UInt8]? {
        try await run { directory throws(FileError) in try directory.entry(at: "\(directory.root)/\(name.path)") }
    }

    public func renew(_ lease: [UInt8], at name: LeaseName) async throws {
        _ = try await run { directory throws(FileError) in try directory.write(lease, to: "\(directory.root)/\(name.path)", replacing: true)
        }
    }

    public func remove(_ name: LeaseName) async throws {
        try await run { directory throws(FileError) in
            let path = "\(directory.root)/\(name.path)"
            guard unlink(path) == 0 || SystemError.last.isAbsence else { throw FileError(path) }
        }
    }
}

extension DirectoryStore {
    var trust: ResultTrust { directory.damaged.trust }

    func entry(for action: ActionDigest) async throws -> [UInt8]? {
        try await run { directory throws(FileError) in try directory.entry(at: directory.path("ac", action.digest)) }
    }

    func replace(_ entry: [UInt8], for action: ActionDigest) async throws {
        _ = try await run { directory throws(FileError) in
            try directory.write(entry, to: directory.path("ac", action.digest), replacing: true)
        }
    }
}

extension RemoteError {
    fileprivate init(_ error: FileError) {
        switch error.system.kind {
        case .noSpace: self.init(.full, "has no space left: \(error.message)")
        case .denied, .readOnly: self.init(.denied, "cannot be used: \(error.message)")
        case .absent, .notDirectory, .unreachable: self.init(.unreachable, "cannot be reached: \(error.message)")
        case .timedOut: self.init(.timedOut, "does not answer: \(error.message)")
        default: self.init(.broken, "does not work: \(error.message)")
        }
    }
}
