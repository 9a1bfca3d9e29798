public import EpCore
public import EpFiles

/// Two-digit directories of a cache, as they stood at one moment.
///
/// A file that has come to one of them since, left it, or was put in another's place has changed its status: what was known to lie in it
/// lies
/// there still as long as that is the same. What somebody has written into a file does not show.
public struct CacheShards: Sendable, Hashable {
    /// By number: of entries 0 to 255, of blobs 256 to 511, by their first two digits. One that is not there has none.
    public private(set) var statuses: [Int: FileStatus]

    public init(_ statuses: [Int: FileStatus]) { self.statuses = statuses }

    public static func number(ofEntryOf action: ActionDigest) -> Int { Int(action.digest.firstByte) }
    public static func number(of blob: Digest) -> Int { 256 + Int(blob.firstByte) }

    /// The same without those that were changed so lately that a further change might not show.
    public var settled: CacheShards { CacheShards(statuses.filter { !$0.value.isYoungerThanTick }) }

    /// The numbers of those that stand as they stood at another moment, when they had settled.
    public func unchanged(since then: CacheShards) -> Set<Int> { Set(then.statuses.filter { statuses[$0.key] == $0.value }.keys) }
}

extension DiskCache {
    /// Looks at two-digit directories, some microseconds each.
    public func shards(_ numbers: some Sequence<Int>) -> CacheShards {
        var statuses: [Int: FileStatus] = [:]
        for number in numbers {
            let digits = String(number % 256, radix: 16)
            let section = number < 256 ? Section.entries : .blobs
            statuses[number] = FileStatus(layout.shard(section, digits.utf8.count == 1 ? "0\(digits)" : digits), followingLink: true)
        }
        return CacheShards(statuses)
    }
}
