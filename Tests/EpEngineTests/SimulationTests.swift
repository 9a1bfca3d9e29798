import EpCore
import EpPlan
import Testing

@testable import EpEngine

/// The promise of the whole program: after any edits, a build gives the bytes that a build from nothing gives,
/// and executes nothing but what has not been executed before.
@Suite struct SimulationTests {
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, .random(in: 0 ... .max)])
    func incrementalEqualsClean(_ seed: UInt64) async throws {
        var world = try World(seed: seed)
        for round in 0..<12 {
            try world.edit()
            try await world.checkBuild("seed \(seed), round \(round)")
        }
    }

    @Test(arguments: [UInt64(11), 12, 13, .random(in: 0 ... .max)])
    func aDamagedCacheGivesTheRightBytes(_ seed: UInt64) async throws {
        var world = try World(seed: seed)
        for round in 0..<12 {
            if round % 3 == 0 { try world.edit() }
            try world.damage()
            try await world.checkBuild("seed \(seed), round \(round)")
        }
    }

    /// Two hundred edits: what the plan is sure of runs, and nothing runs that it has not named.
    @Test func thePlanPredictsTheBuild() async throws {
        let seeds = [UInt64(31), 32, 33, 34, .random(in: 0 ... .max)]
        var tally = Prediction()
        for seed in seeds {
            var world = try World(seed: seed)
            for round in 0..<40 {
                try world.edit()
                try await world.checkPrediction(&tally, "seed \(seed), round \(round)")
            }
        }
        // In all: how often a plan can name everything is a matter of the pipeline that chance has made.
        #expect(tally.sure > 0 && tally.exact > 10 * seeds.count, "seeds \(seeds): \(tally)")
    }

    @Test(arguments: [UInt64(21), 22, 23, .random(in: 0 ... .max)])
    func whatWasStoredBeforeAStopIsNotExecutedAgain(_ seed: UInt64) async throws {
        var world = try World(seed: seed)
        for round in 0..<8 {
            try world.edit()
            try await world.interrupt()
            try await world.checkBuild("seed \(seed), round \(round)")
        }
    }
}

/// How many predictions were made, so that a test that predicts nothing is noticed.
private struct Prediction {
    /// Steps that were sure to run.
    var sure = 0
    /// Plans that named everything, so that the prediction was exact.
    var exact = 0
}

/// A random pipeline over random files, and what has been executed for it.
private struct World {
    private struct Spec {
        var source = ""
        var from: [Int] = []
        var mode = "whole"
        var say = "1"
        var isEditable = false
    }

    private var random: Seeded
    private let stage: Stage
    private var specs: [Spec] = []
    private var files: [String: String] = [:]
    private var executed: Set<String> = []
    private var isDamaged = false
    private var history: [(specs: [Spec], files: [String: String])] = []

    init(seed: UInt64) throws {
        random = Seeded(seed)
        stage = try Stage()
        // The builds from nothing that it is compared with are not.
        stage.isHurried = seed.isMultiple(of: 2)
        for index in 0..<Int.random(in: 2...7, using: &random) { specs.append(newSpec(index)) }
        for index in 0..<Int.random(in: 1...4, using: &random) { files["t\(index).txt"] = newText() }
        try write()
    }

    private mutating func newText() -> String {
        (0..<Int.random(in: 0...4, using: &random)).map { _ in "text \(Int.random(in: 0..<20, using: &random))\n" }.joined()
    }

    private mutating func newSpec(_ index: Int) -> Spec {
        var spec = Spec()
        let earlier = (0..<index).filter { _ in Int.random(in: 0..<2, using: &random) == 0 }
        spec.from = earlier
        spec.mode = ["whole", "whole", "narrow", "few"].randomElement(using: &random)!
        spec.isEditable = Int.random(in: 0..<3, using: &random) == 0
        let single = (0..<index).filter { specs[$0].source.isEmpty }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: spec.source = "each: texts"
        case 1 where !single.isEmpty: spec.source = "each: s\(single.randomElement(using: &random)!).lines"
        case 2 where index > 0: spec.source = "each: s\(Int.random(in: 0..<index, using: &random))"
        default: break
        }
        return spec
    }

    private func write() throws {
        var text = "  texts: { source: \"t/*.txt\" }\n"
        for (index, spec) in specs.enumerated() {
            let from = (spec.from.map { "s\($0)" } + (index == 0 ? ["texts"] : [])).joined(separator: ", ")
            text +=
                "  s\(index): { tool: hash, from: [\(from)], mode: \(spec.mode), say: \"\(spec.say)\"\(spec.source.isEmpty ? "" : ", \(spec.source)")\(spec.isEditable ? ", output: s\(index).txt, editable: true" : "") }\n"
        }
        try stage.pipeline(text)
        for (name, text) in files where try stage.directory.read("w/show/ep/t/\(name)") != text {
            try stage.directory.write(text, to: "w/show/ep/t/\(name)")
        }
    }

    mutating func edit() throws {
        history.append((specs, files))
        for _ in 0..<Int.random(in: 1...2, using: &random) { try editOnce() }
        try write()
    }

    private mutating func editOnce() throws {
        let name = files.keys.sorted().randomElement(using: &random)
        switch Int.random(in: 0..<12, using: &random) {
        case 9...: try editText()
        case 0: files["t\(Int.random(in: 0..<99, using: &random)).txt"] = newText()
        case 1 where name != nil && files.count > 1:
            files[name!] = nil
            if stage.directory.exists("w/show/ep/t/\(name!)") { try stage.directory.remove("w/show/ep/t/\(name!)") }
        case 2: specs[.random(in: 0..<specs.count, using: &random)].say = "\(Int.random(in: 0..<3, using: &random))"
        case 3:
            let index = Int.random(in: 0..<specs.count, using: &random)
            specs[index].from = (0..<index).filter { _ in Int.random(in: 0..<2, using: &random) == 0 }
        case 4:
            (specs, files) = history.randomElement(using: &random)!
            for file in try SourceFiles(shownFrom: "/").glob("w/show/ep/t/*", in: stage.directory.path)
            where files[String(file.path.split(separator: "/").last!)] == nil {
                try stage.directory.remove(String(file.path.dropFirst(stage.directory.path.count + 1)))
            }
        case 5: try stage.directory.write("title: S\nunread: \(Int.random(in: 0..<99, using: &random))\n", to: "w/show/show.yaml")
        case 6 where stage.directory.exists("w/show/ep/out"): try stage.directory.remove("w/show/ep/out")
        default: if let name { files[name] = newText() }
        }
    }

    /// A person changes a text that a stage has written into the episode, or takes it away.
    private mutating func editText() throws {
        let directory = "\(stage.directory.path)/w/show/ep"
        let texts = try ["s*.txt", "s*/*.txt"].flatMap { try SourceFiles(shownFrom: "/").glob($0, in: directory) }
        guard let text = texts.randomElement(using: &random) else { return }
        let name = String(text.path.dropFirst(stage.directory.path.count + 1))
        if Int.random(in: 0..<4, using: &random) == 0 {
            try stage.directory.remove(name)
        } else {
            try stage.directory.write("mine\n" + newText(), to: name)
        }
    }

    mutating func damage() throws {
        isDamaged = true
        for _ in 0..<Int.random(in: 1...5, using: &random) { try stage.damage(&random) }
        // The files that were delivered must come out of the cache again.
        if stage.directory.exists("w/show/ep/out") { try stage.directory.remove("w/show/ep/out") }
    }

    /// Builds, and stops after a random number of steps.
    mutating func interrupt() async throws {
        let stop = BuildStop()
        let limit = Int.random(in: 1...12, using: &random)
        stage.runner.afterTries(limit) { stop.ask() }
        let report = try await stage.build(stop: stop)
        let runs = stage.runner.takeRuns()
        #expect(Set(runs).isDisjoint(with: executed) && Set(runs).count == runs.count)
        #expect(runs.count == report.actions.executed, "what ran is stored, though the build was stopped")
        executed.formUnion(runs)
    }

    func checkPrediction(_ tally: inout Prediction, _ label: Comment) async throws {
        let found = try await stage.checkPrediction(label)
        tally.exact += found.isExact ? 1 : 0
        tally.sure += found.sure
    }

    mutating func checkBuild(_ label: Comment) async throws {
        let clean = try stage.fresh()
        let cleanReport = try await clean.build()
        let needed = clean.runner.takeRuns()
        #expect(Set(needed).count == needed.count, label)
        let report = try await stage.build()
        let runs = stage.runner.takeRuns()
        #expect(report.outcome == .built || report.outcome == .upToDate, label)
        let built = try stage.outputs(report)
        #expect(try built == clean.outputs(cleanReport), label)
        #expect(try stage.texts() == clean.texts(), label)
        if isDamaged {
            #expect(Set(runs).isSubset(of: needed), label)
        } else {
            #expect(runs.sorted() == Set(needed).subtracting(executed).sorted(), label)
            #expect(report.actions.executed == runs.count, label)
        }
        executed.formUnion(runs)
        #expect(stage.runner.peak <= 3, label)
        try await checkAgain(built, label)
    }

    /// Built again at once, and built without what the workspace remembers: nothing runs.
    private mutating func checkAgain(_ built: [String: String], _ label: Comment) async throws {
        let again = try await stage.build()
        #expect(again.outcome == .upToDate && stage.runner.takeRuns().isEmpty, label)
        #expect(try stage.isUpToDate(), label)
        try stage.directory.remove("w/.epbuild")
        let forgetful = try await stage.build()
        #expect(stage.runner.takeRuns().isEmpty, label)
        #expect(try stage.outputs(forgetful) == built, label)
        isDamaged = false
    }
}
