import EpCore
import EpFiles
import Glibc
import Synchronization

/// Paths of files that are of no use and could not be moved away: they count as missing, until something takes their place.
final class CondemnedFiles: Sendable {
    private let paths = Mutex<Set<String>>([])

    func contains(_ path: String) -> Bool { paths.withLock { !$0.isEmpty && $0.contains(path) } }
    func insert(_ path: String) { paths.withLock { _ = $0.insert(path) } }
    func remove(_ path: String) { paths.withLock { _ = $0.remove(path) } }
}

/// Takes files out of their places, and puts others into them.
extension CacheFiles {
    /// Why something is set aside.
    enum Fault {
        case wrong(String)
        case unreadable(String)
    }

    /// Moves a blob or an entry out of its place, provided that it is still what was examined, and tells of it.
    /// - Parameter examined: nil if nothing is there any more, or nothing that can be seen.
    @discardableResult
    func setAside(_ section: Section, _ hex: String, _ examined: FileStatus?, _ fault: Fault) -> Diagnostic {
        let path = layout.path(section, hex)
        let trouble = takeAway(path, to: "\(layout.damaged)/\(section.rawValue)-\(hex)", examined)
        if trouble != nil { condemned.insert(path) }
        let what = section == .blobs ? "blob" : "result"
        let (state, reason) = switch fault {
        case .wrong(let reason): ("is damaged", reason)
        case .unreadable(let reason): ("cannot be read", reason)
        }
        let end = trouble.map { "cannot be moved away (\($0.reason)): it counts as missing" } ?? "was set aside in \(layout.damaged)"
        let report = Diagnostic(
            .damagedCache, "cached \(what) \(hex.prefix(8)) \(state) (\(reason)) and \(end)",
            remedy: "nothing: what needs it is fetched or made again; if this repeats, check the disk", severity: .warning)
        onDamage(report)
        return report
    }

    /// - Returns: why it stands there still; nil if it does not.
    private func takeAway(_ path: String, to target: String, _ examined: FileStatus?) -> SystemError? {
        guard let examined else { return access(path, F_OK) == 0 || errno == ENOENT ? nil : .last }
        if case .failed(let error) = withdraw(path, to: target, ifStill: examined.isSameFile) { return error }
        return nil
    }

    enum Withdrawal {
        case moved
        /// Another file stands there by now, or none.
        case isAnother
        case failed(SystemError)
    }

    /// Takes a file out of its place, provided that it is still the one that was examined. If another has come
    /// in between (healed, or used again), that one stays.
    /// - Parameter target: where the file goes; beside it, if something stands there that it cannot replace.
    func withdraw(_ path: String, to target: String, ifStill isSame: (FileStatus) -> Bool) -> Withdrawal {
        guard let present = FileStatus(path), isSame(present) else { return .isAnother }
        var target = target
        if rename(path, target) != 0 {
            let error = SystemError.last
            target = "\(target)-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
            if error.isAbsence { try? layout.create(onDamage) }
            guard error.kind != .denied, error.kind != .readOnly, rename(path, target) == 0 else {
                return FileStatus(path) == nil ? .isAnother : .failed(error)
            }
        }
        if let moved = FileStatus(target), isSame(moved) {
            utimensat(AT_FDCWD, target, nil, AT_SYMLINK_NOFOLLOW)  // kept for a week from now
            return .moved
        }
        if link(target, path) == 0 || errno == EEXIST { unlink(target) }
        return .isAnother
    }

    /// Removes a file, provided that it is still the one that was examined.
    func remove(_ path: String, ifStill isSame: (FileStatus) -> Bool) -> Bool {
        guard let process, case .moved = withdraw(path, to: TemporaryFile(in: process).path, ifStill: isSame) else { return false }
        return true
    }

    /// Moves a file that was written to its place; what stands in its way and is no file of the cache is moved aside.
    /// - Returns: 0, or the value of `errno`. `EEXIST` only if `replacing` is false.
    func install(_ file: TemporaryFile, at path: String, replacing: Bool) -> Int32 {
        var code = file.move(to: path, replacing: replacing)
        if code != 0, code != EEXIST, makeRoom(for: path) { code = file.move(to: path, replacing: replacing) }
        if code == 0 { condemned.remove(path) }
        return code
    }

    /// - Returns: true if something was in the way and is so no longer.
    private func makeRoom(for path: String) -> Bool {
        let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        if layout.heal(directory, onDamage) { return true }
        guard FileStatus(path)?.isDirectory == true else { return false }
        return layout.moveAside(path, "a directory", onDamage)
    }
}
