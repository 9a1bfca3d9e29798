import EpCore
import EpFiles
import EpPlan
import Testing

@testable import EpEngine

/// Builds of small pipelines, step by step.
@Suite struct BuildTests {
    private let chain =
        "  texts: { source: \"t/*.txt\" }\n  a: { tool: hash, each: texts, mode: narrow }\n  b: { tool: hash, from: [a] }\n  c: { tool: hash, from: [b] }\n"

    /// Law 4: what comes out identical stops the rebuild right there.
    @Test func anIdenticalOutputStopsTheRebuild() async throws {
        let stage = try Stage()
        try stage.pipeline(chain)
        try stage.directory.write("0", to: "w/show/ep/t/x.txt")
        #expect(try await stage.build().actions.executed == 3)
        var early = 0
        for number in 1...12 {
            let before = try stage.directory.read("w/show/ep/out/a/x.txt/a-x.txt.txt")
            try stage.directory.write("\(number)", to: "w/show/ep/t/x.txt")
            let report = try await stage.build()
            let isSame = try stage.directory.read("w/show/ep/out/a/x.txt/a-x.txt.txt") == before
            if isSame { #expect(report.actions.executed == 1) }
            early += isSame ? 1 : 0
        }
        #expect(early > 0, "no edit came out identical: nothing was tested")
    }

    @Test func keepGoingFinishesWhatDoesNotDependOnAFailure() async throws {
        let stage = try Stage()
        try stage.pipeline(
            "  a: { tool: hash, say: fail }\n  b: { tool: hash, from: [a] }\n  c: { tool: hash, say: fine }\n  d: { tool: hash, from: [c] }\n  e: { tool: hash, from: [b, d] }\n"
        )
        var options = BuildOptions()
        options.keepGoing = true
        let events = Events()
        let report = try await stage.build(options, events: events)
        #expect(report.outcome == .failed)
        #expect(report.exitStatus == .failed)
        #expect((report.actions.executed, report.actions.failed, report.actions.blocked) == (2, 1, 2))
        #expect(report.outputs.sorted() == ["out/c.txt", "out/d.txt"])
        #expect(events.failed.map(\.description) == ["a"])
        #expect(events.blocked.map(\.description).sorted() == ["b", "e"])
        #expect(report.failures.map(\.diagnostic.message) == ["a: it was told to"])
        // A failure is never stored: it is tried again, and what succeeded is not.
        #expect(try !stage.isUpToDate())
        #expect(try await stage.build(options).actions.failed == 1)
        #expect(stage.runner.takeRuns().count == 2)
        try stage.pipeline(
            "  a: { tool: hash, say: fixed }\n  b: { tool: hash, from: [a] }\n  c: { tool: hash, say: fine }\n  d: { tool: hash, from: [c] }\n  e: { tool: hash, from: [b, d] }\n"
        )
        let fixed = try await stage.build()
        #expect(fixed.outcome == .built)
        #expect((fixed.actions.executed, fixed.actions.cacheHits) == (3, 2))
    }

    @Test func aDryRunRunsAndWritesNothing() async throws {
        let stage = try Stage()
        try stage.pipeline(chain)
        try stage.directory.write("0", to: "w/show/ep/t/x.txt")
        var options = BuildOptions()
        options.isDryRun = true
        let report = try await stage.build(options)
        #expect(report.actions.missing == 3)
        #expect(stage.runner.takeRuns().isEmpty)
        #expect(!stage.directory.exists("w/.epbuild") && !stage.directory.exists("w/show/ep/out"))
    }

    /// What the planner reads is damaged: the question is asked anew, and tells what must be made again.
    @Test func aPlanOfADamagedCacheIsWhole() async throws {
        let stage = try Stage()
        try stage.pipeline("  a: { tool: hash, say: x }\n  b: { tool: hash, each: a.lines }\n  c: { tool: hash, from: [b] }\n")
        try await stage.build()
        let before = try await stage.builder().inspect(stage.place())
        let blob = try #require(before.steps.first { $0.target == Target(parsing: "a") }?.result?["out"])
        let path = "\(stage.cachePath)/cas/\(blob.hex.prefix(2))/\(blob.hex)"
        try Files.replace(path, with: Array("damaged\n".utf8))
        let after = try await stage.builder().inspect(stage.place())
        #expect(after.steps.map { "\($0.target) \($0.state.rawValue)" } == ["a stale"])
        #expect(after.stages.map(\.knowledge) == [.known, .notYet, .notYet])
        #expect(try await stage.build().actions.executed == 1)
    }

    @Test func oneTargetBuildsWhatItReads() async throws {
        let stage = try Stage()
        try stage.pipeline(chain)
        try stage.directory.write("0", to: "w/show/ep/t/x.txt")
        var options = BuildOptions()
        options.targets = [Target(parsing: "b")]
        #expect(try await stage.build(options).actions.executed == 2)
        #expect(try !stage.isUpToDate(), "a part is not the whole")
        options.targets = [Target(parsing: "bb")]
        #expect(
            try await stage.build(options).failures.map(\.problem) == [
                Diagnostic(.usage, "there is no stage \"bb\"", remedy: "did you mean \"b\"?")
            ])
    }

    @Test func anEditedTextStandsForItsStage() async throws {
        let stage = try Stage()
        try stage.pipeline(
            "  a: { tool: hash, say: x }\n  b: { tool: hash, from: [a], output: b.txt, editable: true, deliver: false }\n  c: { tool: hash, from: [b], deliver: true }\n"
        )
        #expect(try await stage.build().actions.executed == 3)
        try stage.directory.write("mine\n", to: "w/show/ep/b.txt")
        let edited = try await stage.build()
        #expect(edited.actions.executed == 1)
        try stage.pipeline(
            "  a: { tool: hash, say: y }\n  b: { tool: hash, from: [a], output: b.txt, editable: true, deliver: false }\n  c: { tool: hash, from: [b], deliver: true }\n"
        )
        _ = try await stage.build()
        #expect(try stage.directory.read("w/show/ep/b.txt") == "mine\n")
    }

    /// The memo is younger than nothing: a file as young as it is read again, even if its stat is the same.
    @Test func aFileAsYoungAsTheMemoIsReadAgain() async throws {
        let stage = try Stage()
        try stage.pipeline(chain)
        try stage.directory.write("new", to: "w/show/ep/t/x.txt")
        let expected = try await stage.outputs(stage.build())
        let place = try stage.place()
        let memoPath = Builder.memoPath(of: place)
        var memo = try #require(try Files.read(memoPath).flatMap(Memo.init(encoded:)))
        // As if the file had been read as "old", and changed within the same tick of the clock.
        let (path, record) = try #require(Array(memo.files.sorted).first { $0.path.text.hasSuffix("/t/x.txt") })
        memo.files[path] = .init(stat: record.stat, digest: digest("old"))
        try Files.replace(memoPath, with: memo.encoded())
        try stage.directory.setAge("w/.epbuild/memo/show%ep", seconds: 100_000)
        #expect(try !stage.isUpToDate())
        #expect(try await stage.outputs(stage.build()) == expected)
        #expect(try await stage.build().outcome == .upToDate)
    }
}
