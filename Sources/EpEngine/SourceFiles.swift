import EpCache
import EpCore
import EpPlan
import Glibc

/// The person's files as one build sees them. Keeps book of all that was looked at: that is what the memo checks.
///
/// A file is read once; its digest is taken over from the last build if its stat is the same.
final class SourceFiles: SourceReader {
    struct Record {
        let stat: FileStatus
        let digest: Digest
    }

    /// Every file that was looked at, by absolute path; nil: it was not there.
    private(set) var files: [String: Record?] = [:]
    /// Every directory that was listed.
    private(set) var directories: [String: FileStatus?] = [:]
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
        var paths: [String] = []
        try collect(pattern.split(separator: "/").map(String.init)[...], in: directory, into: &paths)
        return try paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap(file)
    }

    /// Forgets what was seen of a file, because this build has just written it.
    func forget(_ path: String) { files[path] = nil }

    /// Gives up the records of the last build, when all has been looked at.
    func forgetLastBuild() { known = [:] }

    private func look(_ path: String) throws -> Record? {
        guard var stat = FileStatus(path, followingLink: true), !stat.isDirectory else { return nil }
        if stat.isYoungerThanTick {
            // Written again within the same clock tick, it would look the same: a tick later it does not.
            usleep(WallClock.tickMicroseconds)
            guard let again = FileStatus(path, followingLink: true) else { return nil }
            stat = again
        }
        if let record = known[path], record.stat == stat { return record }
        let digest = try FileDigest.compute(path)
        guard FileStatus(path, followingLink: true) == stat else { throw DamagedInput("\(shown(path)) changed while it was read") }
        return Record(stat: stat, digest: digest)
    }

    private func collect(_ pattern: ArraySlice<String>, in directory: String, into paths: inout [String]) throws {
        guard let first = pattern.first else { return }
        let rest = pattern.dropFirst()
        if !first.contains(where: { $0 == "*" || $0 == "?" || $0 == "[" }) {
            let path = "\(directory)/\(first)"
            if rest.isEmpty { paths.append(path) } else { try collect(rest, in: path, into: &paths) }
            return
        }
        for entry in try list(directory) {
            let path = "\(directory)/\(entry.name)"
            if first == "**" {
                if entry.isDirectory { try collect(pattern, in: path, into: &paths) }
            } else if fnmatch(first, entry.name, 0) == 0 {
                if rest.isEmpty {
                    if !entry.isDirectory { paths.append(path) }
                } else if entry.isDirectory {
                    try collect(rest, in: path, into: &paths)
                }
            }
        }
        if first == "**" { try collect(rest, in: directory, into: &paths) }
    }

    /// What a directory holds, without hidden files and editors' backups.
    private func list(_ directory: String) throws -> [(name: String, isDirectory: Bool)] {
        directories[directory] = .some(FileStatus(directory, followingLink: true))
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var entries: [(name: String, isDirectory: Bool)] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
                String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix("."), !name.hasSuffix("~"), !name.hasPrefix("#"), !name.contains(".epbuild-") else { continue }
            let type = Int32(entry.pointee.d_type)
            let isDirectory = type == DT_DIR || (type == DT_LNK || type == DT_UNKNOWN) && FileStatus("\(directory)/\(name)", followingLink: true)?.isDirectory == true
            entries.append((name, isDirectory))
        }
        return entries
    }
}
