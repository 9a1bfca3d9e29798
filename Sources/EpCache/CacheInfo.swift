public import FoundationEssentials

/// What the cache holds.
public struct CacheInfo: Sendable, Hashable {
    public var blobs = 0
    public var entries = 0
    /// Sizes of all blobs and entries together, in bytes.
    public var bytes: Int64 = 0
    /// When the file that was not used for longest was last used; nil if the cache is empty.
    public var oldestUse: Date?
    public var newestUse: Date?
    /// Files that were found damaged and set aside within the last week or so.
    public var damagedFiles = 0
}

extension DiskCache {
    /// Counts what is there, without reading it: some microseconds a file.
    public func info() -> CacheInfo {
        var info = CacheInfo()
        var times: (oldest: Int64, newest: Int64) = (.max, .min)
        for section in [Section.entries, .blobs] {
            for file in layout.files(section) where !file.isEmptyBlob {
                if section == .blobs { info.blobs += 1 } else { info.entries += 1 }
                info.bytes += file.status.size
                times = (min(times.oldest, file.status.modified), max(times.newest, file.status.modified))
            }
        }
        if info.blobs + info.entries > 0 {
            info.oldestUse = Date(timeIntervalSince1970: Double(times.oldest) / 1e9)
            info.newestUse = Date(timeIntervalSince1970: Double(times.newest) / 1e9)
        }
        info.damagedFiles = Directory.names(layout.damaged).count
        return info
    }
}
