import EpCache
public import EpCore
import EpFiles

/// What a build has looked at: files, missing files and patterns. Tells whether another build may come to something else,
/// and which directories to watch for that.
///
/// It knows states, not events: what was saved while the build ran differs from what the build saw.
public struct Footprint: Sendable {
    /// By absolute path; nil: it was not there.
    private var files: FileTable
    private let globs: [Glob: [String]?]
    private var listed: Set<Path>
    /// True if something was decided meanwhile that the build did not see.
    private var isOutdated: Bool
    /// When a date comes that the build waits for: seconds since 1970. Nil: it waits for none.
    public let nextMoment: Int64?
    private let clock: WallClock

    init(_ sources: SourceFiles, isOutdated: Bool, nextMoment: Int64? = nil, clock: WallClock = .system) {
        let unread = sources.unreadable.union(sources.deadLinks)
        files = sources.files
        for path in unread where files[path] == nil { files[path] = .some(nil) }
        globs = sources.globs
        listed = Set(sources.directories.keys)
        self.isOutdated = isOutdated
        self.nextMoment = nextMoment
        self.clock = clock
    }

    /// How many files the build has looked at.
    public var count: Int { files.count }

    /// What differs from what the build has seen, as absolute paths; empty if nothing does. A file whose `stat` differs is read.
    /// - Parameter countingTouched: a file that was written again with the same contents counts too.
    public mutating func changes(countingTouched: Bool = false) -> [String] {
        var changes: Set<Path> = []
        for (path, record) in files.all {
            let stat = Self.status(path.text)
            if stat == record?.stat { continue }
            guard let record, let stat, !countingTouched || stat.doubtful == record.stat,
                (try? FileDigest.compute(path.text)) == record.digest
            else {
                changes.insert(path)
                continue
            }
            // Young files are read again: written once more within the same clock tick, they would look the same.
            if !stat.isYoungerThanTick { files[path] = .some(SourceFiles.Record(stat: stat, digest: record.digest)) }
        }
        for (glob, paths) in globs {
            var seen: Set<Path> = []
            let now = try? glob.paths(Glob.Listener(onList: { seen.insert(Path($0)) }))
            listed.formUnion(seen)
            // What could not be told and cannot be told still is no change.
            if now == nil, paths == nil { continue }
            changes.formUnion(Set((now ?? []).map { Path($0) }).symmetricDifference((paths ?? []).map { Path($0) }))
            if (now == nil) != (paths == nil) { changes.insert(glob.directory) }
        }
        if isOutdated, changes.isEmpty { changes.insert("episode.lock") }
        if let nextMoment, nextMoment <= clock.now().wholeSeconds { changes.insert("a date has come") }
        return changes.sorted().map(\.text)
    }

    /// The directories in which a change would show, as absolute paths. Of a directory that is missing, the nearest one above it.
    public var directories: Set<Path> {
        var found: Set<Path> = []
        for (path, _) in files.all {
            found.insert(Self.parent(path.text))
            // What a link leads to changes elsewhere.
            if FileStatus(path.text)?.kind == .link, let target = Files.resolved(path.text) { found.insert(Self.parent(target)) }
        }
        return Set(found.union(listed).map(Self.nearest))
    }

    /// Nil for what is no plain file: nothing of it can be read.
    private static func status(_ path: String) -> FileStatus? {
        FileStatus(path, followingLink: true).flatMap { $0.isRegular ? $0 : nil }
    }

    private static func nearest(_ directory: Path) -> Path {
        var path = directory
        while path != "/", FileStatus(path.text, followingLink: true)?.isDirectory != true { path = parent(path.text) }
        return path
    }

    private static func parent(_ path: String) -> Path {
        let parent = Path(path).parent
        return parent.isEmpty ? "/" : Path(parent)
    }
}
