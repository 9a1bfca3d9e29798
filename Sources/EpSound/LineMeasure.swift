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
    public init(of sound: PCM) throws(Diagnostic) {
        let isClipped = sound.channels.contains(where: Self.isClipped)
        let line = try sound.resampled()
        guard let range = Trim.range(of: line), let loudness = LoudnessBlocks(of: line, in: range).integrated else {
            self.init(start: 0, length: 0, gainDecibels: 0, isSilent: true, isClipped: isClipped)
            return
        }
        // One channel in the middle of two plays 3 dB softer in each: as loud together as it is alone.
        let centre = line.isStereo ? 0 : 10 * log10(2.0)
        let peak = Decibels.level(ofAmplitude: Double(line.peak(in: range))) - centre
        let loudest = Limiter.ceilingDecibels + Self.limiting - peak
        let gain = min(Self.targetLoudness - loudness, loudest, Self.largestGain)
        self.init(
            start: range.lowerBound, length: range.count, gainDecibels: Decibels.quantised(gain), isClipped: isClipped)
    }

    /// Three samples in a row at the same extreme.
    private static func isClipped(_ samples: [Float]) -> Bool {
        samples.withUnsafeBufferPointer { samples in
            var run = 1
            for index in samples.indices.dropFirst() {
                run = samples[index] == samples[index - 1] && abs(samples[index]) >= 0.99 ? run + 1 : 1
                if run == 3 { return true }
            }
            return false
        }
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
}
