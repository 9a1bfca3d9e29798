import Glibc

/// What the file system says of a file without reading it. Equal ones mean equal contents, unless the file is as young
/// as the record of its status (such as a memo of a build).
public struct FileStatus: Hashable, Sendable {
    public enum Kind: UInt8, Sendable { case regular, directory, other, link, pipe, socket, device }

    public let device: UInt64
    public let inode: UInt64
    /// Bytes.
    public let size: Int64
    /// Time of the last change of its contents, or of its last use as far as the cache stamps it, in nanoseconds since 1970
    /// (see `FileClock` for what lies too far from that).
    public let modified: Int64
    /// Time of the last change of its contents or status, in nanoseconds since 1970.
    public let changed: Int64
    public let links: Int64
    public let kind: Kind

    public var isRegular: Bool { kind == .regular }
    public var isDirectory: Bool { kind == .directory }

    /// Nil if there is no such file, or it cannot be seen.
    /// - Parameter followingLink: of a symbolic link, what it leads to.
    public init?(_ path: String, followingLink: Bool = false) {
        self.init(path, in: AT_FDCWD, followingLink: followingLink)
    }

    /// - Parameters:
    ///   - directory: an open directory that `name` is relative to.
    ///   - followingLink: of a symbolic link, what it leads to.
    public init?(_ name: UnsafePointer<CChar>, in directory: Int32, followingLink: Bool = true) {
        var status = stat()
        guard fstatat(directory, name, &status, followingLink ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        self.init(status)
    }

    public init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    /// As it was recorded, or for reasoning without a disk.
    public init(
        device: UInt64 = 0, inode: UInt64 = 0, size: Int64, modified: Int64, changed: Int64 = 0, links: Int64 = 1, kind: Kind = .regular
    ) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
        self.links = links
        self.kind = kind
    }

    private init(_ status: stat) {
        self.init(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            modified: FileClock.nanoseconds(status.st_mtim), changed: FileClock.nanoseconds(status.st_ctim), links: Int64(status.st_nlink),
            kind: Kind(mode: status.st_mode))
    }

    public func isSameFile(as other: FileStatus) -> Bool { inode == other.inode && device == other.device }

    /// True if the file may be written once more without its time stamp showing it.
    public var isYoungerThanTick: Bool {
        let age = FileClock.nanoseconds(from: max(modified, changed), to: FileClock.coarseNow)
        return age < Int64(FileClock.tickMicroseconds) * 1000 && age > -1_000_000_000
    }

    /// True if to look into the file once more takes no longer than a plan, or a tick.
    public var isQuicklyRead: Bool { isRegular && size <= 1 << 20 }

    /// Stands for this one in a record of what was read while it was younger than a tick. No file has it: whoever compares looks into the
    /// file once more.
    public var doubtful: FileStatus {
        FileStatus(device: device, inode: inode, size: size, modified: modified, changed: .max, links: links, kind: kind)
    }
}

extension FileStatus.Kind {
    /// - Parameter entryType: as a directory has it: what a mode begins with, or nothing.
    init?(entryType: UInt8) {
        guard entryType != 0 else { return nil }
        self.init(mode: mode_t(entryType) << 12)
    }

    fileprivate init(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .directory
        case S_IFLNK: self = .link
        case S_IFIFO: self = .pipe
        case S_IFSOCK: self = .socket
        case S_IFCHR, S_IFBLK: self = .device
        default: self = .other
        }
    }

    /// As messages name it: "a directory".
    public var described: String {
        switch self {
        case .regular: "a file"
        case .directory: "a directory"
        case .link: "a symbolic link"
        case .pipe: "a named pipe"
        case .socket: "a socket"
        case .device: "a device"
        case .other: "no plain file"
        }
    }
}
