import EpCore
import Glibc

/// What of a full disk is used up: bytes, or the number of files that it can hold.
extension SystemError {
    /// Why a file or a directory could not be made or written, by its path. Of a disk that has room and holds no more files, that is said.
    public func reason(at path: String) -> String {
        isOutOfFiles(at: path) ? "\(reason): the disk has room, but can hold no more files (it has no inodes left)" : reason
    }

    /// True if the file system of a path, or of what there is of it, can hold no more files, however small.
    public func isOutOfFiles(at path: String) -> Bool {
        guard code == ENOSPC else { return false }
        var (place, system) = (path, statvfs())
        while statvfs(place, &system) != 0 {
            guard place.contains("/"), !Path(place).parent.isEmpty, place != "/" else { return false }
            place = Path(place).parent
        }
        // Some file systems have no such number: they say that it is 0.
        return system.f_files > 0 && system.f_favail == 0
    }

    /// What to do about that.
    public static let outOfFilesRemedy = "remove files that nobody needs from that disk, however small (`df -i` counts them)"
}
