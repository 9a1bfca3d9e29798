import EpCache
import EpCore
import Glibc

/// What a build has looked at: files, missing files and patterns. Tells whether another build may come to something else,
/// and which directories to watch for that.
///
/// It knows states, not events: what was saved while the build ran differs from what the build saw.
public struct Footprint: Sendable {
    /// By absolute path; nil: it was not there.
    private var files: [String: SourceFiles.Record?]
    private var globs: [Glob: [String]]
    private var listed: Set<String>
    /// True if something was decided meanwhile that the build did not see.
    private var isOutdated: Bool

    init(_ sources: SourceFiles, isOutdated: Bool) {
        files = sources.files
        globs = sources.globs
        listed = Set(sources.directories.keys)
        self.isOutdated = isOutdated
    }

    /// How many files the build has looked at.
    public var count: Int { files.values.reduce(0) { $1 == nil ? $0 : $0 + 1 } }

    /// What differs from what the build has seen, as absolute paths; empty if nothing does. A file whose `stat` differs is read.
    /// - Parameter countingTouched: a file that was written again with the same contents counts too.
    public mutating func changes(countingTouched: Bool = false) -> [String] {
        var changes: Set<String> = []
        for (path, record) in files {
            let stat = Self.status(path)
            if stat == record?.stat { continue }
            guard let record, let stat, !countingTouched, (try? FileDigest.compute(path)) == record.digest else {
                changes.insert(path)
                continue
            }
            // Young files are read again: written once more within the same clock tick, they would look the same.
            if !stat.isYoungerThanTick { files[path] = .some(SourceFiles.Record(stat: stat, digest: record.digest)) }
        }
        for (glob, paths) in globs {
            var seen: Set<String> = []
            changes.formUnion(Set(glob.paths(Glob.Listener(onList: { seen.insert($0) }))).symmetricDifference(paths))
            listed.formUnion(seen)
        }
        if isOutdated, changes.isEmpty { changes.insert("episode.lock") }
        return changes.sorted()
    }

    /// The directories in which a change would show, as absolute paths. Of a directory that is missing, the nearest one above it.
    public var directories: Set<String> {
        var found: Set<String> = []
        for path in files.keys {
            found.insert(Self.parent(path))
            // What a link leads to changes elsewhere.
            if FileStatus(path)?.kind == .other, let target = realpath(path, nil) {
                found.insert(Self.parent(String(cString: target)))
                free(target)
            }
        }
        return Set(found.union(listed).map(Self.nearest))
    }

    private static func status(_ path: String) -> FileStatus? {
        FileStatus(path, followingLink: true).flatMap { $0.isDirectory ? nil : $0 }
    }

    private static func nearest(_ directory: String) -> String {
        var path = directory
        while path != "/", FileStatus(path, followingLink: true)?.isDirectory != true { path = parent(path) }
        return path
    }

    private static func parent(_ path: String) -> String {
        let parent = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        return parent.isEmpty ? "/" : String(parent)
    }
}
