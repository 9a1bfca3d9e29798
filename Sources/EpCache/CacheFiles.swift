import EpCore
import EpFiles
import Glibc

/// The blobs and entries on disk: finds them, checks them, and sets aside what is damaged or cannot be read.
/// Knows nothing of committing, locking or trimming.
struct CacheFiles: Sendable {
    /// A blob or entry is stamped as used when its last stamp is older than this; trimming spares whatever was used
    /// within twice that time. So a hit costs no write most of the time, and is still safe for a while.
    static let stampAge: Duration = .seconds(30 * 60)

    let layout: CacheLayout
    /// Nil where the cache cannot be written.
    let process: ProcessDirectory?
    /// What could not be set aside, though it is of no use.
    let condemned = CondemnedFiles()
    let lent = LentBlobs()
    var onDamage: @Sendable (Diagnostic) -> Void

    // MARK: Entries

    enum Entry {
        case absent
        case sound(ResultEntry, FileStatus)
        /// Cannot be used, and was reported.
        case damaged(Diagnostic)
    }

    /// Reads an entry and checks every byte of it.
    func entry(for action: ActionDigest) throws(Diagnostic) -> Entry {
        let path = layout.entry(action)
        guard !condemned.contains(path) else { return .absent }
        switch try PlainFile.open(path) {
        case .absent: return .absent
        case .unusable(let reason): return .damaged(setAside(.entries, action.hex, FileStatus(path), .unreadable(reason)))
        case .opened(let file):
            let bytes: [UInt8]
            do throws(Diagnostic) {
                bytes = try file.file.readAll()
            } catch {
                return .damaged(setAside(.entries, action.hex, file.status, .unreadable(error.message)))
            }
            do throws(UnusableResult) {
                return .sound(try ResultEntry(canonical: bytes, for: action), file.status)
            } catch {
                return .damaged(setAside(.entries, action.hex, file.status, .wrong(error.reason)))
            }
        }
    }

    // MARK: Blobs

    enum Presence {
        case absent
        case present(FileStatus)
        case damaged(Diagnostic)
    }

    /// Whether a blob is there with the right size. Looks at its bytes only if the size is wrong.
    func presence(of blob: Digest) throws(Diagnostic) -> Presence {
        let path = layout.blob(blob)
        guard let status = FileStatus(path), status.isRegular, !condemned.contains(path) else { return .absent }
        if status.size == blob.size { return .present(status) }
        // Whoever asked may have the size wrong, so the file's name decides.
        guard let report = try examine(blob) else { return .absent }
        return .damaged(report)
    }

    func isPresent(_ blob: Digest) -> Bool {
        if case .present? = try? presence(of: blob) { true } else { false }
    }

    /// Reads a blob from its beginning. What cannot be read to its end, or is not the blob, is set aside and reported.
    /// - Parameter body: reads all of the file, and says what it has read; what it throws does not concern the blob.
    /// - Returns: nil if the blob is missing or damaged.
    func read<Value>(
        _ blob: Digest, _ body: (borrowing File) throws(Diagnostic) -> (found: Digest, value: Value)
    ) throws(Diagnostic) -> Value? {
        guard let file = try opened(blob) else { return nil }
        let (found, value): (Digest, Value)
        do throws(Diagnostic) {
            (found, value) = try body(file.file)
        } catch {
            // Either the blob cannot be read, or what was done with it has failed: to read it alone tells.
            guard let trouble = file.trouble() else { throw error }
            setAside(.blobs, blob.hex, file.status, .unreadable(trouble))
            return nil
        }
        return check(blob, against: found, file.status) == nil && found.size == blob.size ? value : nil
    }

    /// Opens a blob to read stretches of it, after all of its bytes have been checked.
    /// - Returns: nil if it is missing or damaged.
    func open(_ blob: Digest) throws(Diagnostic) -> VerifiedFile? {
        guard let opened = try opened(blob) else { return nil }
        let status = opened.status
        let file: VerifiedFile
        do throws(Diagnostic) {
            file = try VerifiedFile(opened.file)
        } catch {
            setAside(.blobs, blob.hex, status, .unreadable(error.message))
            return nil
        }
        return check(blob, against: file.digest, status) == nil && file.digest.size == blob.size ? file : nil
    }

    /// Nil if it is missing; or of no use, and set aside.
    func opened(_ blob: Digest) throws(Diagnostic) -> PlainFile? {
        let path = layout.blob(blob)
        guard !condemned.contains(path) else { return nil }
        switch try PlainFile.open(path) {
        case .absent: return try openedLent(blob)
        case .opened(let file): return file
        case .unusable(let reason):
            setAside(.blobs, blob.hex, FileStatus(path), .unreadable(reason))
            return nil
        }
    }

    /// A blob that is on its way to its place.
    private func openedLent(_ blob: Digest) throws(Diagnostic) -> PlainFile? {
        guard let path = lent.path(of: blob) else { return nil }
        // It may have arrived since it was looked for.
        for path in [path, layout.blob(blob)] {
            if case .opened(let file) = try PlainFile.open(path) { return file }
        }
        return nil
    }

    /// Hashes a blob. Damage is set aside and reported.
    /// - Returns: the report, or nil if the blob is sound or missing.
    func examine(_ blob: Digest) throws(Diagnostic) -> Diagnostic? {
        let path = layout.blob(blob)
        guard !condemned.contains(path) else { return nil }
        switch try PlainFile.open(path) {
        case .absent: return nil
        case .unusable(let reason): return setAside(.blobs, blob.hex, FileStatus(path), .unreadable(reason))
        case .opened(let file):
            do throws(Diagnostic) {
                return check(blob, against: try file.file.digest(), file.status)
            } catch {
                return setAside(.blobs, blob.hex, file.status, .unreadable(error.message))
            }
        }
    }

    /// Compares what was read with the name under which it lay; sets the file aside if they differ.
    private func check(_ blob: Digest, against found: Digest, _ status: FileStatus) -> Diagnostic? {
        if found.hex == blob.hex { return nil }
        return setAside(.blobs, blob.hex, status, .wrong("its bytes have the digest \(found.short)"))
    }

    /// Stamps a file as used now, if its stamp is old.
    /// - Returns: false if the file has gone.
    @discardableResult
    func stamp(_ section: Section, _ hex: String, _ status: FileStatus) -> Bool {
        guard status.modified < FileClock.moment(Self.stampAge, before: FileClock.now) else { return true }
        // Another user's file may refuse; it is there all the same.
        return utimensat(AT_FDCWD, layout.path(section, hex), nil, 0) == 0 || errno != ENOENT
    }
}
