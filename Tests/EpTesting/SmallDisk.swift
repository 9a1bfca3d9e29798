import Glibc

/// A file system of one mebibyte, which only root can mount.
public struct SmallDisk {
    public let path: String

    /// Nil where it cannot be mounted, which is told.
    public init?(at path: String, _ options: String = "size=1m") {
        mkdir(path, 0o755)
        guard mount("none", path, "tmpfs", 0, options) == 0 else {
            print("skipped: a small tmpfs cannot be mounted here (\(String(cString: strerror(errno))))")
            return nil
        }
        self.path = path
    }

    public func unmount() { umount2(path, Int32(MNT_DETACH)) }

    /// Makes empty files until it holds no more.
    public func fillWithFiles() {
        mkdir("\(path)/many", 0o755)
        while true {
            let file = open("\(path)/many/\(UInt64.random(in: 0 ... .max))", O_WRONLY | O_CREAT, 0o644)
            guard file >= 0 else { return }
            close(file)
        }
    }
}
