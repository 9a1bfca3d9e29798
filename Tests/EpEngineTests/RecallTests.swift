import EpCache
import EpCore
import EpFiles
import EpPlan
import Glibc
import Testing

@testable import EpEngine

/// What the last build's actions came to spares looking them up, and never stands for what the cache has not.
@Suite struct RecallTests {
    /// Three items that are delivered, and a recall that holds for all of them.
    /// - Parameter isJoined: a fourth step reads them.
    private func built(isJoined: Bool = true) async throws -> (stage: Stage, outputs: [String: String]) {
        let stage = try Stage()
        let join = isJoined ? "  b: { tool: hash, from: [a] }\n" : ""
        try stage.pipeline("  texts: { source: \"t/*.txt\" }\n  a: { tool: hash, each: texts }\n\(join)")
        for name in ["x", "y", "z"] { try stage.directory.write(name, to: "w/show/ep/t/\(name).txt") }
        let outputs = try stage.outputs(try await stage.build())
        try await settle(stage)
        #expect(try recall(stage)?.isWhole == true && recall(stage)?.count == (isJoined ? 4 : 3))
        _ = stage.runner.takeRuns()
        return (stage, outputs)
    }

    /// A directory of the cache that has changed within the same tick of the clock is looked at again.
    private func settle(_ stage: Stage) async throws {
        for round in 1...10_000 where try recall(stage)?.isWhole != true {
            try stage.directory.write("title: S\nround: \(round)\n", to: "w/show/show.yaml")
            try await stage.build()
        }
    }

    private func recall(_ stage: Stage, fingerprint: String = "test") throws -> Recall? {
        Recall(of: try stage.place(), fingerprint: fingerprint, in: try DiskCache(path: stage.cachePath))
    }

    /// Makes the memo useless, takes away what was delivered, and builds.
    private func buildAgain(_ stage: Stage, events: Events = Events()) async throws -> BuildReport {
        try stage.directory.write("title: S\nother: true\n", to: "w/show/show.yaml")
        if stage.directory.exists("w/show/ep/out") { try stage.directory.remove("w/show/ep/out") }
        return try await stage.build(events: events)
    }

    private func files(_ stage: Stage, _ section: String) throws -> [String] {
        try SourceFiles(shownFrom: "/").glob("\(section)/*/*", in: stage.cachePath).map(\.path).filter {
            FileStatus($0)?.size != 0
        }
    }

    private func overwrite(_ path: String) throws {
        chmod(path, 0o644)
        let descriptor = open(path, O_WRONLY)
        defer { close(descriptor) }
        #expect(pwrite(descriptor, "damage", 6, 0) == 6)
    }

    /// Entries that nobody can read any more are not missed: they are not read.
    @Test func whatIsKnownIsNotLookedUp() async throws {
        let (stage, outputs) = try await built()
        for path in try files(stage, "ac") { try overwrite(path) }
        let events = Events()
        let report = try await buildAgain(stage, events: events)
        #expect(report.actions.executed == 0 && report.actions.cacheHits == 4)
        #expect(!events.kinds.contains { if case .cacheHealed = $0 { true } else { false } })
        #expect(try stage.outputs(report) == outputs)
    }

    @Test func anEditRunsWhatItConcerns() async throws {
        let (stage, _) = try await built()
        try stage.directory.write("other", to: "w/show/ep/t/y.txt")
        let report = try await stage.build()
        #expect(report.actions.executed == 2 && report.actions.cacheHits == 2)
        let clean = try stage.fresh()
        #expect(try await stage.outputs(report) == clean.outputs(clean.build()))
    }

    @Test(arguments: ["ac", "cas"]) func whatIsGoneIsMadeAnew(_ section: String) async throws {
        let (stage, outputs) = try await built()
        for path in try files(stage, section) { unlink(path) }
        let report = try await buildAgain(stage)
        #expect(report.actions.executed == 4)
        #expect(try stage.outputs(report) == outputs)
    }

    /// What was recalled, and is taken away before the build notes its own results, is not noted as if it were there.
    @Test func whatIsTakenAwayMeanwhileIsMissed() async throws {
        let (stage, _) = try await built(isJoined: false)
        let entries = try files(stage, "ac")
        try stage.directory.write("other", to: "w/show/ep/t/y.txt")
        stage.runner.afterTries(1) { for entry in entries { unlink(entry) } }
        let report = try await stage.build()
        #expect(report.actions.executed == 1 && report.actions.cacheHits == 2)
        let again = try await buildAgain(stage)
        #expect(again.actions.executed == 2 && again.actions.cacheHits == 1)
    }

    /// Where the results of a step lay that is no more is nothing to the recall.
    @Test func whatIsNoMoreIsForgotten() async throws {
        let (stage, _) = try await built(isJoined: false)
        try stage.directory.remove("w/show/ep/t/z.txt")
        try await stage.build()
        try await settle(stage)
        #expect(try recall(stage)?.isWhole == true && recall(stage)?.count == 2)
    }

    /// Damage within a file shows when it is read: the next pass does without what is remembered.
    @Test func aDamagedBlobIsMadeAnew() async throws {
        let (stage, outputs) = try await built()
        for path in try files(stage, "cas") { try overwrite(path) }
        let report = try await buildAgain(stage)
        #expect(stage.runner.takeRuns().count == 4)
        #expect(try stage.outputs(report) == outputs)
        #expect(try await stage.build().outcome == .upToDate)
    }

    /// As if the workspace had been moved to another machine.
    @Test func anotherCacheAtTheSamePathIsLookedInto() async throws {
        let (stage, outputs) = try await built()
        try stage.directory.remove("cache")
        let report = try await buildAgain(stage)
        #expect(report.actions.executed == 4)
        #expect(try stage.outputs(report) == outputs)
    }

    /// Another machine's result that has taken the place of ours is the one that counts.
    @Test func anAdoptedResultIsFound() async throws {
        let (stage, _) = try await built()
        let last = try #require(try await stage.builder().inspect(stage.place()).steps.last)
        let cache = try DiskCache(path: stage.cachePath)
        let blob = try cache.stage(bytes: Array("theirs".utf8))
        let theirs = ActionResult(outputs: [.init(path: "out", digest: blob.digest)], servedBy: "another")
        try await cache.adopt(theirs, for: try #require(last.address), blobs: [blob])
        let report = try await buildAgain(stage)
        #expect(report.actions.executed == 0)
        #expect(try stage.outputs(report).values.contains("theirs"))
    }

    @Test func whatIsLostOrOfAnotherEpbuildIsLookedUp() async throws {
        let (stage, outputs) = try await built()
        let path = Recall.path(of: try stage.place())
        let bytes = try #require(try Files.read(path))
        #expect(try recall(stage, fingerprint: "another") == nil)
        for damaged in [nil, [], Array(bytes.dropLast(9)), Array(bytes.reversed()), bytes.map { $0 ^ 1 }] as [[UInt8]?] {
            if let damaged { try Files.replace(path, with: damaged) } else { unlink(path) }
            #expect(try recall(stage) == nil)
            let report = try await buildAgain(stage)
            #expect(report.actions.executed == 0)
            #expect(try stage.outputs(report) == outputs)
            #expect(try recall(stage) != nil, "it is written anew")
        }
    }

    /// The seal is right and what it seals is not: it comes to an end, and what it names need not be there.
    @Test(arguments: [UInt64(1), 2, .random(in: 0 ... .max)]) func aSealedRecallMayHoldAnything(_ seed: UInt64) async throws {
        let (stage, _) = try await built()
        let bytes = try #require(try Files.read(Recall.path(of: try stage.place())))
        let actions = try await stage.builder().inspect(stage.place()).steps.compactMap(\.address)
        var random = Seeded(seed)
        for _ in 0..<500 {
            let recall = Recall(encoded: MemoTests.mutated(bytes, &random), fingerprint: "test") { numbers in
                CacheShards(Dictionary(numbers.map { ($0, FileStatus(size: 0, modified: 0)) }) { first, _ in first })
            }
            for action in actions { _ = recall?.result(of: action, requiring: ["out"]) }
        }
    }

    @Test func whatIsWrittenIsRead() throws {
        let results = (0..<50).map { number in
            let outputs = (0..<number % 3).map {
                ActionResult.Output(path: "o\($0)", digest: digest("\(number) \($0)"), isExecutable: $0 == 1)
            }
            return ActionResult(
                outputs: outputs, servedBy: "by \(number % 4)", duration: .microseconds(number), cost: Cost(microUSD: Int64(number)),
                usage: number % 5 == 0 ? ["tokens": 7, "seconds": Int64(number)] : [:])
        }
        let known = results.enumerated().map { (ActionDigest(digest("action \($0)")), $1) }
        let then = CacheShards(Dictionary(uniqueKeysWithValues: (0..<512).map { ($0, FileStatus(size: Int64($0), modified: 1)) }))
        let (changedEntry, changedBlob) = (CacheShards.number(ofEntryOf: known[3].0), CacheShards.number(of: digest("7 0")))
        var writer = ByteWriter()
        Recall.encode(known, [7, 8], "f", then, of: 512) { $0(&writer) }
        writer.seal()
        let recall = try #require(Recall(encoded: writer.bytes, fingerprint: "f") { _ in then })
        #expect(recall.hasSeen(7) && recall.hasSeen(8) && !recall.hasSeen(9))
        #expect(recall.isWhole && known.allSatisfy { recall.result(of: $0, requiring: []) == $1 })
        #expect(recall.result(of: known[1].0, requiring: ["o0"]) != nil && recall.result(of: known[1].0, requiring: ["o1"]) == nil)
        #expect(recall.result(of: ActionDigest(digest("another")), requiring: []) == nil)
        var now = then.statuses
        (now[changedEntry], now[changedBlob]) = (nil, FileStatus(size: 0, modified: 2))
        let later = try #require(Recall(encoded: writer.bytes, fingerprint: "f") { _ in CacheShards(now) })
        #expect(!later.isWhole)
        for (action, result) in known {
            let isTouched =
                CacheShards.number(ofEntryOf: action) == changedEntry
                || result.outputs.contains { [changedEntry, changedBlob].contains(CacheShards.number(of: $0.digest)) }
            #expect((later.result(of: action, requiring: []) == nil) == isTouched)
        }
    }
}
