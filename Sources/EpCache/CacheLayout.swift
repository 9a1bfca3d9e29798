import EpCore
import EpFiles
import Glibc

/// The two halves of the cache.
enum Section: String, Sendable {
    /// Blobs, by the digest of their bytes.
    case blobs = "cas"
    /// Action results, by the digest of their action.
    case entries = "ac"
}

/// Where everything lies below the cache's directory: as in Bazel's disk cache.
struct CacheLayout: Sendable {
    /// Absolute, or relative to where the process stands.
    let root: String

    func path(_ section: Section, _ hex: String) -> String {
        "\(root)/\(section.rawValue)/\(hex.prefix(2))/\(hex)"
    }

    func home(_ section: Section) -> String { "\(root)/\(section.rawValue)" }

    func blob(_ digest: Digest) -> String { path(.blobs, digest.hex) }
    func entry(_ action: ActionDigest) -> String { path(.entries, action.hex) }

    /// What is being written, by process.
    var temporary: String { "\(root)/tmp" }
    /// What trimming needs, and what was found damaged.
    var trimming: String { "\(root)/gc" }
    /// Held by whoever trims.
    var trimmingLock: String { "\(trimming)/lock" }
    var damaged: String { "\(trimming)/damaged" }
    /// What the last build of each episode refers to.
    var lastBuilds: String { "\(trimming)/last-builds" }
    /// Another file after each adoption.
    var adoptionMark: String { "\(trimming)/adopted" }
    /// The file whose byte ranges are the actions' locks.
    var locks: String { "\(root)/locks" }

    /// Creates what is missing, and moves aside what stands in its place.
    func create(_ tell: (Diagnostic) -> Void) throws(Diagnostic) {
        try Directory.makeOurs(root)
        for directory in ["\(root)/cas", "\(root)/ac", temporary, trimming, damaged, lastBuilds] {
            _ = heal(directory, tell)
            try Directory.makeOurs(directory)
        }
    }

    /// Makes a directory of the cache usable: what is no directory is moved aside, and one that nobody may enter is opened.
    /// - Returns: true if that was needed, and done.
    func heal(_ directory: String, _ tell: (Diagnostic) -> Void) -> Bool {
        guard directory.hasPrefix(root + "/"), let status = FileStatus(directory) else { return false }
        if status.isDirectory {
            guard access(directory, R_OK | W_OK | X_OK) != 0, errno == EACCES else { return false }
            return open(directory)
        }
        // Blobs and results may lie on another disk. What is removed must never be reached by a link.
        let isOfSection = [Section.blobs, .entries].contains { "\(directory)/".hasPrefix("\(root)/\($0.rawValue)/") }
        let mayBeLink = isOfSection && FileStatus(directory, followingLink: true)?.isDirectory == true
        return !mayBeLink && moveAside(directory, "no directory", tell)
    }

    /// Gives a directory of ours back its mode, if it has none: a cache that is read-only on purpose stays so.
    private func open(_ directory: String) -> Bool {
        guard let permissions = FilePermissions(directory), permissions.isOurs, permissions.mode & 0o700 == 0 else { return false }
        return chmod(directory, 0o755) == 0
    }

    /// Opens a file that exists to be locked, and puts a new one in place of what is none.
    func lockable(_ path: String, _ tell: (Diagnostic) -> Void) throws(Diagnostic) -> File {
        if FileStatus(path)?.isRegular == false { _ = moveAside(path, "no plain file", tell) }
        do throws(Diagnostic) {
            return try File.lockable(path)
        } catch {
            // Ours, and closed to us: its mode was taken away. The same file stays, as others may hold locks in it.
            guard chmod(path, 0o644) == 0 else { throw error }
            return try File.lockable(path)
        }
    }

    /// Renames what stands in the way of the cache's own files; nothing is lost.
    func moveAside(_ path: String, _ what: String, _ tell: (Diagnostic) -> Void) -> Bool {
        let number = String(UInt64.random(in: 0 ... .max), radix: 36)
        let isInSection = path.hasPrefix("\(root)/cas/") || path.hasPrefix("\(root)/ac/")
        let target = isInSection ? "\(damaged)/\(path.split(separator: "/").last ?? "")-\(number)" : "\(path).set-aside-\(number)"
        guard rename(path, target) == 0 else { return false }
        tell(Diagnostic(
            .damagedCache, "\(path) is \(what), and stands where the cache keeps its own: it was moved to \(target)",
            remedy: "nothing: the cache goes on without it; remove it if you want it no more", severity: .warning))
        return true
    }
}
