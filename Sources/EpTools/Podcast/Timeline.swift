import EpCore
import EpProviders
import EpScript
import EpSound

/// Where everything is heard in an episode: the lines in their order, music and effects around them.
///
/// The timeline is cut into *parts*, at pauses that the text itself chooses: a cut depends on the lines beside it and not on
/// what came before, so an edit moves the parts behind it without changing them.
struct Timeline {
    struct Setting: Hashable {
        /// Between two speakers, and within the turn of one.
        var gapSeconds = 0.4
        var turnGapSeconds = 0.25
        /// Where a chapter begins.
        var chapterGapSeconds = 1.5
        /// How long music is heard together with what is said before or after it, at most.
        var overlapSeconds = 1.5
        /// Music under speech, and in the pauses between, beside speech.
        var duckingDecibels = -19.0
        /// Music where a chapter begins, before anybody speaks, and where it goes over into speech.
        var leadDecibels = -10.0
        var fadeSeconds = 2.0
        /// How long the bed is heard from the beginning of each chapter, at most.
        var bedSeconds = 30.0
        /// The noise of the room.
        var roomToneDecibels = -66.0
    }

    /// A line as it is heard.
    struct Segment: Hashable {
        let line: Int
        let start: Int
        let length: Int

        var range: Range<Int> { start..<start + length }
    }

    struct Sound {
        /// Index into the sources of the window: after those of the lines.
        let source: Int
        let measure: LineMeasure
    }

    private(set) var segments: [Segment] = []
    /// Recordings by their files, where they are heard.
    private(set) var played: [(file: String, range: Range<Int>)] = []
    /// Where somebody speaks, in a line or in a recording.
    private var spoken: [Range<Int>] = []
    private(set) var chapters: [(title: String, start: Int)] = []
    /// The whole episode; its sources are the lines, then the sounds.
    private(set) var window = MixWindow(length: 0, isFirst: true, isLast: true)
    /// Where the parts begin and end, in samples.
    private(set) var cuts: [Int] = [0]

    let script: Script
    let lines: [LineMeasure]
    let sounds: [String: Sound]
    /// By the file that the script names.
    let recordings: [Path: Sound]
    /// What is said in recordings, where that is known.
    let texts: [Path: String]
    let setting: Setting
    /// When the words of lines are heard, in seconds of their sound, where that is known.
    let words: [Int: [TimedWord]]
    /// What the delivery of each line adds to its level, in dB.
    private let volumes: [Double]
    /// Where what comes next begins.
    private var position = 0
    var music: [Music] = []

    /// - Parameters:
    ///   - lines: one for each line of the script.
    ///   - sounds: music and effects by name.
    ///   - recordings: by the files that the script names.
    init(
        _ script: Script, lines: [LineMeasure], volumes: [Double], sounds: [String: Sound], recordings: [Path: Sound] = [:],
        texts: [Path: String] = [:],
        words: [Int: [TimedWord]] = [:], setting: Setting
    ) {
        self.script = script
        self.lines = lines
        self.volumes = volumes
        self.sounds = sounds
        self.recordings = recordings
        self.texts = texts
        self.words = words
        self.setting = setting
        lay()
    }

    var length: Int { window.length }

    /// Seconds as samples.
    static func samples(_ seconds: Double) -> Int { Int((seconds * Double(PCM.timelineRate)).rounded()) }

    private static let frame = MP3.samplesPerFrame

    private mutating func lay() {
        let hasOwnMusic = script.cues.contains { $0.kind == .music }
        if !hasOwnMusic, let intro = sounds["intro"] { play(music: intro, isFollowed: true) }
        let stops = TimelineStop.all(of: script)
        for index in script.lines.indices {
            approach(index, stops[index])
            place(index)
        }
        approach(script.lines.count, stops[script.lines.count])
        if !hasOwnMusic, let outro = sounds["outro"] { play(music: outro, isFollowed: false) }
        finish()
    }

    // MARK: between lines

    /// What is heard between two lines, before the first, or after the last.
    private mutating func approach(_ line: Int, _ stops: [TimelineStop]) {
        let pauses = stops.contains { if case .pause = $0 { true } else { false } }
        let jingles = stops.contains { $0.cue?.kind == .music && $0.cue?.name != "bed" && sounds[$0.cue?.name ?? ""] != nil }
        var (isQuiet, wantsBed, isRecorded) = (true, false, false)
        /// Where the chapter's music begins, and the first words may.
        var (opening, earliest): (Int?, Int) = (nil, 0)
        for stop in stops {
            switch stop {
            case .pause(let milliseconds):
                rest(milliseconds * PCM.timelineRate / 1000, isExact: true)
                isQuiet = false
            case .recording(let file):
                guard let recording = recordings[Path(file)] else { continue }
                position = max(position, earliest)
                if isQuiet, !spoken.isEmpty { rest(Self.samples(setting.gapSeconds)) }
                place(recording, file)
                (isQuiet, isRecorded) = (true, true)
            case .chapter(let title):
                if !pauses, !jingles, !spoken.isEmpty {
                    let head = Self.samples(min(0.3, setting.chapterGapSeconds / 4))
                    position = rest(head * 2, head: head)
                    earliest = position + Self.samples(setting.chapterGapSeconds) - head
                    isQuiet = false
                }
                let start = jingles ? position : spoken.last?.upperBound ?? position
                opening = max(start, isQuiet ? 0 : pauses ? start : position)
                chapters.append((title, opening ?? position))
                wantsBed = sounds["bed"] != nil
            case .cue(let cue):
                guard let sound = sounds[cue.name] else { continue }
                if cue.kind == .music, cue.name == "bed" {
                    wantsBed = true
                } else if cue.kind == .music {
                    play(music: sound, isFollowed: line < script.lines.count)
                    (opening, isQuiet) = (opening == nil ? nil : position, false)
                } else {
                    play(effect: sound, inOpening: earliest > 0)
                    isQuiet = false
                }
            }
        }
        if wantsBed, let bed = sounds["bed"] { begin(bed, at: min(opening ?? position, position), afterMusic: jingles || spoken.isEmpty) }
        position = max(position, earliest)
        if line == script.lines.count { playEffects(behind: line) }
        guard isQuiet, line < script.lines.count else { return }
        if isRecorded { rest(Self.samples(setting.gapSeconds)) } else if line > 0 { pass(to: line) }
    }

    /// The usual pause between two lines.
    private mutating func pass(to line: Int) {
        let isTurn = script.lines[line].speaker == script.lines[line - 1].speaker
        let gap = Self.samples(isTurn ? setting.turnGapSeconds : setting.gapSeconds)
        if isCut(before: line) { rest(gap) } else { position += gap }
    }

    /// One line in three ends a part, chosen by what is said.
    private func isCut(before line: Int) -> Bool {
        let digest = Digest(of: Array(script.lines[line - 1].text.utf8) + [0] + Array(script.lines[line].text.utf8))
        return digest.bytes[0] % 3 == 0
    }

    /// Lets some time pass, and ends a part in it. It is made longer by up to one MP3 frame for that, unless it must be exact; then what
    /// follows the cut
    /// stands at another place in its part whenever what comes before gets longer.
    /// - Parameter head: how much of it comes before the cut; half of it if nil.
    /// - Returns: where the part ends.
    @discardableResult
    private mutating func rest(_ length: Int, head: Int? = nil, isExact: Bool = false) -> Int {
        let head = head ?? length / 2
        guard !isExact || length >= 8 * Self.frame else {
            position += length
            return position
        }
        let cut = (position + head + Self.frame - 1) / Self.frame * Self.frame
        if let last = cuts.last, cut > last { cuts.append(cut) }
        position = isExact ? position + length : cut + length - head
        return cut
    }

    // MARK: lines and sounds

    private mutating func place(_ line: Int) {
        let measure = lines[line]
        let segment = Segment(line: line, start: position, length: measure.length)
        segments.append(segment)
        spoken.append(segment.range)
        window.placements.append(
            .init(
                source: line, offset: position, start: measure.start, length: measure.length,
                gainDecibels: measure.gainDecibels + volumes[line]))
        for direction in script.directions where direction.line == line {
            guard let name = direction.effect, let sound = sounds[name] else { continue }
            add(effect: sound, at: place(ofWord: direction.word, in: segment))
        }
        position += measure.length
    }

    /// Somebody who was recorded, as loud as a line.
    private mutating func place(_ recording: Sound, _ file: String) {
        let measure = recording.measure
        window.placements.append(.init(
            source: recording.source, offset: position, start: measure.start, length: measure.length, gainDecibels: measure.gainDecibels))
        let range = position..<position + measure.length
        played.append((file, range))
        spoken.append(range)
        position = range.upperBound
    }

    /// Sounds that stand behind all that is said, where nothing is left that they could begin on.
    private mutating func playEffects(behind line: Int) {
        for direction in script.directions where direction.line == line {
            if let name = direction.effect, let sound = sounds[name] { add(effect: sound, at: position) }
        }
    }

    /// An effect is heard in the pause before the next line; speech waits for the beginning of it.
    private mutating func play(effect sound: Sound, inOpening: Bool) {
        if position > 0, !inOpening { position += Self.samples(setting.turnGapSeconds) }
        add(effect: sound, at: position)
        position += min(sound.measure.length, Self.samples(inOpening ? 1.2 : 1.5)) + Self.samples(setting.turnGapSeconds)
    }

    /// Effects are a little softer than voices.
    private static let effectDecibels = -6.0

    private mutating func add(effect sound: Sound, at offset: Int) {
        window.placements.append(.init(
            source: sound.source, offset: offset, start: sound.measure.start, length: sound.measure.length,
            gainDecibels: sound.measure.gainDecibels + Self.effectDecibels))
    }

    /// Music by itself. It begins under the last words and ends under the next ones.
    private mutating func play(music sound: Sound, isFollowed: Bool) {
        endBed(at: position)
        let (length, most) = (sound.measure.length, Self.samples(setting.overlapSeconds))
        let last = spoken.last.flatMap { $0.upperBound == position ? $0 : nil }
        let leadIn = last.map { min(most, $0.count / 2, length / 4) } ?? 0
        let leadOut = isFollowed ? min(most, length / 3) : 0
        let start = position - leadIn
        music.append(Music(sound: sound, range: start..<start + length, role: .alone(leadIn: leadIn, leadOut: leadOut)))
        position = start + length - leadOut
    }

    /// What was heard before it has ended where a part that begins with it no longer hears it: how far a loop has come is nothing to the
    /// next chapter.
    /// - Parameter afterMusic: it comes up slowly, as other music goes.
    private mutating func begin(_ bed: Sound, at start: Int, afterMusic: Bool) {
        endBed(at: start - MixWindow.reach)
        let leadIn = Self.samples(afterMusic ? setting.overlapSeconds : 0.3)
        music.append(Music(sound: bed, range: start..<start + Self.samples(setting.bedSeconds), role: .bed(leadIn: leadIn)))
    }

    private mutating func endBed(at end: Int) {
        guard let last = music.last, case .bed = last.role, last.range.upperBound > end else { return }
        music[music.count - 1].range = last.range.lowerBound..<max(end, last.range.lowerBound + 1)
    }

    private mutating func finish() {
        let tail = Self.samples(1)
        let end = window.placements.reduce(position) { max($0, $1.range.upperBound) }
        window.length = (end + tail + Self.frame - 1) / Self.frame * Self.frame
        endBed(at: position)
        let speech = spoken.filter { !$0.isEmpty }
        window.beds = music.filter { $0.range.count > 1 }.map { $0.bed(under: speech, setting) }
        window.toneDecibels = setting.roomToneDecibels > Decibels.silence ? setting.roomToneDecibels : nil
        if cuts.last != window.length { cuts.append(window.length) }
    }

    /// The windows of the parts, in order.
    var parts: [MixWindow.Part] { zip(cuts, cuts.dropFirst()).map { window.part($0..<$1) } }
}
