public import EpCore
import Glibc

/// Looking at a person's files. That nothing stands at a path is one thing; that it cannot be told is another, and an error.
extension Files {
    /// What stands at a path, behind a link if it is one; nil if nothing does.
    /// - Parameter shown: how messages name it.
    /// - Throws: `Diagnostic` (`bad_input`) if that cannot be told, or if it is a link to nothing.
    public static func status(_ path: String, shown: String? = nil) throws(Diagnostic) -> FileStatus? {
        if let status = FileStatus(path, followingLink: true) { return status }
        let error = SystemError.last
        guard error.isAbsence else { throw error.kind == .denied ? locked(path, shown ?? path) : unreadable(shown ?? path, error) }
        guard FileStatus(path)?.kind == .link else { return nil }
        throw deadLink(path, shown: shown)
    }

    /// The status of a plain file; nil if there is none.
    /// - Throws: `Diagnostic` (`bad_input`) if something else stands there, or if that cannot be told.
    public static func plainStatus(_ path: String, shown: String? = nil) throws(Diagnostic) -> FileStatus? {
        guard let status = try status(path, shown: shown) else { return nil }
        guard status.isRegular else { throw noFile(shown ?? path, status.kind) }
        return status
    }

    /// What is in a directory, in no order; nil if there is no such directory.
    /// - Throws: `Diagnostic` (`bad_input`) if it cannot be read.
    public static func entries(in directory: RawPath) throws(Diagnostic) -> [OpenDirectory.Entry]? {
        do throws(FileError) { return try Directory.entries(directory) } catch { throw unreadable(error.path, error.system) }
    }

    public enum Target: Sendable { case file, directory, deadLink }

    /// What an entry of a directory is, behind a link if it is one.
    /// - Throws: `Diagnostic` (`bad_input`) if that cannot be told.
    public static func target(of entry: OpenDirectory.Entry) throws(Diagnostic) -> Target {
        if let kind = entry.kind, kind != .link { return kind == .directory ? .directory : .file }
        if let status = entry.path.status(followingLink: true) { return status.isDirectory ? .directory : .file }
        let error = SystemError.last
        guard error.isAbsence || error.kind == .link else { throw unreadable(entry.path.shown, error) }
        return .deadLink
    }
}

/// What is wrong with a file, as a person is told it.
extension Files {
    /// A symbolic link to nothing: to a disk that is not there, perhaps.
    public static func deadLink(_ path: String, shown: String? = nil) -> Diagnostic {
        let target = RawPath(path).linkTarget.map { " to \($0)" } ?? ""
        return Diagnostic(
            .badInput, "\(shown ?? path) is a link\(target), and nothing is there",
            remedy: "make what it leads to reachable (is its disk mounted?), or remove the link")
    }

    /// Something that is no plain file stands where one is to be read or written.
    public static func noFile(_ shown: String, _ kind: FileStatus.Kind) -> Diagnostic {
        Diagnostic(.badInput, "\(shown) is \(kind.described), not a file", remedy: "move it away, or put a file in its place")
    }

    /// A file cannot even be looked for, if a directory above it lets nobody through: that one is named.
    private static func locked(_ path: String, _ shown: String) -> Diagnostic {
        guard access(Path(path).parent, X_OK) != 0 else { return unreadable(shown, SystemError(EACCES)) }
        var (path, shown) = (Path(path).parent, Path(shown).parent)
        while !Path(shown).parent.isEmpty, access(Path(path).parent, X_OK) != 0 { (path, shown) = (Path(path).parent, Path(shown).parent) }
        return Diagnostic(
            .badInput, "\(shown.isEmpty ? path : shown) cannot be looked into: \(SystemError(EACCES).reason)",
            remedy: "make the directory readable for you")
    }

    public static func unreadable(_ path: String, _ error: SystemError = .last) -> Diagnostic {
        let remedy = switch error.kind {
        case .denied: "make it readable for you"
        case .link: "remove the link that leads back to itself"
        case .nameTooLong: "give it, or a directory above it, a shorter name"
        case .tooManyFiles: "raise the limit of open files (`ulimit -n 4096`), or build with fewer jobs"
        default: "check the file and its disk"
        }
        return Diagnostic(.badInput, "\(path) cannot be read: \(error.reason)", remedy: remedy)
    }

    /// - Parameter remedy: says it better than what kind of trouble it is does.
    public static func unwritable(_ path: String, _ error: SystemError = .last, remedy: String? = nil) -> Diagnostic {
        let usual = switch error.kind {
        case .noSpace where error.isOutOfFiles(at: path):
            "\(SystemError.outOfFilesRemedy), then run the same command again: what is finished is kept"
        case .noSpace: "free some space on that disk, then run the same command again: what is finished is kept"
        case .denied, .readOnly: "make the directory writable for you"
        default: "check the directory"
        }
        return Diagnostic(.system, "\(path) cannot be written: \(error.reason(at: path))", remedy: remedy ?? usual)
    }
}
