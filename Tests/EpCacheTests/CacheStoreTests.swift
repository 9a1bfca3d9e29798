import EpCache
import EpTesting
import Testing

@Suite struct CacheStoreTests {
    @Test func theLocalCacheIsAStoreLikeAnyOther() async throws {
        let test = try TestCache()
        try await StoreConformance(store: test.cache, directory: TemporaryDirectory(), isShared: false).check()
        #expect(test.takeReports() == [])
    }
}
