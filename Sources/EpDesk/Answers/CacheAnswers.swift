public import EpCache
public import EpCore
import EpEngine

/// The local cache as `cache info` tells of it.
public struct CacheInfoAnswer: Sendable {
    public let path: String
    public let info: CacheInfo

    public init(_ info: CacheInfo, at path: String) { (self.info, self.path) = (info, path) }

    /// As `cache info --json` gives it.
    public var value: Value {
        [
            "path": .string(path), "results": .int(Int64(info.entries)), "blobs": .int(Int64(info.blobs)), "bytes": .int(info.bytes),
            "damagedFiles": .int(Int64(info.damagedFiles)),
        ]
    }
}

extension CacheVerification {
    /// As `cache verify --json` gives it.
    public var value: Value {
        [
            "results": .int(Int64(entries)), "blobs": .int(Int64(blobs)), "bytes": .int(bytes), "damage": .list(damage.map(\.value)),
            "danglingResults": .int(Int64(danglingEntries)), "olderResults": .int(Int64(unboundEntries)),
            "otherResults": .int(Int64(foreignEntries)),
        ]
    }
}
