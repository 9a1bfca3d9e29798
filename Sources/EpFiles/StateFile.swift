public import EpCore
import Glibc

/// Files of `.epbuild/` that are opened where they stand, to be locked or to be added to.
///
/// Plain files alone, and no links: whoever may write there must not choose what is written elsewhere, and nobody waits for a pipe.
public enum StateFile {
    /// Makes a directory of `.epbuild/`, and those above it.
    /// - Throws: also if one of them below `.epbuild/` is a link.
    public static func makeDirectory(_ path: String) throws(Diagnostic) {
        if Path(path).name == ".epbuild" || path.isEmpty { return try Files.makeDirectory(path) }
        try makeDirectory(Path(path).parent)
        try Files.makeDirectory(path)
        guard FileStatus(path)?.isDirectory == true else { throw unusable(path, SystemError(ENOTDIR)) }
    }

    /// The bytes of what epbuild has noted for itself; nil if there is nothing, or nothing that can be read: then it is found out anew.
    public static func read(_ path: String) -> [UInt8]? {
        guard FileStatus(path)?.isRegular == true else { return nil }
        return (try? Files.read(path)) ?? nil
    }

    /// Moves a directory away that stands where a file is going to be put; anything else is replaced as it is.
    public static func makeRoom(for path: String) {
        guard FileStatus(path)?.isDirectory == true else { return }
        rename(path, "\(path).set-aside-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
    }

    /// Opens a file, or makes it.
    /// - Parameter access: `O_WRONLY` or `O_RDWR`, and perhaps `O_APPEND`.
    /// - Returns: a descriptor.
    public static func open(_ path: String, _ access: Int32) throws(Diagnostic) -> Int32 {
        let parent = Path(path).parent
        // `.epbuild/` itself may lie on another disk. Without a slash behind its name: with one, a link would be followed.
        let directory = Glibc.open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (Path(parent).name == ".epbuild" ? 0 : O_NOFOLLOW))
        guard directory >= 0 else { throw unusable(parent) }
        defer { close(directory) }
        let descriptor = openat(directory, Path(path).name, access | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw unusable(path) }
        guard FileStatus(descriptor: descriptor)?.isRegular == true else {
            close(descriptor)
            throw unusable(path, SystemError(ENXIO))
        }
        return descriptor
    }

    private static func unusable(_ path: String, _ error: SystemError = .last) -> Diagnostic {
        switch error.kind {
        case .link, .notPlainFile, .isDirectory, .notDirectory:
            Diagnostic(.system, "\(path) cannot be used: it is a link, or no plain file", remedy: "remove it: epbuild makes it anew")
        default: Files.unwritable(path, error)
        }
    }
}
