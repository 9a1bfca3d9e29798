import EpFiles
import Glibc
import Testing

@testable import EpCache

/// Clocks are wrong, and stamps are damaged: no moment is too far away.
@Suite struct FarStampTests {
    @Test(arguments: [10_413_792_000, 60_000_000_000, -11_676_096_000, -60_000_000_000, -1]) func aCacheKeepsWhatIsStampedSo(
        _ seconds: Int
    ) async throws {
        let test = try await TrimmingTests.tenActions()
        let path = test.entryPath(action("5"))
        let stamp = timespec(tv_sec: seconds, tv_nsec: 1)
        // A file system that cannot store it stores what is nearest.
        #expect(utimensat(AT_FDCWD, path, [stamp, stamp], 0) == 0)
        #expect(FileStatus(path) != nil)
        #expect(test.cache.lookup(action("5"), requiring: ["x"]) != .miss)
        _ = try test.cache.gc(maxBytes: 1 << 40, olderThan: .seconds(Int64.max))
        #expect(test.cache.info().entries == 10)
    }
}
