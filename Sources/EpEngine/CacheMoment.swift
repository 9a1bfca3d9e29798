import EpCache

/// What lies in the cache at one moment, as far as a look at its directories tells. Two that are equal say that nothing has come or gone in
/// between.
public struct CacheMoment: Hashable, Sendable {
    private let shards: CacheShards

    fileprivate init(_ shards: CacheShards) { self.shards = shards }
}

extension Builder {
    /// Takes some milliseconds, however full the cache is.
    public var cacheMoment: CacheMoment { CacheMoment(cache.shards(Array(0..<512))) }
}
