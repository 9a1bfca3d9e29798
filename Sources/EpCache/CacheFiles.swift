import EpCore
import Glibc

/// The blobs and entries on disk: finds them, checks them, and sets aside what is damaged.
/// Knows nothing of committing, locking or trimming.
struct CacheFiles: Sendable {
    /// A blob or entry is stamped as used when its last stamp is older than this; trimming spares whatever was used
    /// within twice that time. So a hit costs no write most of the time, and is still safe for a while.
    static let stampAge: Duration = .seconds(30 * 60)

    let layout: CacheLayout
    let process: ProcessDirectory
    let onDamage: @Sendable (Diagnostic) -> Void

    // MARK: Entries

    enum Entry {
        case absent
        case sound(ActionResult, FileStatus)
        /// Cannot be used, and was reported.
        case damaged(Diagnostic)
    }

    /// Reads an entry and checks every byte of it.
    func entry(for action: ActionDigest) -> Entry {
        let bytes: [UInt8]
        let status: FileStatus
        do {
            guard let file = try File.reading(layout.entry(action)), let itsStatus = file.status else { return .absent }
            (bytes, status) = (try file.readAll(), itsStatus)
        } catch {
            onDamage(error)
            return .damaged(error)
        }
        do {
            let result = try ActionResult(encoded: bytes, requireSeal: true)
            // The seal covers what an entry means; to encode it again covers each byte.
            if result.encoded() == bytes { return .sound(result, status) }
            return .damaged(setAside(.entries, action.hex, status, reason: "bytes that do not belong there"))
        } catch {
            return .damaged(setAside(.entries, action.hex, status, reason: error.reason))
        }
    }

    // MARK: Blobs

    enum Presence {
        case absent
        case present(FileStatus)
        case damaged(Diagnostic)
    }

    /// Whether a blob is there with the right size. Looks at its bytes only if the size is wrong.
    func presence(of blob: Digest) -> Presence {
        guard let status = FileStatus(layout.blob(blob)), status.isRegular else { return .absent }
        if status.size == blob.size { return .present(status) }
        // Whoever asked may have the size wrong, so the file's name decides.
        guard let report = examine(blob) else { return .absent }
        return .damaged(report)
    }

    func isPresent(_ blob: Digest) -> Bool {
        if case .present = presence(of: blob) { true } else { false }
    }

    /// Opens a blob for reading; nil if it is missing or unreadable.
    func open(_ blob: Digest) throws(Diagnostic) -> File? { try File.reading(layout.blob(blob)) }

    /// Hashes a blob. Damage is set aside and reported.
    /// - Returns: the report, or nil if the blob is sound or missing.
    func examine(_ blob: Digest) -> Diagnostic? {
        do {
            guard let file = try open(blob), let status = file.status else { return nil }
            return check(blob, against: try file.digest(), status)
        } catch {
            onDamage(error)
            return error
        }
    }

    /// Compares what was read with the name under which it lay; sets the file aside if they differ.
    @discardableResult
    func check(_ blob: Digest, against found: Digest, _ status: FileStatus) -> Diagnostic? {
        if found == blob || found.hex == blob.hex { return nil }
        return setAside(.blobs, blob.hex, status, reason: "its bytes have the digest \(found.short)")
    }

    // MARK: Use and removal

    /// Stamps a file as used now, if its stamp is old.
    /// - Returns: false if the file has gone.
    @discardableResult
    func stamp(_ section: Section, _ hex: String, _ status: FileStatus) -> Bool {
        guard status.modified < WallClock.moment(Self.stampAge, before: WallClock.now) else { return true }
        // Another user's file may refuse; it is there all the same.
        return utimensat(AT_FDCWD, layout.path(section, hex), nil, 0) == 0 || errno != ENOENT
    }

    /// Takes a file out of its place, provided that it is still the one that was examined. If another has come
    /// in between (healed, or used again), that one stays.
    /// - Parameter target: where the file goes.
    func withdraw(_ path: String, to target: String, ifStill isSame: (FileStatus) -> Bool) -> Bool {
        guard let present = FileStatus(path), isSame(present), rename(path, target) == 0 else { return false }
        if let moved = FileStatus(target), isSame(moved) { return true }
        if link(target, path) == 0 || errno == EEXIST { unlink(target) }
        return false
    }

    /// Removes a file, provided that it is still the one that was examined.
    func remove(_ path: String, ifStill isSame: (FileStatus) -> Bool) -> Bool {
        withdraw(path, to: TemporaryFile(in: process).path, ifStill: isSame)
    }

    private func setAside(_ section: Section, _ hex: String, _ examined: FileStatus, reason: String) -> Diagnostic {
        let target = "\(layout.damaged)/\(section.rawValue)-\(hex)"
        if withdraw(layout.path(section, hex), to: target, ifStill: examined.isSameFile) {
            utimensat(AT_FDCWD, target, nil, 0)  // kept for a week from now
        }
        let what = section == .blobs ? "blob" : "result"
        let report = Diagnostic(
            .damagedCache, "cached \(what) \(hex.prefix(8)) is damaged (\(reason)) and was set aside in \(layout.damaged)",
            remedy: "nothing: what needs it is fetched or made again; if this repeats, check the disk", severity: .warning)
        onDamage(report)
        return report
    }
}
