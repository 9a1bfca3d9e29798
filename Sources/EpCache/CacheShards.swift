public import EpCore
public import EpFiles
import Glibc

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

    /// Those that stand as they stood at another moment, when they had settled.
    public func unchanged(since then: CacheShards) -> CacheShards { CacheShards(then.statuses.filter { statuses[$0.key] == $0.value }) }

    /// These, and those of others that are not among them.
    public func joined(with others: CacheShards) -> CacheShards { CacheShards(statuses.merging(others.statuses) { first, _ in first }) }

    public func among(_ numbers: Set<Int>) -> CacheShards { CacheShards(statuses.filter { numbers.contains($0.key) }) }
    public func without(_ numbers: Set<Int>) -> CacheShards { CacheShards(statuses.filter { !numbers.contains($0.key) }) }

    public func has(_ number: Int) -> Bool { statuses[number] != nil }
}

extension DiskCache {
    /// Looks at two-digit directories, a microsecond each.
    public func shards(_ numbers: [Int]) -> CacheShards {
        let homes = [Section.entries, .blobs].map { Glibc.open(layout.home($0), O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        defer { homes.forEach { close($0) } }
        var statuses: [Int: FileStatus] = [:]
        statuses.reserveCapacity(512)
        for number in numbers {
            let digits = (number >> 4 & 15, number & 15)
            let name = [Self.digit(digits.0), Self.digit(digits.1), 0]
            statuses[number] = FileStatus(name, in: homes[number >> 8])
        }
        return CacheShards(statuses)
    }

    private static func digit(_ value: Int) -> CChar { CChar(value < 10 ? 48 + value : 87 + value) }
}
