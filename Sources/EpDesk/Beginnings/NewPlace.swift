public import EpCore
import EpFiles
import Glibc

/// What became of a file that was to begin something, by its path as a person is shown it.
public enum NewFile: Sendable {
    case written(String)
    /// It was there, and is as it was.
    case kept(String)
}

/// A directory in which something new is to be made. Nothing that is there is ever written over.
public struct NewPlace: Sendable {
    /// As the person wrote it.
    let shown: String
    /// Absolute, without links as far as it exists.
    public let directory: String

    public init(_ path: String, from base: String) {
        shown = path
        var parts = Path(path.hasPrefix("/") ? path : "\(base)/\(path)").parts[...]
        var missing: [String] = []
        while !parts.isEmpty {
            if let resolved = Files.resolved("/" + parts.joined(separator: "/")) {
                parts = Path(resolved).parts[...]
                break
            }
            missing.insert(parts.removeLast(), at: 0)
        }
        for part in missing where part != "." {
            if part == ".." { parts = parts.dropLast() } else { parts.append(part) }
        }
        directory = "/" + parts.joined(separator: "/")
    }

    /// The nearest directory with such a file, from this one upward.
    public func ancestor(with file: String) -> String? {
        var path = directory
        while !path.isEmpty {
            if access("\(path)/\(file)", F_OK) == 0 { return path }
            path = Path(path).parent
        }
        return nil
    }

    /// The nearest directory above this one with such a file.
    func parentAncestor(with file: String) -> String? { ancestor(with: file).flatMap { $0 == directory ? nil : $0 } }

    public func has(_ file: String) -> Bool { access("\(directory)/\(file)", F_OK) == 0 }

    /// - Throws: `Diagnostic` (usage) if there is no such directory.
    public func requireDirectory() throws(Diagnostic) {
        guard has(".") else {
            throw Diagnostic(.usage, "there is no directory \(shown)", remedy: "name an episode, a show or a workspace")
        }
    }

    /// - Parameter note: is told what else is there and stays.
    /// - Throws: `Diagnostic` (usage) that says what is there, if one of the files is, or no directory can be.
    func refuseIfThere(_ files: [String], note: (String) -> Void) throws(Diagnostic) {
        let there = files.filter(has)
        guard there.isEmpty else {
            throw Diagnostic(
                .usage, "\(shown) has \(Self.listed(there)) already; nothing was written",
                remedy: "name another directory, or remove what you do not need")
        }
        if FileStatus(directory, followingLink: true)?.isDirectory == false {
            throw Diagnostic(.usage, "\(shown) is a file", remedy: "name a directory")
        }
        let others = names
        if !others.isEmpty { note("\(shown) is there already, with \(Self.listed(others)): that stays as it is") }
    }

    /// Names in the directory, sorted; none if there is no directory.
    private var names: [String] { Directory.names(directory).sorted() }

    /// Writes files, and tells of each.
    /// - Parameter files: paths in the directory, with their texts. One that is there is left as it is, and named.
    func write(_ files: [(path: String, text: String)], tell: (NewFile) -> Void) throws(Diagnostic) {
        for (path, text) in files {
            do throws(FileError) {
                try Self.write(Array(text.utf8), to: "\(directory)/\(path)")
            } catch where error.system.kind == .exists {
                tell(.kept(shownPath(path)))
                continue
            } catch {
                throw Files.unwritable(error.path, error.system, remedy: "name a directory that you can write to")
            }
            tell(.written(shownPath(path)))
        }
    }

    private func shownPath(_ path: String) -> String { shown == "." ? path : shown.hasSuffix("/") ? shown + path : "\(shown)/\(path)" }

    /// Makes a new file, and the directory that it lies in.
    private static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        do throws(FileError) {
            try Directory.make(Path(path).parent, mode: 0o755)
        } catch where error.system.kind == .exists {
            throw FileError(path, SystemError(ENOTDIR))
        }
        let file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
        do throws(FileError) {
            try file.write(bytes)
        } catch {
            unlink(path)
            throw error
        }
    }

    /// "a, b and c"; of many the first five.
    private static func listed(_ names: [String]) -> String {
        if names.count > 6 { return names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) more" }
        return names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    }
}
