public import EpCore
public import EpPlan
import EpSound

/// A part of a mix as a step that measures or encodes it declares it: which of its inputs is heard when.
public struct MixPart: Sendable {
    /// A voice, an effect or music.
    public struct Sound: Sendable {
        public let source: ArtifactSource
        /// Where it begins; negative if that is before the part.
        public let start: Int
        /// In samples from the part's beginning; what is heard before and after the part is left out.
        public let range: Range<Int>
    }

    /// The name of the output that holds its MP3 frames.
    public static let output = "part.mp3"

    /// Those that are played once, in the order in which they begin.
    public let sounds: [Sound]
    /// Those under all others.
    public let beds: [Sound]
    /// In samples at ``sampleRate``.
    public let length: Int
    /// True if the step encodes it; else it looks how loud it is.
    public let isEncoded: Bool
    /// In Hz.
    public static let sampleRate = PCM.timelineRate

    /// What makes two parts the same: their window and their sounds, whichever step has them.
    public let text: [UInt8]
    private let window: MixWindow
    private let sources: [ArtifactSource]

    fileprivate init(_ window: MixWindow, _ text: [UInt8], of step: Step, isEncoded: Bool) {
        let sources = step.inputs.filter { $0.label.hasPrefix("sources/") }.sorted { $0.label < $1.label }.map(\.source)
        func sound(_ source: Int, _ range: Range<Int>) -> Sound? {
            let heard = range.clamped(to: 0..<window.length)
            guard !heard.isEmpty, sources.indices.contains(source) else { return nil }
            return Sound(source: sources[source], start: range.lowerBound, range: heard)
        }
        self.isEncoded = isEncoded
        sounds = window.placements.compactMap { sound($0.source, $0.range) }.sorted { $0.start < $1.start }
        beds = window.beds.compactMap { sound($0.source, 0..<window.length) }
        length = window.length
        (self.text, self.window, self.sources) = (text, window, sources)
    }

    /// True for a step that speaks, or measures what was spoken: without it no part is known.
    public static func isMadeFor(by step: Step) -> Bool {
        if case .builtIn(let tool, "measure", _) = step.operation { return tool.text == "mix" }
        return step.tool.text == "tts"
    }

    /// The MP3 frames of the part, once it is encoded, in which some of its samples are heard.
    public static func frames(of bytes: [UInt8], holding samples: Range<Int>) -> [UInt8] {
        Array(MP3.frames(MP3.frames(holding: samples), of: bytes))
    }

    /// Makes the same frames before the part is encoded.
    /// - Parameters:
    ///   - level: what the episode is brought to, and how its sound is encoded.
    ///   - open: gives the WAV file of a source.
    ///   - sink: gets the frames in order, some at a time.
    public func encode(
        _ samples: Range<Int>, _ level: MixLevel, open: @escaping (ArtifactSource) throws -> any RandomAccessBytes,
        to sink: ([UInt8]) throws -> Void
    ) throws {
        let sounds = MixSounds(count: sources.count) { [sources] in try KnownSounds.shared.stream(open(sources[$0]), named: "sound") }
        let settings = MP3.Settings(bitrate: level.bitrate)
        try window.encode(
            MP3.frames(holding: samples), gainDecibels: level.gainDecibels, settings: settings, from: sounds, to: sink)
    }
}

/// Reads the parts of mixes from steps, each window once, however many steps have it.
public struct MixPartReader: Sendable {
    private var windows: [[UInt8]: MixWindow] = [:]

    public init() {}

    /// Nil if the step has to do with no part of a mix.
    public mutating func part(of step: Step) -> MixPart? {
        guard case .builtIn(let tool, let operation, _) = step.operation, tool.text == "mix", ["loudness", "encode"].contains(operation),
            case .literal(let text)? = step.inputs.first(where: { $0.label == "window.json" })?.source,
            let window = windows[text] ?? (try? MixWindowText.decode(text))
        else { return nil }
        windows[text] = window
        return MixPart(window, text, of: step, isEncoded: operation == "encode")
    }

    /// Forgets all windows but those of some parts.
    public mutating func keep(_ parts: some Sequence<MixPart>) {
        let texts = Set(parts.map(\.text))
        windows = windows.filter { texts.contains($0.key) }
    }
}

/// What all parts of a mix have in common.
public struct MixLevel: Sendable, Equatable {
    public let gainDecibels: Double
    /// In kbit/s.
    public let bitrate: Int

    /// - Parameters:
    ///   - step: encodes a part.
    ///   - gain: gives the text of the gain that it reads.
    /// - Returns: nil if it encodes none, or its gain is not known.
    public init?(of step: Step, gain: (ArtifactSource) -> [UInt8]?) {
        func input(_ label: String) -> ArtifactSource? { step.inputs.first { $0.label == label }?.source }
        guard case .literal(let rate)? = input("bitrate_kbps"), let bitrate = Int(String(decoding: rate, as: UTF8.self)),
            let text = input("gain_db").flatMap(gain), let decibels = Double(String(decoding: text, as: UTF8.self))
        else { return nil }
        (gainDecibels, self.bitrate) = (decibels, bitrate)
    }
}
