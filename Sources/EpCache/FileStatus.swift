import Glibc

/// What `stat` says of a file.
struct FileStatus: Sendable {
    let device: UInt64
    let inode: UInt64
    /// Bytes.
    let size: Int64
    /// Time of the last use or change, in nanoseconds since 1970.
    let modified: Int64
    let links: Int
    let isRegular: Bool
    let isDirectory: Bool

    /// Nil if there is no such file, or it cannot be seen. A symbolic link is not followed.
    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// A regular file, for reasoning without a disk.
    init(size: Int64, modified: Int64) {
        (device, inode, links) = (0, 0, 1)
        (isRegular, isDirectory) = (true, false)
        self.size = size
        self.modified = modified
    }

    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        links = Int(status.st_nlink)
        isRegular = status.st_mode & S_IFMT == S_IFREG
        isDirectory = status.st_mode & S_IFMT == S_IFDIR
    }

    func isSameFile(as other: FileStatus) -> Bool { inode == other.inode && device == other.device }
}

/// The clock that files are stamped with.
enum WallClock {
    /// Nanoseconds since 1970.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
