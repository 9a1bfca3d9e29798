import EpCore
import FoundationEssentials
import Testing

/// What every cache store must do, near or far. Each check uses digests of its own, so that one store serves them all.
enum CacheStoreConformance {
    /// - Parameter scratch: a directory for files.
    static func check(_ store: any CacheStore, scratch: String) async throws {
        try await unknownThingsAreMissing(store, scratch)
        try await blobsComeBackAsTheyWere(store, scratch)
        try await wrongBytesAreRefused(store, scratch)
        try await theFirstResultWins(store, scratch)
        try await theEmptyBlobIsThere(store, scratch)
        try await manyAtOnce(store, scratch)
    }

    static func unknownThingsAreMissing(_ store: any CacheStore, _ scratch: String) async throws {
        #expect(try await store.result(for: action("conformance: nobody ran this")) == nil)
        let unknown = digest("conformance: nobody stored this")
        #expect(try await store.missing(of: [unknown]) == [unknown])
        #expect(try await store.fetch(unknown, to: "\(scratch)/unknown") == false)
        #expect(!Disk.exists("\(scratch)/unknown"))
    }

    static func blobsComeBackAsTheyWere(_ store: any CacheStore, _ scratch: String) async throws {
        for size in [1, 4095, 4096, 262_144, 3_000_001] {
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
            let blob = Digest(of: bytes)
            Disk.write(bytes, "\(scratch)/in")
            try await store.store(blob, from: "\(scratch)/in")
            try await store.store(blob, from: "\(scratch)/in")
            #expect(Disk.read("\(scratch)/in") == bytes, "the file stays")
            #expect(try await store.missing(of: [blob, digest("conformance: absent")]) == [digest("conformance: absent")])
            #expect(try await store.fetch(blob, to: "\(scratch)/out-\(size)"))
            #expect(Disk.read("\(scratch)/out-\(size)") == bytes)
        }
    }

    static func wrongBytesAreRefused(_ store: any CacheStore, _ scratch: String) async throws {
        let claimed = digest("conformance: claimed")
        Disk.write(Array("something else".utf8), "\(scratch)/wrong")
        await #expect(throws: (any Error).self) { try await store.store(claimed, from: "\(scratch)/wrong") }
        #expect(try await store.missing(of: [claimed]) == [claimed])
    }

    static func theFirstResultWins(_ store: any CacheStore, _ scratch: String) async throws {
        let place = action("conformance: first wins")
        var results: [ActionResult] = []
        for text in ["first", "second"] {
            Disk.write(Array(text.utf8), "\(scratch)/\(text)")
            try await store.store(digest(text), from: "\(scratch)/\(text)")
            results.append(
                ActionResult(
                    outputs: [.init(path: "a/b.txt", digest: digest(text), isExecutable: text == "first")], servedBy: text,
                    duration: .milliseconds(5), cost: Cost(microUSD: 7), usage: ["characters": 3]))
        }
        #expect(try await store.store(results[0], for: place) == nil)
        #expect(try await store.result(for: place) == results[0])
        #expect(try await store.store(results[1], for: place) == results[0], "the first is returned")
        #expect(try await store.result(for: place) == results[0], "the first stays")
        #expect(try await store.store(results[0], for: place) == nil, "the same again is no other")
    }

    static func theEmptyBlobIsThere(_ store: any CacheStore, _ scratch: String) async throws {
        #expect(try await store.missing(of: [.empty]) == [])
        #expect(try await store.fetch(.empty, to: "\(scratch)/empty"))
        #expect(Disk.read("\(scratch)/empty") == [])
    }

    static func manyAtOnce(_ store: any CacheStore, _ scratch: String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    // Every text twice: two tasks store the same blob and result at once.
                    let text = "conformance: text \(number / 2)"
                    Disk.write(Array(text.utf8), "\(scratch)/many-\(number)")
                    try await store.store(digest(text), from: "\(scratch)/many-\(number)")
                    let result = ActionResult(outputs: [.init(path: "t", digest: digest(text))], servedBy: "any")
                    #expect(try await store.store(result, for: action(text)) == nil)
                    #expect(try await store.result(for: action(text)) == result)
                }
            }
            try await group.waitForAll()
        }
    }
}

@Suite struct CacheStoreConformanceTests {
    @Test func diskCache() async throws {
        let test = try TestCache()
        try await CacheStoreConformance.check(test.cache, scratch: test.directory)
        #expect(test.takeReports() == [])
    }
}
