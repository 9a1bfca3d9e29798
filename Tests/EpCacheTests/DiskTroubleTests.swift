import EpCache
import EpCore
import EpFiles
import EpTesting
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
        guard let small = SmallDisk(at: disk) else { return }
        defer { small.unmount() }
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
        guard let small = SmallDisk(at: disk) else { return }
        defer { small.unmount() }
        for isThere in [false, true] {
            if isThere { _ = try DiskCache(path: "\(disk)/cache") }
            #expect(mount("none", disk, nil, UInt(MS_REMOUNT | MS_RDONLY), nil) == 0)
            let error = #expect(throws: Diagnostic.self) { try DiskCache(path: "\(disk)/cache") }
            #expect(error?.message.contains("Read-only") == true)
            #expect(error?.remedy?.contains("EPBUILD_CACHE") == true)
            #expect(mount("none", disk, nil, UInt(MS_REMOUNT), nil) == 0)
        }
    }

    /// There is room, and still nothing can be made: freeing space would not help.
    @Test func aDiskThatHoldsNoMoreFiles() async throws {
        let test = try TestCache()
        let disk = "\(test.directory)/disk"
        guard let small = SmallDisk(at: disk, "size=1m,nr_inodes=900") else { return }
        defer { small.unmount() }
        let cache = try DiskCache(path: "\(disk)/cache")
        small.fillWithFiles()
        let error = #expect(throws: Diagnostic.self) { try cache.stage(bytes: [1]) }
        #expect(error?.message.contains("No space left on device: the disk has room, but can hold no more files") == true, "\(String(describing: error))")
        #expect(error?.remedy?.contains("df -i") == true && error?.remedy?.contains("cache gc") == true)
        let other = #expect(throws: Diagnostic.self) { try Files.makeDirectory("\(disk)/a/b") }
        #expect(other?.message.contains("no inodes left") == true && other?.remedy?.contains("df -i") == true, "\(String(describing: other))")
        #expect(!SystemError(EACCES).isOutOfFiles(at: disk) && !SystemError(ENOSPC).isOutOfFiles(at: "/proc/none"))
    }
}
