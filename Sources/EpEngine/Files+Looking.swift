import EpCache
import EpCore
import Glibc

/// Looking at a person's files. That nothing stands at a path is one thing; that it cannot be told is another, and an error.
extension Files {
    /// True for an `errno` that says that nothing stands there.
    static func isAbsence(_ code: Int32) -> Bool { code == ENOENT || code == ENOTDIR }

    /// What stands at a path, behind a link if it is one; nil if nothing does.
    /// - Parameter shown: how messages name it.
    /// - Throws: `Diagnostic` (`bad_input`) if that cannot be told, or if it is a link to nothing.
    static func status(_ path: String, shown: String? = nil) throws(Diagnostic) -> FileStatus? {
        if let status = FileStatus(path, followingLink: true) { return status }
        guard isAbsence(errno) else { throw unreadable(shown ?? path) }
        guard FileStatus(path)?.kind == .link else { return nil }
        throw deadLink(path, shown: shown)
    }

    /// The status of a plain file; nil if there is none.
    /// - Throws: `Diagnostic` (`bad_input`) if something else stands there, or if that cannot be told.
    static func plainStatus(_ path: String, shown: String? = nil) throws(Diagnostic) -> FileStatus? {
        guard let status = try status(path, shown: shown) else { return nil }
        guard status.isRegular else { throw noFile(shown ?? path, status.kind) }
        return status
    }

    /// A symbolic link to nothing: to a disk that is not there, perhaps.
    static func deadLink(_ path: String, shown: String? = nil) -> Diagnostic {
        let target = target(of: path).map { " to \($0)" } ?? ""
        return Diagnostic(
            .badInput, "\(shown ?? path) is a link\(target), and nothing is there", remedy: "make what it leads to reachable (is its disk mounted?), or remove the link")
    }

    /// Something that is no plain file stands where one is to be read or written.
    static func noFile(_ shown: String, _ kind: FileStatus.Kind) -> Diagnostic {
        Diagnostic(.badInput, "\(shown) is \(kind.described), not a file", remedy: "move it away, or put a file in its place")
    }

    /// Explains the present `errno`.
    static func unreadable(_ path: String) -> Diagnostic {
        let remedy = switch errno {
        case EACCES, EPERM: "make it readable for you"
        case ELOOP: "remove the link that leads back to itself"
        case ENAMETOOLONG: "give it, or a directory above it, a shorter name"
        case EMFILE, ENFILE: "raise the limit of open files (`ulimit -n 4096`), or build with fewer jobs"
        default: "check the file and its disk"
        }
        return Diagnostic(.badInput, "\(path) cannot be read: \(String(cString: strerror(errno)))", remedy: remedy)
    }

    private static func target(of link: String) -> String? {
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            count = max(0, buffer.withMemoryRebound(to: CChar.self) { text in text.baseAddress.map { readlink(link, $0, text.count) } ?? 0 })
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
