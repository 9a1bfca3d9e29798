import EpCache
import EpCore
import EpFiles
import FoundationEssentials
import Glibc
import Testing

@Suite struct PublishingTests {
    @Test func whatIsPublishedIsAHit() async throws {
        let test = try TestCache()
        #expect(test.cache.lookup(action("a"), requiring: ["x"]) == .miss)
        let published = try await test.publish(["x": "one", "y/z": "two"], for: action("a"))
        #expect(published.isFirst)
        #expect(test.cache.lookup(action("a"), requiring: ["x", "y/z"]) == .hit(published.result))
        #expect(test.cache.lookup(action("a"), requiring: ["x", "other"]) == .miss, "an output that the entry does not name")
        #expect(try test.cache.bytes(digest("two")) == Array("two".utf8))
        #expect(Disk.status(test.cache.blobPath(digest("one"))).st_mode & 0o777 & ~0o444 == 0)
        #expect(Disk.files("\(test.cache.path)/tmp").count == 1, "only this process's lock")
    }

    /// Files that wait lie in several directories, none of which is left.
    @Test func manyThatWaitLieApart() async throws {
        var test: TestCache? = try TestCache()
        let (directory, tmp) = try #require(test.map { ($0.directory, "\($0.cache.path)/tmp") })
        let staged = try (0..<200).map { try #require(test).cache.stage(bytes: Array("\($0)".utf8)) }
        let places = Dictionary(grouping: Disk.files(tmp).filter { !$0.hasSuffix(".lock") }) { $0.split(separator: "/").dropLast() }
        #expect(places.values.reduce(0) { $0 + $1.count } == 200)
        #expect(places.count == 9 && places.values.allSatisfy { $0.count <= 64 })
        let result = ActionResult(outputs: staged.map { .init(path: $0.digest.hex, digest: $0.digest) }, servedBy: "test")
        _ = try await test?.cache.publish(result, for: action("a"), blobs: staged)
        #expect(test?.cache.lookup(action("a"), requiring: []) == .hit(result))
        #expect(Disk.files(tmp).count == 1, "only this process's lock")
        test = nil
        #expect(Disk.files(directory) == [])
    }

    @Test func whatIsLentIsReadBeforeItIsPublished() async throws {
        let test = try TestCache()
        let blob = try test.cache.stage(bytes: Array("soon".utf8))
        #expect(try test.cache.bytes(blob.digest) == nil)
        test.cache.lend([blob])
        #expect(try test.cache.bytes(blob.digest) == Array("soon".utf8))
        #expect(try test.cache.copyOut(blob.digest, to: "\(test.cache.path)/copy"))
        #expect(try test.another().bytes(blob.digest) == nil, "no other process sees it")
        let result = ActionResult(outputs: [.init(path: "x", digest: blob.digest)], servedBy: "test")
        _ = try await test.cache.publish(result, for: action("a"), blobs: [blob])
        #expect(try test.cache.bytes(blob.digest) == Array("soon".utf8))
        test.cache.takeBack([blob])
        #expect(try test.cache.bytes(blob.digest) == Array("soon".utf8))
    }

    @Test func whatIsTakenBackIsGone() throws {
        let test = try TestCache()
        let blob = try test.cache.stage(bytes: Array("never".utf8))
        test.cache.lend([blob])
        test.cache.takeBack([blob])
        #expect(try test.cache.bytes(blob.digest) == nil)
    }

    @Test func theFirstResultWins() async throws {
        let test = try TestCache()
        let first = try await test.publish(["x": "first"], for: action("a"))
        let second = try await test.publish(["x": "second"], for: action("a"))
        #expect(second.result == first.result && !second.isFirst)
        #expect(try await test.another().publish(second.result, for: action("a")).isFirst == false)
    }

    @Test func anAdoptedResultTakesThePlaceOfTheFirst() async throws {
        let test = try TestCache()
        try await test.publish(["x": "mine"], for: action("a"))
        #expect(!Disk.exists(test.cache.adoptionMark))
        let theirs = ActionResult(outputs: [.init(path: "x", digest: digest("theirs"))], servedBy: "test")
        let blob = try test.cache.stage(bytes: Array("theirs".utf8))
        try await test.cache.adopt(theirs, for: action("a"), blobs: [blob])
        #expect(test.cache.lookup(action("a"), requiring: ["x"]) == .hit(theirs))
        let mark = Disk.read(test.cache.adoptionMark)
        try await test.cache.adopt(theirs, for: action("a"), blobs: [])
        #expect(mark != nil && Disk.read(test.cache.adoptionMark) != mark)
        #expect(Disk.files("\(test.cache.path)/tmp").count == 1, "only this process's lock")
    }

    @Test func anUnusableEntryIsReplaced() async throws {
        let test = try TestCache()
        try await test.publish(["x": "first"], for: action("a"))
        unlink(test.cache.blobPath(digest("first")))
        #expect(test.cache.lookup(action("a"), requiring: ["x"]) == .miss)
        let second = try await test.publish(["x": "second"], for: action("a"))
        #expect(second.isFirst)
        #expect(test.cache.lookup(action("a"), requiring: ["x"]) == .hit(second.result))

        let third = try await test.publish(["x": "second", "y": "more"], for: action("a"))
        #expect(third.isFirst, "an entry that lacks an output is of no use either")
    }

    @Test func aResultWithoutItsBlobIsRefused() async throws {
        let test = try TestCache()
        let result = ActionResult(outputs: [.init(path: "x", digest: digest("nowhere"))], servedBy: "test")
        await #expect(throws: Diagnostic.self) { try await test.cache.publish(result, for: action("a")) }
        #expect(test.cache.lookup(action("a"), requiring: []) == .miss)
    }

    @Test func manyTasksShareBatches() async throws {
        let test = try TestCache()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<400 {
                group.addTask {
                    // A quarter of the actions meet each other, half of the blobs do.
                    let published = try await test.publish(["x": "blob \(number / 2)"], for: action("\(number % 300)"))
                    #expect(test.cache.lookup(action("\(number % 300)"), requiring: ["x"]) == .hit(published.result))
                }
            }
            try await group.waitForAll()
        }
        let info = test.cache.info()
        #expect(info.entries == 300)
        #expect(info.blobs <= 200)
        #expect(try await test.cache.verify().isSound)
    }

    @Test func oneBadPublicationLeavesTheRestOfItsBatchAlone() async throws {
        let test = try TestCache()
        // A blob that is lost between being written and being published.
        let bad = action("bad")
        let lost = try test.cache.stage(bytes: Array("lost".utf8))
        for file in Disk.files("\(test.cache.path)/tmp") where !file.hasSuffix(".lock") { unlink(file) }
        let result = ActionResult(outputs: [.init(path: "x", digest: lost.digest)], servedBy: "test")
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                let place = number == 25 ? bad : action("good \(number)")
                group.addTask {
                    do {
                        if number == 25 {
                            _ = try await test.cache.publish(result, for: place, blobs: [lost])
                        } else {
                            _ = try await test.publish(["x": "blob \(number)"], for: place)
                        }
                        #expect(number != 25)
                    } catch {
                        #expect(number == 25)
                        #expect((error as? Diagnostic)?.code == .system)
                    }
                }
            }
        }
        #expect(Disk.files("\(test.cache.path)/tmp").count == 1)
    }

    @Test func aBlobThatIsThereIsNotWrittenAgain() async throws {
        let test = try TestCache()
        try await test.publish(["x": "one"], for: action("a"))
        let path = test.cache.blobPath(digest("one"))
        let inode = Disk.status(path).st_ino
        Disk.age(path, seconds: 90_000)
        try await test.publish(["x": "one"], for: action("b"))
        #expect(Disk.status(path).st_ino == inode)
        #expect(Disk.status(path).st_mtim.tv_sec > time(nil) - 60, "it counts as used")
    }

    @Test func aHitIsStampedOnlyWhenItsStampIsOld() async throws {
        let test = try TestCache()
        try await test.publish(["x": "one"], for: action("a"))
        let paths = [test.entryPath(action("a")), test.cache.blobPath(digest("one"))]
        for (age, isStamped) in [(600, false), (90_000, true)] {
            for path in paths { Disk.age(path, seconds: age) }
            _ = test.cache.lookup(action("a"), requiring: ["x"])
            for path in paths { #expect((Disk.status(path).st_mtim.tv_sec > time(nil) - 60) == isStamped) }
        }
        #expect(Disk.status(paths[0]).st_mtim.tv_sec <= Disk.status(paths[1]).st_mtim.tv_sec, "the entry first")
    }

    @Test func whatIsStagedAndDroppedLeavesNothing() throws {
        let test = try TestCache()
        _ = try test.cache.stage(bytes: Array("one".utf8))
        #expect(Disk.files("\(test.cache.path)/tmp").count == 1)
        #expect(try test.cache.bytes(digest("one")) == nil, "staged is not visible")
    }

    @Test(arguments: [10, 3_000_000], [false, true])
    func filesAreTakenIn(size: Int, moving: Bool) async throws {
        let test = try TestCache()
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for kind in ["plain", "linked", "symbolic"] {
            let path = "\(test.directory)/\(kind)"
            Disk.write(bytes, kind == "symbolic" ? path + ".target" : path)
            if kind == "linked" { link(path, path + ".other") }
            if kind == "symbolic" { symlink(path + ".target", path) }
            let blob = try test.cache.stage(file: path, movingIt: moving)
            try await test.cache.publish(blobs: [blob])
            #expect(blob.digest == Digest(of: bytes))
            #expect(Disk.exists(path) != moving)
            if kind == "linked" { Disk.write([1], path + ".other") }
            if kind == "symbolic" { #expect(Disk.read(path + ".target") == bytes, "only the link was given away") }
            #expect(try test.cache.bytes(blob.digest) == bytes)
            unlink(test.cache.blobPath(blob.digest))
        }
        #expect(throws: Diagnostic.self) { try test.cache.stage(file: "\(test.directory)/none", movingIt: moving) }
        #expect(throws: Diagnostic.self) { try test.cache.stage(file: test.directory, movingIt: moving) }
    }

    @Test func scratchGoesAwayWhateverIsInIt() throws {
        let test = try TestCache()
        Disk.write([1], "\(test.directory)/precious")
        let scratch = try test.cache.makeScratch()
        let other = try test.cache.makeScratch()
        #expect(scratch.path != other.path)
        for path in ["a", "a/b"] { mkdir("\(scratch.path)/\(path)", 0o755) }
        Disk.write([1], "\(scratch.path)/a/b/file")
        symlink(test.directory, "\(scratch.path)/a/link")
        chmod("\(scratch.path)/a/b", 0o555)
        chmod("\(scratch.path)/a", 0o500)
        scratch.close()
        #expect(!Disk.exists("\(scratch.path)/a"))
        #expect(Disk.exists("\(test.directory)/precious"), "links are not followed")
        #expect(Disk.exists(other.path))
    }

    @Test func scratchIsUsedAgainOnlyAsItWasMade() throws {
        let test = try TestCache()
        let first = try test.cache.makeScratch()
        Disk.write([1], "\(first.path)/file")
        first.close()
        first.close()
        let (second, third) = (try test.cache.makeScratch(), try test.cache.makeScratch())
        #expect(second.path == first.path && third.path != first.path)
        #expect(Directory.names(second.path).isEmpty)
        chmod(second.path, 0o700)
        rmdir(third.path)
        second.close()
        third.close()
        let fourth = try test.cache.makeScratch()
        #expect(![second.path, third.path].contains(fourth.path), "what a program has changed or taken away is no other's")
        #expect(!Disk.exists(second.path))
    }
}
