import Glibc

/// How much room a file system has.
public enum DiskSpace {
    /// Bytes that are free where a path lies, or will; nil if the file system does not tell.
    public static func free(at path: String) -> Int64? {
        var status = statvfs()
        var place = path
        while statvfs(place, &status) != 0 {
            guard let end = place.lastIndex(of: "/"), end > place.startIndex else { return nil }
            place = String(place[..<end])
        }
        return status.f_blocks > 0 ? Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize)) : nil
    }
}
