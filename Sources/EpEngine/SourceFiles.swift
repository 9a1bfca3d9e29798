import EpCache
import EpCore
import EpFiles
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
    private(set) var files: FileTable
    /// Files that could not be read: whoever waits for a change waits for one of them, too.
    private(set) var unreadable: Set<Path> = []
    /// Every directory that was listed.
    private(set) var directories: [Path: FileStatus?] = [:]
    /// Every pattern that was asked for, with the paths that it stood for; nil: it could not be told.
    private(set) var globs: [Glob: [String]?] = [:]
    /// Links to nothing, behind which a pattern might have found files.
    private(set) var deadLinks: Set<Path> = []
    /// Of patterns that were asked for: what may have been meant as well.
    private var overlooked: [Glob: [String]] = [:]
    private var neighbours: [String: [Neighbour]] = [:]
    private let shownFrom: String

    /// - Parameters:
    ///   - remembered: records of the last build that can be relied on.
    ///   - shownFrom: the directory that paths in messages are relative to.
    init(remembering remembered: FileTable = [:], shownFrom: String) {
        files = remembered
        self.shownFrom = shownFrom.hasSuffix("/") ? shownFrom : shownFrom + "/"
    }

    func shown(_ path: String) -> String {
        Path(path).below(shownFrom) ?? path
    }

    func file(_ path: String) throws -> SourceFile? {
        let key = files.kept(Path(path))
        func source(_ record: Record) -> SourceFile { SourceFile(path: key.text, shown: shown(path), digest: record.digest) }
        if let known = files[key] { return known.map(source) }
        do {
            let record = try look(path)
            files[key] = .some(record)
            return record.map(source)
        } catch {
            unreadable.insert(key)
            throw error
        }
    }

    func bytes(_ file: SourceFile) throws -> [UInt8] {
        guard let bytes = try Files.read(file.path), Digest(of: bytes) == file.digest else {
            throw DamagedInput("\(file.shown) changed while it was read")
        }
        return bytes
    }

    func start(of file: SourceFile, count: Int) throws -> [UInt8] {
        do throws(FileError) {
            return try OpenFile(reading: file.path).contents(limit: count)
        } catch {
            throw DamagedInput("\(file.shown) changed while it was read")
        }
    }

    func glob(_ pattern: String, in directory: String) throws -> [SourceFile] {
        let glob = Glob(pattern: pattern, directory: directory)
        let others = OverlookedFiles(beside: pattern)
        var (oddNames, overlooked) = ([String](), [String]())
        globs[glob] = .some(nil)
        let paths = try glob.paths(
            Glob.Listener(
                onList: { self.directories[Path($0)] = .some(FileStatus($0, followingLink: true)) }, onOddName: { oddNames.append($0) },
                onDeadLink: { self.deadLinks.insert(Path($0)) },
                onOther: { if others?.has($0) == true { overlooked.append($0) } }))
        self.overlooked[glob] = overlooked.isEmpty ? nil : overlooked
        if let name = oddNames.min() {
            throw Diagnostic(
                .badInput, "the name of \(shown(name)) is not UTF-8", remedy: "rename it: \(pattern) stands for this file, too")
        }
        globs[glob] = paths
        files.reserve(paths.count)
        let found = try paths.compactMap(file)
        // The same paths, as they are kept already: there may be very many.
        if found.count == paths.count { globs[glob] = found.map(\.path) }
        return found
    }

    func overlooked(by pattern: String, in directory: String) -> [String] {
        overlooked[Glob(pattern: pattern, directory: directory), default: []].sorted()
    }

    func near(_ pattern: String, in directory: String) -> (there: String, meant: String)? {
        var path = directory
        for part in Path(pattern).parts {
            let isPattern = Glob.isPattern(part)
            if !isPattern, FileStatus("\(path)/\(part)", followingLink: true) != nil {
                path += "/\(part)"
                continue
            }
            let names = ((try? Files.entries(in: RawPath(path))) ?? nil)?.compactMap(\.name.text).sorted() ?? []
            func isSame(_ name: String) -> Bool {
                // Texts are equal in whatever form of Unicode they are.
                guard isPattern else { return name.lowercased() == part.lowercased() }
                // What the pattern does stand for is not what is missing.
                return NamePattern.matches(RawPath(name), part, ignoringCase: true) && !NamePattern.matches(RawPath(name), part)
            }
            let near = names.first(where: isSame) ?? (isPattern ? nil : Suggestion.nearest(to: part, in: names))
            let above = Path(path).below(directory).map { "\($0)/" } ?? ""
            return near.map { (above + $0, above + part) }
        }
        return nil
    }

    func episodes(of show: Show) throws -> [Neighbour] { try episodes(in: show.directory) }

    /// The episodes below a show's directory, in the order of their numbers. One whose file is wrong says nothing of itself.
    func episodes(in show: String) throws -> [Neighbour] {
        if let known = neighbours[show] { return known }
        let found = try glob("{episode}/episode.yaml", in: show).compactMap { file -> Neighbour? in
            let directory = Path(file.path).parent
            guard try Discovery.show(above: directory) == show else { return nil }
            let facts = try? Node(parsing: bytes(file), file: file.shown)
            return Neighbour(directory: directory, name: Path(directory).below(show) ?? "", shown: file.shown, facts: facts)
        }.sorted()
        neighbours[show] = found
        return found
    }

    /// Forgets what was seen of a file, because this build has just written it.
    func forget(_ path: String) { files[Path(path)] = nil }

    /// Looks at a file that this build has just written. If somebody else has written it since, it counts as gone:
    /// whoever relies on what this build has seen looks at it again.
    func wrote(_ path: String, _ digest: Digest) throws {
        forget(path)
        if try file(path)?.digest != digest { files[Path(path)] = .some(nil) }
    }

    /// Gives up the records of the last build, when all has been looked at.
    func forgetLastBuild() { files.forgetRemembered() }

    private func look(_ path: String) throws -> Record? {
        guard var stat = try Files.plainStatus(path, shown: shown(path)) else { return nil }
        // Written again within the same clock tick, it would look the same. A tick later it does not, but the build does not wait for that
        // where somebody can as well look into the file again.
        if stat.isYoungerThanTick, !stat.isQuicklyRead {
            usleep(FileClock.tickMicroseconds)
            guard let again = try Files.plainStatus(path, shown: shown(path)) else { return nil }
            stat = again
        }
        let isYoung = stat.isYoungerThanTick
        if let record = files.remembered(Path(path)), record.stat == stat { return record }
        let digest = try digest(of: path)
        guard FileStatus(path, followingLink: true) == stat else { throw DamagedInput("\(shown(path)) changed while it was read") }
        return Record(stat: isYoung ? stat.doubtful : stat, digest: digest)
    }

    private func digest(of path: String) throws -> Digest {
        do {
            return try FileDigest.compute(path)
        } catch {
            guard access(path, R_OK) != 0 else { throw error }
            let reason = SystemError.last
            if reason.kind == .absent { throw DamagedInput("\(shown(path)) changed while it was read") }
            throw Files.unreadable(shown(path), reason)
        }
    }
}
