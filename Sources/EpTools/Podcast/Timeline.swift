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
        var gapSeconds = 0.5
        var turnGapSeconds = 0.25
        /// Music under speech, beside music alone.
        var duckingDecibels = -20.0
        var fadeSeconds = 2.0
        /// How long the bed is heard from the beginning of each chapter, at most.
        var bedSeconds = 30.0
    }

    /// A line as it is heard.
    struct Segment: Hashable {
        let line: Int
        let start: Int
        let length: Int
    }

    struct Sound {
        /// Index into the sources of the window: after those of the lines.
        let source: Int
        let measure: LineMeasure
    }

    private(set) var segments: [Segment] = []
    private(set) var chapters: [(title: String, start: Int)] = []
    /// The whole episode; its sources are the lines, then the sounds.
    private(set) var window = MixWindow(length: 0, isFirst: true, isLast: true)
    /// Where the parts begin and end, in samples.
    private(set) var cuts: [Int] = [0]

    private let script: Script
    private let lines: [LineMeasure]
    /// What the delivery of each line adds to its level, in dB.
    private let volumes: [Double]
    private let sounds: [String: Sound]
    private let setting: Setting
    private var position = 0
    private var beds: [(sound: Sound, range: Range<Int>)] = []

    /// - Parameters:
    ///   - lines: one for each line of the script.
    ///   - sounds: music and effects by name.
    init(_ script: Script, lines: [LineMeasure], volumes: [Double], sounds: [String: Sound], setting: Setting) {
        self.script = script
        self.lines = lines
        self.volumes = volumes
        self.sounds = sounds
        self.setting = setting
        lay()
    }

    var length: Int { window.length }

    /// Seconds as samples.
    static func samples(_ seconds: Double) -> Int { Int((seconds * Double(PCM.timelineRate)).rounded()) }

    private static let frame = MP3.samplesPerFrame

    private mutating func lay() {
        let explicitMusic = script.cues.contains { $0.kind == .music }
        if !explicitMusic, let intro = sounds["intro"] { playAlone(intro) }
        var cues = script.cues[...]
        for index in script.lines.indices {
            beginChapter(at: index, withBed: sounds["bed"])
            while let cue = cues.first, cue.beforeLine <= index {
                play(cue)
                cues = cues.dropFirst()
            }
            place(index)
        }
        for cue in cues { play(cue) }
        if !explicitMusic, let outro = sounds["outro"] { playAlone(outro) }
        finish()
    }

    // MARK: placing

    private mutating func beginChapter(at line: Int, withBed bed: Sound?) {
        guard let chapter = script.chapters.first(where: { $0.lines.lowerBound == line && !$0.lines.isEmpty }) else { return }
        if line > 0 { cut(after: Self.samples(setting.gapSeconds)) }
        chapters.append((chapter.title, position))
        if let bed { startBed(bed) }
    }

    private mutating func place(_ line: Int) {
        if line > 0, segments.last?.line == line - 1 {
            let isTurn = script.lines[line].speaker == script.lines[line - 1].speaker
            let gap = Self.samples(isTurn ? setting.turnGapSeconds : setting.gapSeconds)
            if isCut(before: line) { cut(after: gap) } else if position == segments.last.map({ $0.start + $0.length }) { position += gap }
        }
        let measure = lines[line]
        segments.append(Segment(line: line, start: position, length: measure.length))
        window.placements.append(.init(
            source: line, offset: position, start: measure.start, length: measure.length, gainDecibels: measure.gainDecibels + volumes[line]))
        position += measure.length
    }

    /// One line in three ends a part, chosen by what is said.
    private func isCut(before line: Int) -> Bool {
        let digest = Digest(of: Array(script.lines[line - 1].text.utf8) + [0] + Array(script.lines[line].text.utf8))
        return digest.bytes[0] % 3 == 0
    }

    /// Ends a part in the middle of a pause, which is made longer by up to one MP3 frame for it.
    private mutating func cut(after gap: Int) {
        let middle = position + gap / 2
        let aligned = (middle + Self.frame - 1) / Self.frame * Self.frame
        if let last = cuts.last, aligned > last { cuts.append(aligned) }
        position = aligned + gap - gap / 2
    }

    private mutating func play(_ cue: Cue) {
        guard let sound = sounds[cue.name] else { return }
        switch cue.kind {
        case .music where cue.name == "bed": startBed(sound)
        case .music: playAlone(sound)
        case .effect: playEffect(sound)
        }
    }

    /// Music that speech waits for: it begins after a pause and fades into the first words.
    private mutating func playAlone(_ sound: Sound) {
        endBed()
        if position > 0 { cut(after: Self.samples(setting.gapSeconds)) }
        window.placements.append(.init(
            source: sound.source, offset: position, start: sound.measure.start, length: sound.measure.length, gainDecibels: sound.measure.gainDecibels))
        position += sound.measure.length
        cut(after: Self.samples(setting.gapSeconds))
    }

    /// An effect is heard in the pause before the next line; speech waits for the first second and a half of it.
    private mutating func playEffect(_ sound: Sound) {
        if position > 0 { position += Self.samples(setting.turnGapSeconds) }
        let level = sound.measure.gainDecibels + Self.effectDecibels
        window.placements.append(.init(
            source: sound.source, offset: position, start: sound.measure.start, length: sound.measure.length, gainDecibels: level))
        position += min(sound.measure.length, Self.samples(1.5)) + Self.samples(setting.turnGapSeconds)
    }

    /// Effects are a little softer than voices.
    private static let effectDecibels = -6.0

    private mutating func startBed(_ sound: Sound) {
        endBed()
        beds.append((sound, position..<position + Self.samples(setting.bedSeconds)))
    }

    private mutating func endBed() {
        guard let last = beds.last, last.range.upperBound > position else { return }
        beds[beds.count - 1].range = last.range.lowerBound..<max(position, last.range.lowerBound + 1)
    }

    private mutating func finish() {
        let tail = Self.samples(1)
        window.length = (position + tail + Self.frame - 1) / Self.frame * Self.frame
        endBed()
        let speech = segments.filter { $0.length > 0 }.map { $0.start..<$0.start + $0.length }
        let fade = Self.samples(setting.fadeSeconds)
        for bed in beds where !bed.range.isEmpty {
            let near = bed.range.lowerBound - 2 * fade..<bed.range.upperBound + 2 * fade
            window.beds.append(.init(
                source: bed.sound.source, position: -bed.range.lowerBound, length: bed.sound.measure.length, isLooping: true,
                levelDecibels: bed.sound.measure.gainDecibels, fades: .fading(bed.range, in: fade, out: fade),
                ducking: .ducking(under: speech.filter { $0.overlaps(near) }, decibels: setting.duckingDecibels, fade: fade)))
        }
        if cuts.last != window.length { cuts.append(window.length) }
    }

    /// The windows of the parts, in order.
    var parts: [MixWindow.Part] { zip(cuts, cuts.dropFirst()).map { window.part($0..<$1) } }
}

extension Timeline {
    /// What the documents of an episode need: lines with their times in seconds, and chapters.
    /// - Parameter words: when those of a line are heard, in seconds of its sound.
    func value(_ script: Script, words: [Int: [TimedWord]] = [:]) -> Value {
        func seconds(_ samples: Int) -> Value { .double((Double(samples) / Double(PCM.timelineRate) * 10_000).rounded() / 10_000) }
        return [
            "samples": .int(Int64(length)),
            "lines": .list(segments.map { segment in
                let line = script.lines[segment.line]
                let heard = (words[segment.line] ?? []).map { word -> Value in
                    [seconds(place(word.start, in: segment)), seconds(place(word.end, in: segment))]
                }
                let members: [Value.Member] = [
                    .init("speaker", .string(line.speaker)), .init("text", .string(line.text)), .init("start", seconds(segment.start)),
                    .init("end", seconds(segment.start + segment.length)),
                ]
                return .object(members + (heard.isEmpty ? [] : [.init("words", .list(heard))]))
            }),
            "chapters": .list(chapters.map { ["title": .string($0.title), "start": seconds($0.start)] }),
        ]
    }

    /// Where a moment of a line's sound lies, in samples: what stands before and after its speech is not heard.
    private func place(_ time: Double, in segment: Segment) -> Int {
        let heard = Self.samples(min(max(time, 0), 86_400)) - lines[segment.line].start
        return segment.start + min(max(heard, 0), segment.length)
    }
}
