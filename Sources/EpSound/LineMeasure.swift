public import EpCore
import Glibc

/// What the mix must know of one line (or of an effect, or of music) without reading its sound: where it begins, how
/// long it lasts, and how much louder it must be. All positions are in samples at the timeline's rate.
public struct LineMeasure: Hashable, Sendable, Codable {
    /// The first sample to play, after the silence that the voice begins with.
    public let start: Int
    /// Samples to play; 0 if the line is silent.
    public let length: Int
    /// What brings the line to ``targetLoudness``, in steps of 0.1 dB; 0 if it is silent.
    public let gainDecibels: Double
    /// Nothing in it is louder than −65 dBFS.
    public let isSilent: Bool
    /// The voice was recorded or synthesised too loud: it rests at full scale somewhere.
    public let isClipped: Bool

    public init(start: Int, length: Int, gainDecibels: Double, isSilent: Bool = false, isClipped: Bool = false) {
        self.start = start
        self.length = length
        self.gainDecibels = gainDecibels
        self.isSilent = isSilent
        self.isClipped = isClipped
    }

    private enum CodingKeys: String, CodingKey {
        case start, length, gainDecibels = "gain_db", isSilent = "silent", isClipped = "clipped"
    }
}

extension LineMeasure {
    /// In LUFS (ITU-R BS.1770-4, gated): what podcast platforms ask of stereo.
    public static let targetLoudness = -16.0
    /// In dB: what the limiter may have to take off a line's highest peak. Sound that is all peaks stays softer.
    static let limiting = 6.0
    /// In dB: beyond this a line holds more noise than voice.
    static let largestGain = 30.0

    /// Measures sound of any rate. Takes the whole line, as it came.
    /// - Throws: `system` if the resampler cannot be made.
    public init(of sound: PCM) throws { try self.init(of: SoundStream(sound)) }

    /// - Throws: what reading the sound throws.
    public init(of line: SoundStream) throws {
        var clipping = [ClipDetector](repeating: ClipDetector(), count: line.isStereo ? 2 : 1)
        var powers: [Double] = []
        line.onInput = { input in for channel in input.indices { clipping[channel].listen(to: input[channel]) } }
        try line.forEachPiece(of: 0..<line.count, step: Trim.piece) { powers += Trim.powers(of: $1) }
        line.onInput = nil
        let isClipped = clipping.contains(where: \.isClipped)
        guard let range = Trim.range(powers, count: line.count), let (loudness, peak) = try Self.level(of: line, in: range) else {
            self.init(start: 0, length: 0, gainDecibels: 0, isSilent: true, isClipped: isClipped)
            return
        }
        let loudest = Limiter.ceilingDecibels + Self.limiting - peak
        let gain = min(Self.targetLoudness - loudness, loudest, Self.largestGain)
        self.init(
            start: range.lowerBound, length: range.count, gainDecibels: Decibels.quantised(gain), isClipped: isClipped)
    }

    /// The integrated loudness in LUFS, and the peak in dB as it is heard from the middle; nil if it is silent.
    private static func level(of line: SoundStream, in range: Range<Int>) throws -> (loudness: Double, peak: Double)? {
        var meter = LoudnessMeter(count: range.count)
        var peak: Float = 0
        try line.forEachPiece(of: range, step: Trim.piece) { _, channels in
            meter.measure(channels[0], channels.count == 2 ? channels[1] : nil)
            for samples in channels { peak = PCM.peak(of: samples, from: peak) }
        }
        // One channel in the middle of two plays 3 dB softer in each: as loud together as it is alone.
        let centre = line.isStereo ? 0 : 10 * log10(2.0)
        return meter.blocks.integrated.map { ($0, Decibels.level(ofAmplitude: Double(peak)) - centre) }
    }
}

extension LineMeasure {
    /// One line of JSON; the same measure gives the same text.
    public var json: String {
        let value: Value = [
            "start": .int(Int64(start)), "length": .int(Int64(length)), "gain_db": .double(gainDecibels),
            "silent": .bool(isSilent), "clipped": .bool(isClipped),
        ]
        return value.json()
    }

    /// Reads what ``json`` wrote.
    /// - Throws: `badInput` for anything else.
    public init(json bytes: [UInt8], named name: String) throws(Diagnostic) {
        self = try SoundJSON.decode(bytes, named: name, what: "measure of a line")
    }

    /// Reads many at once, which takes a third of the time.
    /// - Parameter names: of the sounds, for messages.
    /// - Throws: `badInput` for the first that is none.
    public static func all(json texts: [[UInt8]], names: [String]) throws(Diagnostic) -> [LineMeasure] {
        let list = [UInt8(ascii: "[")] + Array(texts.joined(separator: [UInt8(ascii: ",")])) + [UInt8(ascii: "]")]
        if let all = try? SoundJSON.decode(list, named: "", what: "") as [LineMeasure], all.count == texts.count { return all }
        var measures: [LineMeasure] = []
        for (text, name) in zip(texts, names) { measures.append(try LineMeasure(json: text, named: name)) }
        return measures
    }
}
