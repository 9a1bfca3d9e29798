import EpCore
import EpDelivery
import EpProviders
import EpScript
import Testing

@testable import EpSound
@testable import EpTools

/// Where lines, pauses, effects and music are heard. Every line lasts four seconds.
struct TimelineTests {
    private static let second = PCM.timelineRate
    private static let lineSeconds = 4.0

    private func timeline(
        _ text: String, sounds: [String: Double] = [:], words: [Int: [TimedWord]] = [:], lengths: [Int: Double] = [:],
        _ change: (inout Timeline.Setting) -> Void = { _ in }
    ) throws -> Timeline {
        let script = try Script(parsing: Array(text.utf8), file: "s.fountain")
        var setting = Timeline.Setting()
        change(&setting)
        let lines = script.lines.indices.map {
            LineMeasure(start: 0, length: Timeline.samples(lengths[$0] ?? Self.lineSeconds), gainDecibels: 0)
        }
        let named = sounds.sorted { $0.key < $1.key }.enumerated().map { index, sound in
            (
                sound.key,
                Timeline.Sound(
                    source: lines.count + index, measure: LineMeasure(start: 0, length: Timeline.samples(sound.value), gainDecibels: 0))
            )
        }
        let recordings = script.directions.compactMap(\.recording).enumerated().map { index, file in
            (
                Path(file),
                Timeline.Sound(
                    source: lines.count + named.count + index, measure: LineMeasure(start: 0, length: 10 * Self.second, gainDecibels: 3))
            )
        }
        return Timeline(
            script, lines: lines, volumes: lines.map { _ in 0 }, sounds: Dictionary(named) { first, _ in first },
            recordings: Dictionary(recordings) { first, _ in first }, texts: ["told.mp3": "What was told."], words: words, setting: setting)
    }

    /// Seconds between the lines.
    private func gaps(_ timeline: Timeline) -> [Double] {
        zip(timeline.segments, timeline.segments.dropFirst()).map { Double($1.start - $0.range.upperBound) / Double(Self.second) }
    }

    private func script(_ count: Int) -> String { (1...count).map { "\($0 % 2 == 0 ? "MIA" : "BOB")\nLine number \($0).\n\n" }.joined() }

    // MARK: pauses

    @Test func aPauseIsExactToTheSample() throws {
        for milliseconds in [1, 250, 500, 2000, 4001, 30_000] {
            let timeline = try timeline(
                "BOB\nOne. [[pause \(milliseconds)ms]] Two.\n\nMIA\nThree.\n\n[[pause \(milliseconds)ms]]\n\nBOB\nFour.\n")
            let gap = milliseconds * Self.second / 1000
            #expect(timeline.segments[1].start - timeline.segments[0].range.upperBound == gap)
            #expect(timeline.segments[3].start - timeline.segments[2].range.upperBound == gap)
            // A part ends on a whole frame all the same.
            #expect(timeline.cuts.allSatisfy { $0.isMultiple(of: MP3.samplesPerFrame) } && timeline.cuts == timeline.cuts.sorted())
        }
    }

    @Test func pausesAddUpAndStandAlone() throws {
        #expect(try gaps(timeline("BOB\nOne. [[pause 1s]] [[pause 2s]] Two.")) == [3])
        #expect(try timeline("[[pause 2s]]\n\nBOB\nOne.").segments[0].start == 2 * Self.second)
        #expect(try gaps(timeline("BOB\nOne.\n\n[[pause 3s]]\n\n# Two\n\nMIA\nTwo.", sounds: ["bed": 12])) == [3])
        #expect(try gaps(timeline("BOB\nOne.\n\n# Two\n\n[[pause 3s]]\n\nMIA\nTwo.", sounds: ["bed": 12])) == [3])
        // Behind the last line, too.
        let (short, long) = (try timeline("BOB\nOne."), try timeline("BOB\nOne. [[pause 10s]]"))
        #expect(abs(long.length - short.length - 10 * Self.second) <= MP3.samplesPerFrame)
    }

    // MARK: recordings

    @Test func aRecordingIsHeardBetweenLinesAsALineWouldBe() throws {
        let timeline = try timeline("BOB\nOne. [[recording: a.mp3]] Two.\n\nMIA\nThree.\n\n[[recording: told.mp3]]\n")
        let usual = Timeline.Setting().gapSeconds
        let (segments, played) = (timeline.segments, timeline.played)
        #expect(played.map(\.file) == ["a.mp3", "told.mp3"] && segments.count == 3)
        let gaps = [
            played[0].range.lowerBound - segments[0].range.upperBound, segments[1].start - played[0].range.upperBound,
            played[1].range.lowerBound - segments[2].range.upperBound,
        ]
        // A part may end in it, on a whole frame.
        for gap in gaps { #expect((0..<0.03).contains(Double(gap) / Double(Self.second) - usual), "\(gaps)") }
        let placed = timeline.window.placements.filter { $0.length == 10 * Self.second }
        #expect(placed.map(\.offset) == played.map(\.range.lowerBound) && placed.allSatisfy { $0.gainDecibels == 3 })
        #expect(timeline.length >= played[1].range.upperBound)
        #expect(
            Transcript(timeline: timeline.value).segments.map(\.text) == ["One.", "[recording: a.mp3]", "Two.", "Three.", "What was told."])
    }

    @Test func aRecordingIsAChapterAndFirst() throws {
        let timeline = try timeline("# Sea\n\n[[recording: a.mp3]]\n\n# Land\n\nMIA\nThree.", sounds: ["bed": 12])
        #expect(timeline.chapters.map(\.title) == ["Sea", "Land"] && timeline.played[0].range.lowerBound == 0)
        #expect(timeline.segments[0].start > timeline.played[0].range.upperBound + Self.second)
        #expect(try self.timeline("# Empty\n\n# Land\n\nMIA\nThree.").chapters.map(\.title) == ["Land"])
        // A pause that is written stands for the usual one.
        let exact = try self.timeline("BOB\nOne.\n\n[[pause 3s]]\n\n[[recording: a.mp3]]\n")
        #expect(exact.played[0].range.lowerBound - exact.segments[0].range.upperBound == 3 * Self.second)
    }

    // MARK: usual pauses

    @Test func theUsualPauses() throws {
        let speakers = try gaps(timeline(script(40)))
        #expect(speakers.allSatisfy { (0.4...0.427).contains($0) }, "\(speakers)")
        let turns = try gaps(timeline("BOB\nOne.\n\nBOB\nTwo.\n(softly)\nThree."))
        #expect(turns.allSatisfy { (0.25...0.277).contains($0) }, "\(turns)")
        #expect(try gaps(timeline("BOB\nOne.\n\nMIA\nTwo.") { $0.gapSeconds = 1 }).allSatisfy { (1...1.027).contains($0) })
    }

    @Test(arguments: [
        (["bed": 12.0], ""), ([:], ""), (["bed": 12, "whoosh": 0.9], "SFX: whoosh\n\n"), (["ding": 1.6], "SFX: ding\n\n"),
        (["steps": 2.4], "SFX: steps\n\n"),
    ])
    func aChapterChangeIsLonger(_ sounds: [String: Double], _ cue: String) throws {
        let timeline = try timeline("\(script(3))# Two\n\n\(cue)MIA\nFour.\n\n# Three\n\n\(cue)BOB\nFive.", sounds: sounds)
        for gap in gaps(timeline).suffix(2) { #expect((1.4...1.9).contains(gap), "\(gap)") }
        #expect(timeline.chapters.map(\.title) == ["", "Two", "Three"])
        // Who goes to a chapter hears its music first.
        for (chapter, line) in zip(timeline.chapters.dropFirst(), [3, 4]) {
            let lead = Double(timeline.segments[line].start - chapter.start) / Double(Self.second)
            #expect((1...1.7).contains(lead), "\(lead)")
        }
    }

    // MARK: effects on words

    @Test func aSoundBeginsWhereItsWordIsTold() throws {
        let words = [
            1: [TimedWord("Look,", from: 0.1, to: 0.5), TimedWord("there", from: 0.9, to: 1.5), TimedWord("it rings", from: 2.5, to: 3)]
        ]
        let text = "MIA\nHello.\n\nBOB\nLook, there [[sfx: bell]] it rings."
        func bell(_ words: [Int: [TimedWord]], _ text: String = text) throws -> Double {
            let timeline = try timeline(text, sounds: ["bell": 1], words: words)
            let placed = try #require(timeline.window.placements.first { $0.source == 2 })
            return Double(placed.offset - timeline.segments[1].start) / Double(Self.second)
        }
        #expect(try bell(words) == 2.5)
        // By the letters before it: 9 of 16.
        #expect(try abs(bell([:]) - 4 * 9 / 16) < 0.001)
        #expect(try bell(words, "MIA\nHello.\n\nBOB\n[[sfx: bell]] Look, there it rings.") == 0)
        #expect(try bell(words, "MIA\nHello.\n\nBOB\nLook, there it rings. [[sfx: bell]]") == 4)
        // Nothing waits for it.
        #expect(try timeline(text, sounds: ["bell": 1]).segments == timeline(text.replacing("[[sfx: bell]] ", with: "")).segments)
    }

    // MARK: music

    /// The level of music at a time, in dB beside the music alone.
    private func level(_ bed: MixWindow.Bed, at seconds: Double) -> Double {
        let place = Int(seconds * Double(Self.second))
        let amplitudes = [bed.fades, bed.ducking].map { $0.segments(in: place..<place + 1)[0].amplitude(at: place) }
        return Decibels.level(ofAmplitude: Double(amplitudes[0] * amplitudes[1]))
    }

    @Test func theBedIsHeardInPausesUnderSpeechAndBeforeAChapter() throws {
        let timeline = try timeline("\(script(2))# Two\n\n\(script(8))", sounds: ["bed": 12])
        let bed = try #require(timeline.window.beds.last)
        let first = Double(timeline.segments[2].start) / Double(Self.second)
        #expect((-11 ... -9).contains(level(bed, at: first - 0.7)))
        for seconds in [first + 0.1, first + 4.2, first + 8.5, first + 20] {
            #expect(abs(level(bed, at: seconds) + 19) < 0.1, "\(seconds)")
        }
        #expect(level(bed, at: first + 29) <= -120)
        // It begins after the last words of the chapter before.
        #expect(timeline.chapters[1].start > timeline.segments[1].range.upperBound)
        #expect(level(bed, at: Double(timeline.segments[1].range.upperBound) / Double(Self.second) - 0.01) <= -120)
    }

    @Test func musicGoesOverIntoSpeechAndComesOutOfIt() throws {
        let timeline = try timeline(script(2), sounds: ["intro": 6, "outro": 6])
        let (intro, outro) = (timeline.window.beds[0], timeline.window.beds[1])
        let starts = timeline.segments.map { Double($0.start) / Double(Self.second) }
        #expect(abs(starts[0] - 4.5) < 0.001)
        #expect(abs(level(intro, at: 2)) < 0.01 && level(intro, at: 4.6) < -9 && level(intro, at: 5.9) < -30 && level(intro, at: 5) > -40)
        let end = starts[1] + 4
        #expect(
            level(outro, at: end - 1.6) <= -120 && (-40 ... -10).contains(level(outro, at: end - 0.5))
                && abs(level(outro, at: end + 1)) < 0.01)
        // Music of the script's own goes both ways.
        let own = try self.timeline("BOB\nOne.\n\nMUSIC: jingle\n\nMIA\nTwo.", sounds: ["jingle": 4])
        let gap = try #require(gaps(own).first)
        #expect((1.4...2).contains(gap), "\(gap)")
    }

    @Test func withoutOverlapNothingIsSaidToMusic() throws {
        let timeline = try timeline("MUSIC: intro\n\nBOB\nOne.\n\nMUSIC: outro", sounds: ["intro": 6, "outro": 6]) { $0.overlapSeconds = 0 }
        #expect(timeline.segments[0].start == 6 * Self.second)
        #expect(timeline.window.beds[1].position == -10 * Self.second)
    }

    // MARK: parts

    /// An edit changes the part in which it is, and none behind the next pause that nobody has measured.
    @Test func whatComesAfterAnEditStaysAsItIs() throws {
        let text = "MUSIC: intro\n\n# One\n\n\(script(20))# Two\n\n\(script(60))MUSIC: outro\n"
        let sounds = ["intro": 4.0, "bed": 12, "outro": 5]
        let (before, after) = (try timeline(text, sounds: sounds), try timeline(text, sounds: sounds, lengths: [9: 4.123]))
        #expect(before.parts.count == after.parts.count && before.parts.count > 20)
        let changed = zip(before.parts, after.parts).filter { $0 != $1 }.count
        #expect((1...2).contains(changed), "\(changed) of \(before.parts.count)")
    }

    @Test func theFloorIsASetting() throws {
        #expect(try timeline(script(1)).window.toneDecibels == -66 && timeline(script(1)).parts[0].window.toneDecibels == -66)
        #expect(try timeline(script(1)) { $0.roomToneDecibels = -120 }.window.toneDecibels == nil)
    }
}
