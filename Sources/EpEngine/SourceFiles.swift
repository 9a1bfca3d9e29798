import EpCache
import EpCore
import EpPlan
import Glibc

/// The person's files as one build sees them. Keeps book of all that was looked at: that is what the memo checks.
///
/// A file is read once; its digest is taken over from the last build if its stat is the same.
final class SourceFiles: SourceReader {
    struct Record: Sendable {
        let stat: FileStatus
        let digest: Digest
    }

    /// Every file that was looked at, by absolute path; nil: it was not there.
    private(set) var files: [String: Record?] = [:]
    /// Every directory that was listed.
    private(set) var directories: [String: FileStatus?] = [:]
    /// Every pattern that was asked for, with the paths that it stood for.
    private(set) var globs: [Glob: [String]] = [:]
    private var known: [String: Record]
    private let shownFrom: String

    /// - Parameters:
    ///   - known: records of the last build that can be relied on.
    ///   - shownFrom: the directory that paths in messages are relative to.
    init(known: [String: Record], shownFrom: String) {
        self.known = known
        self.shownFrom = shownFrom.hasSuffix("/") ? shownFrom : shownFrom + "/"
    }

    func shown(_ path: String) -> String {
        path.hasPrefix(shownFrom) ? String(path.dropFirst(shownFrom.count)) : path
    }

    func file(_ path: String) throws -> SourceFile? {
        if files[path] == nil { files[path] = .some(try look(path)) }
        return files[path]?.map { SourceFile(path: path, shown: shown(path), digest: $0.digest) }
    }

    func bytes(_ file: SourceFile) throws -> [UInt8] {
        guard let bytes = try Files.read(file.path), Digest(of: bytes) == file.digest else {
            throw DamagedInput("\(file.shown) changed while it was read")
        }
        return bytes
    }

    func glob(_ pattern: String, in directory: String) throws -> [SourceFile] {
        let glob = Glob(pattern: pattern, directory: directory)
        var oddNames: [String] = []
        let paths = glob.paths(Glob.Listener(
            onList: { self.directories[$0] = .some(FileStatus($0, followingLink: true)) }, onOddName: { oddNames.append($0) }))
        if let name = oddNames.min() {
            throw Diagnostic(.badInput, "the name of \(shown(name)) is not UTF-8", remedy: "rename it: \(pattern) stands for this file, too")
        }
        globs[glob] = paths
        return try paths.compactMap(file)
    }

    /// Forgets what was seen of a file, because this build has just written it.
    func forget(_ path: String) { files[path] = nil }

    /// Looks at a file that this build has just written. If somebody else has written it since, it counts as gone:
    /// whoever relies on what this build has seen looks at it again.
    func wrote(_ path: String, _ digest: Digest) throws {
        forget(path)
        if try file(path)?.digest != digest { files[path] = .some(nil) }
    }

    /// Gives up the records of the last build, when all has been looked at.
    /// - Returns: those of some files.
    func forgetLastBuild(keeping paths: [String]) -> [String: Record] {
        defer { known = [:] }
        return Dictionary(paths.compactMap { path in known[path].map { (path, $0) } }) { first, _ in first }
    }

    private func look(_ path: String) throws -> Record? {
        guard var stat = FileStatus(path, followingLink: true), !stat.isDirectory else { return nil }
        if stat.isYoungerThanTick {
            // Written again within the same clock tick, it would look the same: a tick later it does not.
            usleep(WallClock.tickMicroseconds)
            guard let again = FileStatus(path, followingLink: true) else { return nil }
            stat = again
        }
        if let record = known[path], record.stat == stat { return record }
        let digest = try digest(of: path)
        guard FileStatus(path, followingLink: true) == stat else { throw DamagedInput("\(shown(path)) changed while it was read") }
        return Record(stat: stat, digest: digest)
    }

    private func digest(of path: String) throws -> Digest {
        do {
            return try FileDigest.compute(path)
        } catch {
            guard access(path, R_OK) != 0 else { throw error }
            if errno == ENOENT { throw DamagedInput("\(shown(path)) changed while it was read") }
            throw Files.unreadable(shown(path))
        }
    }
}
