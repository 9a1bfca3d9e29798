import EpCore
import EpFiles

/// What stands in a directory of a person's, by a name that need not be UTF-8.
struct DirectoryEntry {
    let path: RawPath
    let name: RawPath
    /// Of the entry itself, be it a link; nil where the directory does not tell.
    let kind: FileStatus.Kind?

    enum Target { case file, directory, deadLink }

    /// In no order; nil if there is no such directory.
    /// - Throws: `Diagnostic` (`bad_input`) if it cannot be read.
    static func all(in directory: RawPath) throws(Diagnostic) -> [DirectoryEntry]? {
        do throws(FileError) {
            return try Directory.entries(directory)?.map { DirectoryEntry(path: directory.appending($0.name), name: $0.name, kind: $0.kind) }
        } catch {
            throw Files.unreadable(error.path, error.system)
        }
    }

    /// What it is, behind a link if it is one.
    /// - Throws: `Diagnostic` (`bad_input`) if that cannot be told.
    var target: Target {
        get throws(Diagnostic) {
            if kind == .directory { return .directory }
            guard kind == .link || kind == nil else { return .file }
            if let status = path.status(followingLink: true) { return status.isDirectory ? .directory : .file }
            let error = SystemError.last
            guard error.isAbsence || error.kind == .link else { throw Files.unreadable(path.shown, error) }
            return .deadLink
        }
    }
}
