import EpCore
import EpEngine
import Testing

@testable import EpDesk
@testable import epbuild

/// The picture of a running build as it is drawn, at every size.
@Suite struct PictureTests {
    /// Twelve seconds into an episode: some voices failed, the mix waits, one stage has no more to do.
    private static let podcast: BuildProgress = {
        var progress = BuildProgress(episode: "Episodes/olivers-workshop/ep003-a-tour-of-the-solar-system")
        let stages: [(String, Int, Bool)] = [
            ("script_generation", 1, true), ("audio_synthesis", 40, true), ("music", 3, true), ("audio_mixing", 12, false),
        ]
        progress.plan(stages.map { (StageName($0.0), $0.1, $0.2) })
        progress.finish(Target(parsing: "script_generation"), "", isExecuted: true, seconds: 2, cost: Cost(microUSD: 12_300))
        for number in 1...10 {
            progress.finish(Target(parsing: "audio_synthesis/\(number)"), "", isExecuted: true, seconds: 1, cost: .zero)
        }
        for number in 11...12 { progress.fail(Target(parsing: "audio_synthesis/\(number)"), "") }
        for number in 1...3 { progress.finish(Target(parsing: "music/\(number)"), "", isExecuted: false, seconds: 0.1, cost: .zero) }
        progress.start(Target(parsing: "audio_synthesis/13"), "", at: 11)
        progress.start(Target(parsing: "audio_synthesis/14"), "", at: 12)
        return progress
    }()

    private func lines(
        _ width: Int, _ height: Int = 24, hasColour: Bool = false, isUnicode: Bool = true, of progress: BuildProgress = podcast
    ) -> [String] {
        Picture(
            progress: progress, terminal: .init(width: width, height: height, hasColour: hasColour, isUnicode: isUnicode),
            elapsedSeconds: 12.4
        ).lines.map(\.text)
    }

    @Test func eightyColumns() {
        #expect(lines(80) == [
            "…olivers-workshop/ep003-a-tour-of-the-solar-system · 12 s · more than 15 s left",
            "  script_generation  ██████████████████████████████  1/1",
            "  audio_synthesis    ███████×░░░░░░░░░░░░░░░░░░░░░░  10/40",
            "  audio_mixing       ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0/12+",
            "  audio_synthesis/13, audio_synthesis/14",
            "  2 failed · cost $0.0123",
        ])
    }

    @Test func fortyColumns() {
        #expect(lines(40) == [
            "…ar-system · 12 s · more than 15 s left",
            "  script_generation  ███████████  1/1",
            "  audio_synthesis    ██×░░░░░░░░  10/40",
            "  audio_mixing       ░░░░░░░░░░░  0/12+",
            "  audio_synthesis/13 and 1 more",
            "  2 failed · cost $0.0123",
        ])
    }

    @Test func twoHundredColumns() {
        #expect(lines(200)[0] == "Episodes/olivers-workshop/ep003-a-tour-of-the-solar-system · 12 s · more than 15 s left")
        #expect(lines(200).dropFirst() == lines(80).dropFirst())
    }

    @Test func withoutUnicode() {
        #expect(lines(60, isUnicode: false) == [
            "...-a-tour-of-the-solar-system - 12 s - more than 15 s left",
            "  script_generation  ##############################  1/1",
            "  audio_synthesis    #######x......................  10/40",
            "  audio_mixing       ..............................  0/12+",
            "  audio_synthesis/13, audio_synthesis/14",
            "  2 failed - cost $0.0123",
        ])
        #expect(lines(60, isUnicode: false).allSatisfy { $0.allSatisfy(\.isASCII) })
    }

    @Test func inColour() {
        #expect(lines(40, hasColour: true)[1] == "  script_generation  \u{1B}[32m███████████\u{1B}[0m  1/1")
        #expect(lines(40, hasColour: true)[5] == "  \u{1B}[31m2 failed\u{1B}[0m · cost $0.0123")
    }

    /// Stages that are done share a line, then those that wait do.
    @Test func fewerRowsThanStages() {
        let (voices, mix) = ("  audio_synthesis  ███×░░░░░░░░░  10/40", "  audio_mixing     ░░░░░░░░░░░░░  0/12+")
        let end = ["  audio_synthesis/13 and 1 more", "  2 failed · cost $0.0123"]
        #expect(lines(40, 7).count == 6)
        #expect(Array(lines(40, 6).dropFirst()) == [voices, mix] + end)
        #expect(Array(lines(40, 5).dropFirst()) == [voices] + end)
        #expect(lines(40, 4).dropFirst() == [voices, end[0]])
        #expect(lines(40, 2) == ["…ar-system · 12 s · more than 15 s left"])
    }

    /// Whatever the names and the size: no line reaches the last column, all rows fit, and no character is cut.
    @Test func everySizeFits() {
        let names = ["月がきれいですね", "🦉👩‍👩‍👧‍👦🇩🇪❤️", "e\u{301}a\u{308}\u{323}", "한국어 이름", "tab\there\u{1B}[31m", String(repeating: "x", count: 150)]
        var progress = BuildProgress(episode: names.joined(separator: "/"))
        progress.plan(names.map { (StageName($0), 9, false) })
        for name in names {
            progress.start(Target(stage: StageName(name), item: name), name, at: 1)
            progress.finish(Target(stage: StageName(name), item: "1"), "", isExecuted: true, seconds: 3, cost: .zero)
        }
        let known = Set(names.joined().map(String.init)).union("/…·█░×✓().,+ 0123456789".map(String.init))
        for width in 1...130 {
            for height in 1...14 {
                let picture = Picture(progress: progress, terminal: .init(width: width, height: height), elapsedSeconds: 5)
                #expect(picture.lines.count <= max(1, height - 1))
                for line in picture.lines {
                    #expect(line.columns == line.text.columns && line.columns <= max(1, width - 1), "\(width) columns: \(line.text)")
                    #expect(
                        line.text.allSatisfy { known.contains(String($0)) || $0.isASCII && !$0.isNewline && $0 != "\u{1B}" && $0 != "\t" })
                }
            }
        }
    }

    @Test func columnsOfCharacters() {
        #expect(
            "abc".columns == 3 && "月".columns == 2 && "é".columns == 1 && "e\u{301}".columns == 1 && "한".columns == 2 && "🦉".columns == 2)
        #expect("…█░×✓·→".columns == 7)
        #expect(
            "月月月".fitted(to: 4) == "月…" && "ab/cd".fittedFromEnd(to: 3) == "…cd" && "abc".fitted(to: 3) == "abc"
                && "abc".fitted(to: 0) == "")
    }

    /// Stages count by what their steps take, as recorded of finished ones, whether made now or found in the cache.
    @Test func timeLeftIsWeighted() throws {
        var progress = BuildProgress()
        progress.plan([(StageName("quick"), 10, true), (StageName("slow"), 3, true)])
        #expect(progress.estimate(at: 1) == nil)
        progress.finish(Target(parsing: "quick/1"), "", isExecuted: true, seconds: 1, cost: .zero)
        #expect(progress.estimate(at: 1) == .init(secondsLeft: 9, isLowerBound: true, percent: 10))
        progress.finish(Target(parsing: "slow/1"), "", isExecuted: false, seconds: 20, cost: .zero)
        let estimate = try #require(progress.estimate(at: 1))
        #expect(estimate.secondsLeft == 49 && !estimate.isLowerBound)
        progress.start(Target(parsing: "slow/2"), "", at: 1)
        #expect(progress.estimate(at: 11)?.secondsLeft == 39)
    }
}
