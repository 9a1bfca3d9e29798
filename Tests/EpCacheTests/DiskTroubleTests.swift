import EpCache
import EpCore
import Glibc
import Testing

@Suite struct DiskTroubleTests {
    @Test func aFileWhereTheCacheShouldBe() throws {
        let test = try TestCache()
        Disk.write([], "\(test.directory)/file")
        for path in ["file", "file/below"] {
            let error = #expect(throws: Diagnostic.self) { try DiskCache(path: "\(test.directory)/\(path)") }
            #expect(error?.code == .system)
            #expect(error?.remedy?.contains("EPBUILD_CACHE") == true)
        }
    }

    /// On a file system of one mebibyte, which only root can mount.
    @Test func aFullDisk() async throws {
        let test = try TestCache()
        let disk = "\(test.directory)/disk"
        guard mountSmallDisk(disk) else { return }
        defer { umount2(disk, Int32(MNT_DETACH)) }
        let cache = try DiskCache(path: "\(disk)/cache")
        let blob = try cache.stage(bytes: Array("small".utf8))
        let result = ActionResult(outputs: [.init(path: "x", digest: blob.digest)], servedBy: "test")
        _ = try await cache.publish(result, for: action("a"), blobs: [blob])

        let files = Disk.files(disk).count
        let large = [UInt8](repeating: 7, count: 2 << 20)
        Disk.write(large, "\(test.directory)/large")
        for movingIt in [false, true] {
            let error = #expect(throws: Diagnostic.self) { try cache.stage(file: "\(test.directory)/large", movingIt: movingIt) }
            #expect(error?.message.contains("No space left") == true)
            #expect(error?.remedy?.contains("cache gc") == true)
        }
        #expect(throws: Diagnostic.self) { try cache.stage(bytes: large) }
        #expect(Disk.exists("\(test.directory)/large"), "what could not be taken in stays")
        #expect(Disk.files(disk).count == files, "nothing half-written is left")
        #expect(cache.lookup(action("a"), requiring: ["x"]) == .hit(result))
        #expect(try cache.copyOut(blob.digest, to: "\(disk)/copy"))
    }

    @Test func aReadOnlyDisk() async throws {
        let test = try TestCache()
        let disk = "\(test.directory)/disk"
        guard mountSmallDisk(disk) else { return }
        defer { umount2(disk, Int32(MNT_DETACH)) }
        for isThere in [false, true] {
            if isThere { _ = try DiskCache(path: "\(disk)/cache") }
            #expect(mount("none", disk, nil, UInt(MS_REMOUNT | MS_RDONLY), nil) == 0)
            let error = #expect(throws: Diagnostic.self) { try DiskCache(path: "\(disk)/cache") }
            #expect(error?.message.contains("Read-only") == true)
            #expect(error?.remedy?.contains("EPBUILD_CACHE") == true)
            #expect(mount("none", disk, nil, UInt(MS_REMOUNT), nil) == 0)
        }
    }

    private func mountSmallDisk(_ path: String) -> Bool {
        mkdir(path, 0o755)
        if mount("none", path, "tmpfs", 0, "size=1m") == 0 { return true }
        print("skipped: a small tmpfs cannot be mounted here (\(String(cString: strerror(errno))))")
        return false
    }
}
