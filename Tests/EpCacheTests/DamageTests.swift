import EpCache
import EpCore
import Glibc
import Testing

@Suite struct DamageTests {
    /// Every way in which a small file can be damaged: each byte changed, each shorter length, one byte more.
    static func damaged(_ bytes: [UInt8]) -> [[UInt8]] {
        var variants: [[UInt8]] = []
        for index in bytes.indices {
            for mask: UInt8 in [1, 0x80, 0xff] {
                var variant = bytes
                variant[index] ^= mask
                variants.append(variant)
            }
            variants.append(Array(bytes[..<index]))
        }
        return variants + [bytes + [0]]
    }

    @Test func everyDamageToAnEntryIsAMissAndHeals() async throws {
        let test = try TestCache()
        let place = action("a")
        let published = try await test.publish(["x": "one", "y": "two"], for: place)
        let sound = try #require(Disk.read(test.entryPath(place)))
        for variant in Self.damaged(sound) {
            Disk.write(variant, test.entryPath(place))
            guard case .damaged(let report) = test.cache.lookup(place, requiring: ["x"]) else {
                Issue.record("not noticed: \(variant)")
                continue
            }
            #expect(report.code == .damagedCache)
            #expect(test.takeReports() == [report])
            #expect(test.cache.lookup(place, requiring: ["x"]) == .miss, "set aside, so reported once")
            #expect(Disk.read("\(test.cache.path)/gc/damaged/ac-\(place.hex)") == variant)
            // Linking a sound one into place is what healing amounts to, without the disk's delay.
            Disk.write(sound, test.entryPath(place))
        }
        #expect(test.cache.lookup(place, requiring: ["x"]) == .hit(published.result))
        Disk.write([1, 2, 3], test.entryPath(place))
        #expect(try await test.publish(["x": "new", "y": "newer"], for: place).isFirst, "healed by publishing over it")
    }

    @Test func everyDamageToABlobIsAMissAndHeals() async throws {
        let test = try TestCache()
        let text = "what a blob may hold"
        let sound = Array(text.utf8)
        let path = test.cache.blobPath(digest(text))
        for variant in Self.damaged(sound) {
            if !Disk.exists(path) { try await test.publish(["x": text], for: action("a")) }
            Disk.write(variant, path)
            #expect(try test.cache.bytes(digest(text)) == nil)
            #expect(!Disk.exists(path))
            #expect(test.takeReports().count == 1)
            #expect(test.cache.lookup(action("a"), requiring: ["x"]) == .miss)
            Disk.write(sound, path)
            #expect(try test.cache.bytes(digest(text)) == sound)
        }
    }

    @Test func everyReaderNotices() async throws {
        let test = try TestCache()
        let target = "\(test.directory)/copy"
        let readers: [(String, (Digest) throws -> Bool)] = [
            ("bytes", { try test.cache.bytes($0) != nil }), ("verify", { test.cache.verify($0) }),
            ("copyOut", { try test.cache.copyOut($0, to: target) }),
        ]
        for (name, isReadable) in readers {
            for variant in ["changed", "short", "longer than it was"] {
                let text = "content"
                try await test.publish(["x": text], for: action(name))
                #expect(try isReadable(digest(text)), "\(name)")
                Disk.write(Array("earlier".utf8), target)
                Disk.write(Array(variant.utf8), test.cache.blobPath(digest(text)))
                #expect(try !isReadable(digest(text)), "\(name), \(variant)")
                #expect(test.takeReports().count == 1, "\(name), \(variant)")
                #expect(Disk.read(target) == Array("earlier".utf8), "what stood there stays")
            }
        }
    }

    @Test func aLookupNoticesAWrongSize() async throws {
        let test = try TestCache()
        try await test.publish(["x": "content"], for: action("a"))
        Disk.write([], test.cache.blobPath(digest("content")))
        guard case .damaged = test.cache.lookup(action("a"), requiring: ["x"]) else {
            Issue.record("an empty blob was not noticed")
            return
        }
        #expect(test.takeReports().count == 1)
        let wrong = try #require(Digest(hex: digest("sound").hex, size: 99))
        try await test.publish(["x": "sound"], for: action("b"))
        #expect(try await test.cache.missing(of: [wrong]) == [wrong], "who asks with a wrong size harms nothing")
        #expect(test.takeReports() == [])
        #expect(test.cache.verify(digest("sound")))
    }

    @Test func stagingNoticesADamagedBlobThatStands() async throws {
        let test = try TestCache()
        try await test.publish(["x": "content"], for: action("a"))
        Disk.write(Array("con".utf8), test.cache.blobPath(digest("content")))
        try await test.publish(["x": "content"], for: action("a"))
        #expect(try test.cache.bytes(digest("content")) == Array("content".utf8))
    }

    /// It has the same size, so only its bytes tell; what was made a moment ago is right, and may have cost money.
    @Test(arguments: [7, 2 << 20]) func whatWasJustMadeTakesThePlaceOfADamagedBlob(_ size: Int) async throws {
        let test = try TestCache()
        let (bytes, wrong) = ([UInt8](repeating: 1, count: size), [UInt8](repeating: 2, count: size))
        let blob = Digest(of: bytes)
        let result = ActionResult(outputs: [.init(path: "x", digest: blob)], servedBy: "test")
        let ways: [() throws -> StagedBlob] = [
            { try test.cache.stage(bytes: bytes) },
            {
                Disk.write(bytes, "\(test.directory)/made")
                return try test.cache.stage(file: "\(test.directory)/made", movingIt: true)
            },
            { try test.cache.stage(file: "\(test.directory)/made", movingIt: false) },
        ]
        for (index, stage) in ways.enumerated() {
            Disk.write(bytes, "\(test.directory)/made")
            _ = try await test.cache.publish(result, for: action("first"), blobs: [stage()])
            Disk.write(wrong, test.cache.blobPath(blob))
            Disk.write(bytes, "\(test.directory)/made")
            _ = try await test.cache.publish(result, for: action("\(index)"), blobs: [stage()])
            #expect(test.takeReports().count == 1)
            #expect(try test.cache.bytes(blob) == bytes)
            #expect(test.takeReports() == [], "the blob that was just made is not the damaged one")
            #expect(test.cache.lookup(action("first"), requiring: ["x"]) == .hit(result), "and heals whoever names it")
        }
    }

    /// A copy, a repair of the file system: each entry is whole, and neither is where it belongs.
    @Test func entriesThatHaveChangedPlacesAreMisses() async throws {
        let test = try TestCache()
        for name in ["a", "b", "c"] { try await test.publish(["x": "of \(name)"], for: action(name)) }
        let entries = try ["a", "b"].map { try #require(Disk.read(test.entryPath(action($0)))) }
        for (name, entry) in zip(["b", "a"], entries) { Disk.write(entry, test.entryPath(action(name))) }
        let found = try await test.another().verify()
        #expect(found.damage.map(\.message).filter { $0.contains("(the result of another action)") }.count == 2, "\(found)")
        for name in ["a", "b"] {
            #expect(test.cache.lookup(action(name), requiring: ["x"]) == .miss)
            try await test.publish(["x": "of \(name)"], for: action(name))
        }
        #expect(try await test.cache.verify().isSound)
    }

    @Test func verifyFindsAllAndHealsAll() async throws {
        let test = try TestCache()
        for number in 0..<40 { try await test.publish(["x": "blob \(number)"], for: action("\(number)")) }
        #expect(try await test.cache.verify().isSound)
        for number in 0..<4 { Disk.write(Array("blub \(number)".utf8), test.cache.blobPath(digest("blob \(number)"))) }
        for number in 4..<6 { unlink(test.cache.blobPath(digest("blob \(number)"))) }
        for number in 6..<9 { Disk.write([0xff], test.entryPath(action("\(number)"))) }

        let report = try await test.cache.verify()
        #expect(report.damage.count == 4 + 3)
        #expect(report.danglingEntries == 4 + 2)
        #expect(report.entries == 40)
        #expect(report.blobs == 40 - 2)
        #expect(test.takeReports().count == 7)
        #expect(try await test.cache.verify().isSound)
        let hits = (0..<40).count { if case .hit = test.cache.lookup(action("\($0)"), requiring: ["x"]) { true } else { false } }
        #expect(hits == 31)
        #expect(test.cache.info().damagedFiles == 7)
    }
}
