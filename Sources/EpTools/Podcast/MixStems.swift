public import EpCore
public import EpPlan
import EpSound

/// A finished mix, taken apart for whoever goes on with it in an editor: what people say, music, effects and the room,
/// each as long as the whole.
public struct MixStems {
    /// One part of the mix, as its encoding step reads it.
    public struct Part {
        let window: MixWindow
        let gainDecibels: Double
        let inputs: any JobInputs
        /// The labels of its sounds, as the window counts them.
        let labels: [String]
        /// What its sounds are, by their labels.
        let names: [String: Name]

        /// - Throws: `DamagedInput`, or what is wrong with the window.
        public init(_ inputs: any JobInputs, names: [String: Name]) throws {
            self.inputs = inputs
            self.names = names
            window = try MixWindowText.decode(inputs.bytes("window.json"))
            gainDecibels = Double(try inputs.text("gain_db")) ?? 0
            labels = inputs.labels.filter { $0.hasPrefix("sources/") }
        }

        func sounds() -> MixSounds {
            MixSounds(count: labels.count) { SoundStream(try WAVFile(inputs.reader(labels[$0]), named: labels[$0])) }
        }
    }

    /// What a sound of the mix is called.
    public enum Name: Hashable, Sendable {
        /// A spoken line.
        case line
        /// Music or an effect.
        case sound(String)
    }

    /// Something that is heard, and when.
    struct Clip: Hashable {
        let stem: Stem
        let title: String
        /// In samples of the episode.
        var range: Range<Int>
    }

    private let parts: [Part]
    private let timeline: Value

    /// - Parameters:
    ///   - parts: in their order.
    ///   - timeline: `timeline.json` of the mix.
    public init(_ parts: [Part], timeline: Value) {
        self.parts = parts
        self.timeline = timeline
    }

    /// In samples.
    public var length: Int { parts.reduce(0) { $0 + $1.window.length } }

    /// Writes all files into a directory.
    /// - Returns: their names.
    /// - Throws: `Diagnostic` if they cannot be written.
    public func write(into directory: String, title: String) throws -> [String] {
        var names: [String] = []
        func write(_ name: String, _ text: String) throws {
            let file = try JobFile(name, in: directory)
            try file.write(Array(text.utf8))
            _ = try file.close()
            names.append(name)
        }
        for stem in Stem.allCases {
            try self.write(stem, into: directory)
            names.append("\(stem.rawValue).wav")
        }
        let clips = clips
        for stem in Stem.allCases where stem != .ambience {
            try write("\(stem.rawValue)-labels.txt", StemLabels.audacity(clips.filter { $0.stem == stem }))
        }
        try write("chapters-labels.txt", StemLabels.audacity(chapters))
        try write("timeline.txt", StemLabels.readable(clips, chapters: chapters))
        try write("timeline.otio", StemTimeline(title: title, clips: clips, length: length).json)
        return names
    }

    private func spoken(in part: Part) -> Set<Int> {
        Set(part.labels.indices.filter { part.names[part.labels[$0]] == .line })
    }

    private func write(_ stem: Stem, into directory: String) throws {
        let wav = try WAV24(count: length)
        let file = try JobFile("\(stem.rawValue).wav", in: directory)
        try file.write(wav.header)
        for part in parts {
            let window = part.window.stem(stem, spoken: spoken(in: part))
            try window.forEachRendered(0..<window.length, gainDecibels: part.gainDecibels, from: part.sounds()) {
                try file.write(WAV24.bytes(of: $0))
            }
        }
        _ = try file.close()
    }

    /// What is heard, in order of time. A sound that goes on through a cut between parts is one.
    var clips: [Clip] {
        var found: [Clip] = lines
        var start = 0
        for part in parts {
            for cue in part.window.cues(spoken: spoken(in: part)) where cue.stem != .dialogue {
                guard part.labels.indices.contains(cue.source), case .sound(let title) = part.names[part.labels[cue.source]] else {
                    continue
                }
                let range = cue.range.lowerBound + start..<cue.range.upperBound + start
                let clip = Clip(stem: cue.stem, title: title, range: range.clamped(to: 0..<length))
                if let index = found.lastIndex(where: {
                    $0.stem == clip.stem && $0.title == title && goesOn($0.range, clip.range, at: start)
                }) {
                    found[index].range =
                        min(
                            found[index].range.lowerBound, clip.range.lowerBound)..<max(
                            found[index].range.upperBound, clip.range.upperBound)
                } else {
                    found.append(clip)
                }
            }
            start += part.window.length
        }
        return found.sorted { ($0.range.lowerBound, $0.stem.rawValue, $0.title) < ($1.range.lowerBound, $1.stem.rawValue, $1.title) }
    }

    /// True if two ranges are one sound: the same placement seen from both sides of a cut, or music that is cut there.
    private func goesOn(_ first: Range<Int>, _ second: Range<Int>, at cut: Int) -> Bool {
        first == second || (cut > 0 && first.upperBound >= cut && second.lowerBound <= cut)
    }

    private var lines: [Clip] {
        func clip(_ title: String, _ value: Value) -> Clip {
            Clip(stem: .dialogue, title: title, range: samples(value["start"])..<max(samples(value["start"]), samples(value["end"])))
        }
        return (timeline["lines"]?.list ?? []).map { clip("\($0["speaker"]?.string ?? ""): \($0["text"]?.string ?? "")", $0) }
            + (timeline["recordings"]?.list ?? []).map { clip("recording: \($0["file"]?.string ?? "")", $0) }
    }

    private var chapters: [Clip] {
        let starts = (timeline["chapters"]?.list ?? []).map { (title: $0["title"]?.string ?? "", start: samples($0["start"])) }
        return starts.enumerated().map { index, chapter in
            Clip(
                stem: .dialogue, title: chapter.title,
                range: chapter.start..<max(chapter.start, index + 1 < starts.count ? starts[index + 1].start : length))
        }
    }

    private func samples(_ seconds: Value?) -> Int { Int(((seconds?.number ?? 0) * Double(PCM.timelineRate)).rounded()) }
}
