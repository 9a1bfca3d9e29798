import Glibc

/// What the file system says about a file without reading it; equal stats mean equal contents,
/// unless the file is as young as the record of its stat (see `Memo`).
struct FileStat: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    /// Nanoseconds since 1970.
    var modified: Int64
    var changed: Int64
    var isDirectory: Bool

    init(device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64, isDirectory: Bool) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
        self.isDirectory = isDirectory
    }

    /// Follows symbolic links; nil if there is no such file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// - Parameter directory: an open directory that `name` is relative to.
    init?(_ name: UnsafePointer<CChar>, in directory: Int32) {
        var status = stat()
        guard fstatat(directory, name, &status, 0) == 0 else { return nil }
        self.init(status)
    }

    /// Time stamps come from a clock that ticks every 4 ms, or 10 on some kernels.
    static let tickMicroseconds: UInt32 = 10_000

    /// True if the file may be written once more without its time stamp showing it.
    var isYoungerThanTick: Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        let age = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - max(modified, changed)
        return age < Int64(Self.tickMicroseconds) * 1000 && age > -1_000_000_000
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
        changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
        isDirectory = status.st_mode & S_IFMT == S_IFDIR
    }
}
