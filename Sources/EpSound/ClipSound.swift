/// A stretch of a recording as a sound of its own: faded in and out, and as loud as clips are.
public struct ClipSound {
    /// In samples at the timeline's rate.
    private let window: MixWindow
    private let sound: WAVFile

    /// - Parameters:
    ///   - range: samples of the recording.
    ///   - fade: samples of each fade.
    ///   - sound: a recording at the timeline's rate, of which a stretch at a time is read.
    public init(_ range: Range<Int>, of sound: WAVFile, fade: Int) {
        precondition(sound.sampleRate == PCM.timelineRate && range.lowerBound >= 0 && range.upperBound <= sound.count)
        let fades = Envelope.fading(0..<range.count, in: fade, out: fade)
        let bed = MixWindow.Bed(
            source: 0, position: range.lowerBound, length: range.upperBound, isLooping: false, levelDecibels: 0, fades: fades)
        window = MixWindow(length: range.count, isFirst: true, isLast: true, beds: [bed])
        self.sound = sound
    }

    private var sounds: MixSounds {
        let sound = sound
        return MixSounds(count: 1) { _ in SoundStream(sound) }
    }

    /// In dB: what lies below that is noise rather than speech.
    private static let largestGain = 30.0

    /// The gain that brings it to a loudness, the limiter being at work; 0 if it is silent.
    /// - Parameter target: in LUFS.
    /// - Throws: what reading the recording throws.
    public func gainDecibels(for target: Double) throws -> Double {
        let gain = min(Self.largestGain, MixWindow.gainDecibels(for: [try window.loudness(from: sounds)], target: target))
        guard gain > 0, let limited = try window.loudness(gainDecibels: gain, from: sounds).integrated else { return gain }
        return min(Self.largestGain, gain + Decibels.quantised(max(0, target - limited)))
    }

    /// Hands out a stereo WAV file of 16 bits, piece by piece.
    /// - Throws: what reading the recording throws, and what `sink` does.
    public func writeWAV(gainDecibels: Double, to sink: ([UInt8]) throws -> Void) throws {
        let size = window.length * 4
        var header = PCM(sampleRate: PCM.timelineRate, channels: [[], []]).wav()
        header.replaceSubrange(4..<8, with: Self.word(36 + size))
        header.replaceSubrange(40..<44, with: Self.word(size))
        let headerCount = header.count
        try sink(header)
        try window.forEachMastered(0..<window.length, gainDecibels: gainDecibels, from: sounds) { piece in
            try sink(Array(piece.wav().dropFirst(headerCount)))
        }
    }

    private static func word(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
}
