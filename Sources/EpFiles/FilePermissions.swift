import Glibc

/// Whose a file is, and who may do what with it: no part of its status, as it says nothing of its contents.
public struct FilePermissions: Sendable {
    /// The bits of `chmod`.
    public let mode: UInt32
    /// True if it is the user's for whom this process works.
    public let isOurs: Bool

    /// Nil if there is no such file, or it cannot be seen.
    /// - Parameter followingLink: of a symbolic link, what it leads to.
    public init?(_ path: String, followingLink: Bool = false) { self.init(RawPath(path), followingLink: followingLink) }

    public init?(_ path: RawPath, followingLink: Bool = false) {
        var status = stat()
        guard path.withCString({ fstatat(AT_FDCWD, $0, &status, followingLink ? 0 : AT_SYMLINK_NOFOLLOW) }) == 0 else { return nil }
        (mode, isOurs) = (status.st_mode & 0o7777, status.st_uid == geteuid())
    }

    /// True if its owner may run it.
    public var isExecutable: Bool { mode & S_IXUSR != 0 }
}
