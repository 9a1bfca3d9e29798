import EpCore
import EpFiles
import EpPlan
import FoundationEssentials
import Synchronization
import Testing

@testable import EpEngine

/// The promise of the whole program, in a story of chapters, scenes and languages, whose texts a person approves, changes, pins and leaves
/// out.
@Suite struct StorySimulationTests {
    /// Some that were wrong once, and `EPBUILD_TEST_STORIES` others, else one.
    private static let seeds: [UInt64] =
        [
            1, 2, 3, 4, 5, 12_971_243_643_167_384_495, 2_145_596_839_175_749_382, 10_784_601_017_003_649_301, 9_049_077_945_943_225_454,
            14_231_780_748_655_061_812,
        ]
        + (0..<(ProcessInfo.processInfo.environment["EPBUILD_TEST_STORIES"].flatMap { Int($0) } ?? 1)).map { _ in .random(in: 0 ... .max) }

    @Test(arguments: seeds)
    func incrementalEqualsCleanInEveryDimension(_ seed: UInt64) async throws {
        var story = try Story(seed: seed)
        for round in 0..<15 {
            try await story.edit()
            try await story.checkBuild("seed \(seed), round \(round)")
        }
        #expect(story.built > 3, "seed \(seed): hardly anything was approved")
    }

    @Test func thePlanOfAStoryPredictsItsBuild() async throws {
        var (sure, exact) = (0, 0)
        for seed in [UInt64(51), 52, 53, .random(in: 0 ... .max)] {
            var story = try Story(seed: seed)
            for round in 0..<12 {
                try await story.edit()
                let found = try await story.checkPrediction("seed \(seed), round \(round)")
                (sure, exact) = (sure + found.sure, exact + (found.isExact ? 1 : 0))
            }
        }
        #expect(sure > 50 && exact > 5, "\(sure) sure, \(exact) exact")
    }

    /// One scene fails: all that does not read it is there for a person, and no more runs when it is mended.
    @Test func aSceneThatFailsHoldsUpNothingElse() async throws {
        let stage = try Stage()
        try stage.directory.write("title: S\nlanguages: [de, en]\n", to: "w/show/show.yaml")
        try stage.directory.write("one\nfail\nthree\n", to: "w/show/ep/outline.txt")
        try stage.pipeline("""
              outline: { source: outline.txt }
              scenes: { tool: hash, each: { chapter: outline.lines }, mode: few, deliver: false }
              prose: { tool: hash, each: { language: show.languages, scene: scenes.lines }, output: prose.txt, editable: true, deliver: false }

            """)
        var options = BuildOptions()
        options.keepGoing = true
        stage.runner.fails.withLock { $0 = { $0.contains("fail") } }
        let report = try await stage.build(options)
        #expect(report.outcome == .failed && report.failures.map(\.site?.target.description) == ["scenes/2"])
        let ran = Set(stage.runner.takeRuns())
        let texts = try stage.texts().keys.filter { $0.hasPrefix("prose/") }
        #expect(!texts.isEmpty && texts.allSatisfy { $0.contains("/1/") || $0.contains("/3/") }, "\(texts)")
        stage.runner.fails.withLock { $0 = { _ in false } }
        let mended = try await stage.build(options)
        #expect(mended.outcome == .built)
        let more = stage.runner.takeRuns()
        #expect(more.count == mended.actions.executed && !more.isEmpty && ran.isDisjoint(with: more))
    }
}

/// An episode that changes at random, and what has been built of it.
private struct Story {
    private var random: Seeded
    private let stage: Stage
    private var chapters: [String] = []
    private var languages = ["de", "en"]
    private var says = ["scenes": "1", "prose": "1", "voice": "1", "mix": "1"]
    private(set) var built = 0

    init(seed: UInt64) throws {
        random = Seeded(seed)
        stage = try Stage()
        for _ in 0..<Int.random(in: 1...3, using: &random) { chapters.append(newChapter()) }
        try write()
    }

    private mutating func newChapter() -> String { "chapter \(Int.random(in: 0..<6, using: &random))" }

    private func write() throws {
        try stage.directory.write("title: S\nlanguages: [\(languages.joined(separator: ", "))]\n", to: "w/show/show.yaml")
        try stage.directory.write(chapters.map { "\($0)\n" }.joined(), to: "w/show/ep/outline.txt")
        try stage.pipeline("""
              outline: { source: outline.txt }
              scenes: { tool: hash, each: { chapter: outline.lines }, mode: few, say: "\(says["scenes"]!)", deliver: false }
              prose: { tool: hash, each: { scene: scenes.lines, language: show.languages }, after: true, mode: few, say: "\(says["prose"]!)", output: prose.txt, editable: true, gate: { per: item }, deliver: false }
              voice: { tool: hash, each: { line: prose.lines }, mode: narrow, say: "\(says["voice"]!)", deliver: false }
              mix: { tool: hash, each: { language: show.languages, chapter: outline.lines }, from: [prose, voice], say: "\(says["mix"]!)" }
              book: { tool: hash, from: [mix, scenes] }

            """)
    }

    mutating func edit() async throws {
        for _ in 0..<Int.random(in: 1...2, using: &random) { try await editOnce() }
        try write()
    }

    private mutating func editOnce() async throws {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: chapters.insert(newChapter(), at: .random(in: 0...chapters.count, using: &random))
        case 1 where chapters.count > 1: chapters.remove(at: .random(in: 0..<chapters.count, using: &random))
        case 2: chapters.shuffle(using: &random)
        case 3: languages = [["de"], ["en", "de"], ["de", "en", "es"], ["es"]].randomElement(using: &random)!
        case 4: says[says.keys.sorted().randomElement(using: &random)!] = "\(Int.random(in: 0..<3, using: &random))"
        case 5, 6: try editText()
        case 7: try await decide { try $0.skip($1, in: $2) }
        case 8: try await decide { try $0.unskip($1, in: $2) }
        case 9: try await decide { try $0.pin($1, in: $2) }
        case 10: try await decide { try $0.unpin($1, in: $2) }
        default: chapters[.random(in: 0..<chapters.count, using: &random)] = newChapter()
        }
    }

    /// Decides something about an item, or all that lies at some coordinates. Not everything can be decided about.
    private mutating func decide<Result>(_ decision: (Builder, Target, Inspection) throws -> Result) async throws {
        try write()
        let inspection = try await stage.builder().inspect(stage.place(), forgiving: true)
        let items = inspection.steps.filter { $0.target.item != nil && $0.target.stage != StageName("mix") }.map(\.target)
        guard let item = items.randomElement(using: &random), let home = Target.homes(of: item.item!).randomElement(using: &random) else {
            return
        }
        do {
            _ = try decision(stage.builder(), Target(stage: item.stage, item: home.text), inspection)
        } catch let problem as Diagnostic {
            #expect(problem.code == .usage, "\(problem)")
        }
    }

    private mutating func editText() throws {
        let directory = "\(stage.directory.path)/w/show/ep"
        guard let text = try SourceFiles(shownFrom: "/").glob("prose/*/*/*.txt", in: directory).randomElement(using: &random)
        else { return }
        let name = String(text.path.dropFirst(stage.directory.path.count + 1))
        switch Int.random(in: 0..<4, using: &random) {
        case 0: try stage.directory.remove(name)
        case 1: try stage.directory.write("", to: name)
        default: try stage.directory.write("mine\nline \(Int.random(in: 0..<9, using: &random))\n", to: name)
        }
    }

    /// Approves what waits, again and again, until nothing does, or chance stops it.
    private mutating func buildOn(_ label: Comment) async throws -> BuildReport {
        var report = try await stage.build()
        for _ in 0..<60 where report.outcome == .waiting {
            if Int.random(in: 0..<25, using: &random) == 0 { break }
            let inspection = try await stage.builder().inspect(stage.place())
            for gate in report.gates {
                _ = try stage.builder().decide(Verdict(isApproval: true, by: "Ann", note: "", key: nil), on: gate.target, in: inspection)
            }
            report = try await stage.build()
        }
        return report
    }

    mutating func checkBuild(_ label: Comment) async throws {
        let report = try await buildOn(label)
        #expect([.built, .upToDate, .waiting].contains(report.outcome), "\(label): \(report.outcome) \(report.failures)")
        if report.outcome == .waiting { return }
        built += 1
        let runs = stage.runner.takeRuns()
        #expect(Set(runs).count == runs.count, label)
        let clean = try stage.fresh(hasCache: true)
        let cleanReport = try await clean.build()
        #expect(clean.runner.takeRuns().isEmpty, label)
        #expect(try stage.outputs(report) == clean.outputs(cleanReport), label)
        #expect(try stage.texts() == clean.texts(), label)
        let again = try await stage.build()
        #expect(again.outcome == .upToDate && stage.runner.takeRuns().isEmpty, label)
        #expect(try stage.isUpToDate(), label)
    }

    mutating func checkPrediction(_ label: Comment) async throws -> (sure: Int, isExact: Bool) {
        let found = try await stage.checkPrediction(label)
        #expect(found.report.outcome != .failed, "\(label): \(found.report.failures)")
        _ = try await buildOn(label)
        _ = stage.runner.takeRuns()
        return (found.sure, found.isExact)
    }
}
