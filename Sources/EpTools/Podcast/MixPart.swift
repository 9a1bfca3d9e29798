import EpCore
public import EpPlan
import EpSound

/// A part of a mix as the step that encodes it declares it: which of its inputs is heard when.
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
    /// In Hz.
    public static let sampleRate = PCM.timelineRate

    /// The MP3 frames of a part in which some of its samples are heard.
    public static func frames(of bytes: [UInt8], holding samples: Range<Int>) -> [UInt8] {
        Array(MP3.frames(MP3.frames(holding: samples), of: bytes))
    }

    /// Nil if the step encodes no part of a mix.
    public init?(encodedBy step: Step) {
        guard case .builtIn(let tool, "encode", _) = step.operation, tool == MixTool().name,
            case .literal(let text)? = step.inputs.first(where: { $0.label == "window.json" })?.source,
            let window = try? MixWindowText.decode(text)
        else { return nil }
        let sources = step.inputs.filter { $0.label.hasPrefix("sources/") }.sorted { $0.label < $1.label }.map(\.source)
        func sound(_ source: Int, _ range: Range<Int>) -> Sound? {
            let heard = range.clamped(to: 0..<window.length)
            return heard.isEmpty || !sources.indices.contains(source)
                ? nil : Sound(source: sources[source], start: range.lowerBound, range: heard)
        }
        sounds = window.placements.compactMap { sound($0.source, $0.range) }.sorted { $0.start < $1.start }
        beds = window.beds.compactMap { sound($0.source, 0..<window.length) }
        length = window.length
    }
}
