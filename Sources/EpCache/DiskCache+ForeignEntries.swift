public import EpCore
import EpFiles

/// Entries as whichever client has written them, kept byte for byte: what a cache that is served to others holds.
///
/// They prove nothing to this machine's builds, which take them for damaged: a served cache is a directory of its own.
extension DiskCache {
    /// Entries and trees that are longer are not taken, in bytes.
    public static let longestEntry = 4 << 20
    private static let longestTree: Int64 = 64 << 20

    /// Why an entry of another client was not stored.
    public enum Refusal: Error, Sendable {
        /// It is no result, or of another action.
        case unusable(String)
        /// A blob that it names is not here.
        case lacks(Digest)
        case trouble(Diagnostic)
    }

    /// The bytes of an entry whose blobs are all here; nil if there is none. It and they count as used.
    public func foreignEntry(for action: ActionDigest) throws(Diagnostic) -> [UInt8]? {
        guard let (bytes, status) = try foreignBytes(.entries, layout.entry(action), action.hex) else { return nil }
        do throws(Refusal) {
            let blobs = try blobs(namedBy: bytes, for: action)
            // The entry before its blobs: so least-recently-used trimming takes it before them.
            guard files.stamp(.entries, action.hex, status) else { return nil }
            for blob in blobs where !(try isKept(blob)) { return nil }
            return bytes
        } catch {
            switch error {
            case .unusable(let reason): files.setAside(.entries, action.hex, status, .wrong(reason))
            case .lacks: break
            case .trouble(let problem): throw problem
            }
            return nil
        }
    }

    /// Makes an entry durable, in place of the one that stands.
    /// Outputs that stand in the entry become blobs, too: others may ask for them by themselves.
    /// - Throws: `Refusal` if it is none, or one of its blobs is neither here nor in it.
    public func publish(foreignEntry bytes: [UInt8], for action: ActionDigest) async throws(Refusal) {
        let named = try blobs(namedBy: bytes, for: action)
        let entry: ResultEntry
        do throws(UnusableResult) { entry = try ResultEntry(encoded: bytes, for: action) } catch { throw .unusable(error.reason) }
        var staged: [StagedBlob] = []
        for blob in named where !(try isKept(blob)) {
            guard let contents = entry.contents[blob] else { throw .lacks(blob) }
            do throws(Diagnostic) { staged.append(try stage(bytes: contents)) } catch { throw .trouble(error) }
        }
        do throws(Diagnostic) {
            let writing = try writing.get()
            let file = TemporaryFile(in: writing.process)
            try File.creating(file.path, mode: Self.blobMode).write(all: bytes)
            _ = try await writing.committer.commit(
                Publication(blobs: staged, entry: .init(action: action, result: entry.result, file: file, replaces: true)))
        } catch {
            throw .trouble(error)
        }
    }

    /// Makes a blob durable, its name too, before anything names it.
    public func publishNamed(_ blob: StagedBlob) async throws(Diagnostic) {
        _ = try await writing.get().committer.commit(Publication(blobs: [blob], entry: nil, isNameForced: true))
    }

    /// Whether this directory is a cache that epbuild serves to others: then who has put what is written down in it.
    var isServed: Bool { FileStatus("\(layout.root)/audit.jsonl")?.isRegular ?? false }

    /// What looking at an entry of a served cache has shown.
    enum Examination {
        /// It is what its client has put there, and nothing of it is gone. Foreign: nothing of epbuild's seals it.
        case whole(isForeign: Bool)
        /// A blob of it was gone, and so it was taken away.
        case dangling
        /// It was set aside.
        case damaged(Diagnostic)
        case absent
    }

    /// Looks at an entry as whoever is given it does, without counting as its use.
    func examineServed(_ file: CachedFile, of action: ActionDigest) throws(Diagnostic) -> Examination {
        var unreadable: Diagnostic?
        guard let (bytes, status) = try foreignBytes(.entries, layout.entry(action), action.hex, { unreadable = $0 }) else {
            return unreadable.map { .damaged($0) } ?? .absent
        }
        do throws(Refusal) {
            for blob in try blobs(namedBy: bytes, for: action) where !files.isPresent(blob) { throw .lacks(blob) }
            let entry = try? ResultEntry(encoded: bytes, for: action)
            return .whole(isForeign: entry.map { if case .none = $0.seal { true } else { false } } ?? true)
        } catch {
            switch error {
            case .lacks: return files.remove(file.path, ifStill: status.isSameFile) ? .dangling : .absent
            case .unusable(let reason): return .damaged(files.setAside(.entries, action.hex, status, .wrong(reason)))
            case .trouble(let problem): throw problem
            }
        }
    }

    /// All blobs that an entry needs, those in its trees too.
    private func blobs(namedBy bytes: [UInt8], for action: ActionDigest) throws(Refusal) -> [Digest] {
        guard !bytes.isEmpty else { throw .unusable("it is empty") }
        let named: NamedBlobs
        do throws(UnusableResult) {
            _ = try ResultEntry(encoded: bytes, for: action)
            named = try NamedBlobs(ofResult: bytes)
        } catch {
            throw .unusable(error.reason)
        }
        var blobs = named.files + named.trees
        for tree in named.trees { blobs += try files(in: tree) }
        return blobs
    }

    private func files(in tree: Digest) throws(Refusal) -> [Digest] {
        guard tree.size <= Self.longestTree else { throw .unusable("a tree of directories has \(tree.size) bytes") }
        let bytes: [UInt8]?
        do throws(Diagnostic) { bytes = try self.bytes(tree) } catch { throw .trouble(error) }
        guard let bytes else { throw .lacks(tree) }
        do throws(UnusableResult) { return try NamedBlobs.files(ofTree: bytes) } catch { throw .unusable(error.reason) }
    }

    private func isKept(_ blob: Digest) throws(Refusal) -> Bool {
        do throws(Diagnostic) { return try isUsable(blob) } catch { throw .trouble(error) }
    }

    /// - Parameter onUnreadable: is told of what was set aside.
    private func foreignBytes(
        _ section: Section, _ path: String, _ hex: String, _ onUnreadable: (Diagnostic) -> Void = { _ in }
    ) throws(Diagnostic) -> ([UInt8], FileStatus)? {
        switch try PlainFile.open(path) {
        case .absent: return nil
        case .unusable(let reason): onUnreadable(files.setAside(section, hex, FileStatus(path), .unreadable(reason)))
        case .opened(let opened):
            do throws(Diagnostic) {
                return (try opened.file.readAll(), opened.status)
            } catch {
                onUnreadable(files.setAside(section, hex, opened.status, .unreadable(error.message)))
            }
        }
        return nil
    }

    /// What an entry that is not epbuild's own names, as far as that can be told: for trimming.
    func foreignNames(_ bytes: [UInt8]) -> [String] {
        guard let named = try? NamedBlobs(ofResult: bytes) else { return [] }
        let within = named.trees.flatMap { tree in (try? files(in: tree)) ?? [] }
        return (named.files + named.trees + within).map(\.hex)
    }
}
