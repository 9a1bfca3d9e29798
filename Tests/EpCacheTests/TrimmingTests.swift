import EpCache
import EpCore
import Glibc
import Testing

@Suite struct TrimmingTests {
    static let day = 24 * 3600

    /// Ten actions, each with a blob of 1,000 bytes of its own; number n was last used n days ago.
    static func tenActions() async throws -> TestCache {
        let test = try TestCache()
        for number in 0..<10 {
            try await test.publish(["x": text(number)], for: action("\(number)"))
            Disk.age(test.entryPath(action("\(number)")), seconds: number * day)
            Disk.age(test.cache.blobPath(digest(text(number))), seconds: number * day)
        }
        return test
    }

    static func text(_ number: Int) -> String { String(repeating: "\(number)", count: 1000) }

    /// The numbers of the actions that are hits, without stamping them as used.
    static func standing(_ test: TestCache) async throws -> [Int] {
        var standing: [Int] = []
        for number in 0..<10 {
            guard let result = try await test.cache.result(for: action("\(number)")) else { continue }
            #expect(try await test.cache.missing(of: result.outputs.map(\.digest)) == [], "\(number) dangles")
            standing.append(number)
        }
        return standing
    }

    @Test func theOldestGoFirst() async throws {
        let test = try await Self.tenActions()
        let entry = Int64(Disk.status(test.entryPath(action("0"))).st_size)
        let limit = 5 * (1000 + entry)
        let dry = try test.cache.gc(maxBytes: limit, dryRun: true)
        #expect(try await Self.standing(test) == Array(0..<10))
        let trim = try test.cache.gc(maxBytes: limit)
        #expect(trim == dry)
        #expect(try await Self.standing(test) == Array(0..<5))
        #expect(trim.blobs == 5 && trim.entries == 5 && trim.bytesFreed == 5 * (1000 + entry))
        #expect(trim.bytesKept == test.cache.info().bytes && trim.bytesKept == limit)
    }

    /// The blobs of results that cannot be seen would seem to be nobody's.
    @Test func whereNotAllResultsCanBeSeenNothingGoes() async throws {
        let test = try await Self.tenActions()
        let entry = test.entryPath(action("0"))
        let directory = String(entry[..<entry.lastIndex(of: "/")!])
        #expect(rename(directory, "\(directory)-aside") == 0)
        // It leads to itself: opening it is an error, and not that it is not there.
        #expect(symlink(directory, directory) == 0)
        #expect(throws: Diagnostic.self) { try test.cache.gc(maxBytes: 0, protecting: [action("0")], sparing: .zero) }
        #expect(unlink(directory) == 0 && rename("\(directory)-aside", directory) == 0)
        #expect(try await Self.standing(test) == Array(0..<10))
    }

    @Test func whatWasNotUsedForLongGoes() async throws {
        let test = try await Self.tenActions()
        let idle = try test.cache.gc()
        #expect(idle.entries + idle.blobs == 0 && idle.bytesKept == test.cache.info().bytes, "no limit, nothing to do")
        _ = try test.cache.gc(olderThan: .seconds(Self.day * 7 / 2))
        #expect(try await Self.standing(test) == [0, 1, 2, 3])
        #expect(test.cache.lookup(action("3"), requiring: ["x"]) != .miss)
        _ = try test.cache.gc(maxBytes: 0)
        #expect(try await Self.standing(test) == [0, 3], "used within the hour")
        _ = try test.cache.gc(maxBytes: 0, sparing: .seconds(-1))
        #expect(try await Self.standing(test) == [])
        #expect(test.cache.info().blobs == 0)
        #expect(try test.cache.bytes(.empty) == [])
    }

    @Test func whatIsHeldOrProtectedStays() async throws {
        let test = try await Self.tenActions()
        let held = [try await test.cache.lock(action("4")), try await test.another().lock(action("5"))]
        _ = try test.cache.gc(
            maxBytes: 0, protecting: [action("6")], blobs: [digest(Self.text(7))], sparing: .seconds(-1))
        #expect(try await Self.standing(test) == [4, 5, 6])
        #expect(test.cache.verify(digest(Self.text(7))))
        #expect(test.cache.info().blobs == 4)
        for lock in held { lock.release() }
    }

    @Test func aSharedBlobStaysWithItsYoungestEntry() async throws {
        let test = try TestCache()
        for number in 0..<3 {
            try await test.publish(["x": "shared"], for: action("\(number)"))
            Disk.age(test.entryPath(action("\(number)")), seconds: (number + 1) * Self.day)
        }
        Disk.age(test.cache.blobPath(digest("shared")), seconds: 9 * Self.day)  // as if it had never been stamped
        _ = try test.cache.gc(olderThan: .seconds(Self.day * 3 / 2))
        #expect(try await Self.standing(test) == [0])
    }

    @Test func oneTrimsAtATime() async throws {
        let test = try TestCache()
        let descriptor = open("\(test.cache.path)/gc/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        flock(descriptor, LOCK_EX)
        let error = #expect(throws: Diagnostic.self) { try test.cache.gc(maxBytes: 0) }
        #expect(error?.message.contains("another process is trimming") == true)
        // A program that another test is starting may have the file open too.
        flock(descriptor, LOCK_UN)
        close(descriptor)
        _ = try test.cache.gc(maxBytes: 0)
    }

    @Test func whatDeadProcessesLeftGoes() async throws {
        let test = try TestCache()
        let scratch = try test.cache.makeScratch()
        let other = try test.another()
        let theirs = try other.makeScratch()
        for name in ["1-dead", "2-dead/1/deep"] {
            var path = "\(test.cache.path)/tmp"
            for part in name.split(separator: "/") { path += "/\(part)"; mkdir(path, 0o755) }
            Disk.write([1], path + "/half-written")
        }
        Disk.write([], "\(test.cache.path)/tmp/1-dead.lock")
        Disk.write([], "\(test.cache.path)/tmp/3-dead.lock")
        let damaged = "\(test.cache.path)/gc/damaged"
        for (name, age) in [("old", 8), ("new", 6)] {
            Disk.write([1], "\(damaged)/\(name)")
            Disk.age("\(damaged)/\(name)", seconds: age * Self.day)
        }
        let trim = try test.cache.gc()
        #expect(trim.abandonedDirectories == 2 && trim.damagedFiles == 1)
        #expect(Disk.files("\(test.cache.path)/tmp").count == 2, "two instances live")
        #expect(Disk.exists(scratch.path) && Disk.exists(theirs.path))
        #expect(Disk.files(damaged) == ["\(damaged)/new"])
    }
}
