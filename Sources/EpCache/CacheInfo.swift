import EpFiles

/// What the cache holds.
public struct CacheInfo: Sendable, Hashable {
    public var blobs = 0
    public var entries = 0
    /// Sizes of all blobs and entries together, in bytes.
    public var bytes: Int64 = 0
    /// Files that were found damaged and set aside within the last week or so.
    public var damagedFiles = 0
}

extension DiskCache {
    /// Counts what is there, without reading it: some microseconds a file.
    public func info() -> CacheInfo {
        var info = CacheInfo()
        for section in [Section.entries, .blobs] {
            for file in layout.files(section) where !file.isEmptyBlob {
                if section == .blobs { info.blobs += 1 } else { info.entries += 1 }
                info.bytes += file.status.size
            }
        }
        info.damagedFiles = Directory.names(layout.damaged).count
        return info
    }
}
