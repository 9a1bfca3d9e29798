/// The sound of one scene of a film: brought to its level, limited, and followed by silence for as long as the scene goes on.
///
/// It begins and ends by itself, so that scenes can be encoded one by one: where two meet, nothing is heard.
public struct SceneSound {
    /// Of films, in Hz.
    public static let sampleRate = 48_000
    private static let piece = 32_768

    private let sound: SoundStream
    private var gainDecibels: Double
    private let centre: Float
    private let channels: Int

    /// - Parameters:
    ///   - gainDecibels: what brings it to its level (``LineMeasure``).
    ///   - channels: 1 or 2; one channel becomes two that are as loud together. Of two, none can become one.
    public init(_ sound: SoundStream, gainDecibels: Double, channels: Int) {
        self.sound = sound
        self.channels = sound.isStereo ? 2 : channels
        self.gainDecibels = gainDecibels
        centre = !sound.isStereo && channels == 2 ? Float(0.5).squareRoot() : 1
    }

    /// In dB: a sound that lacks more is all peaks.
    private static let most = 6.0

    /// Makes up for what the limiter takes, and for the silence around it, which counts where the loudness of a whole film is measured.
    public mutating func settle() throws {
        let highest = gainDecibels + Self.most
        for _ in 0..<4 {
            guard let loudness = try loudness() else { return }
            let missing = Decibels.quantised(LineMeasure.targetLoudness - loudness)
            guard abs(missing) >= 0.1, gainDecibels + missing <= highest else { return }
            gainDecibels += missing
        }
    }

    /// In LUFS, as it is heard in a film; nil if it is silent.
    private func loudness() throws -> Double? {
        let silence = [Float](repeating: 0, count: 3 * LoudnessBlocks.hop)
        var meter = LoudnessMeter(count: sound.count + 2 * silence.count)
        func measure(_ channels: [[Float]], _ meter: inout LoudnessMeter) {
            channels[0].withUnsafeBufferPointer { left in
                guard self.channels == 2 else { return meter.measure(left, nil) }
                channels[channels.count - 1].withUnsafeBufferPointer { meter.measure(left, $0) }
            }
        }
        measure([silence], &meter)
        for start in stride(from: 0, to: sound.count, by: Self.piece) {
            measure(try limited(start..<min(start + Self.piece, sound.count)).channels, &meter)
        }
        measure([silence], &meter)
        return meter.blocks.integrated
    }

    /// Hands out 16-bit samples at 48 kHz, the channels of each beside each other.
    /// - Parameter samples: in each channel; more than there is sound.
    /// - Throws: what reading the sound throws, and what `sink` throws.
    public func write(samples: Int, to sink: ([UInt8]) throws -> Void) throws {
        let resamplers = try (0..<channels).map { _ in try Resampler(from: PCM.timelineRate, to: Self.sampleRate) }
        let total = min(samples, Resampler.count(sound.count, from: PCM.timelineRate, to: Self.sampleRate))
        var made = 0
        func put(_ output: [[Float]]) throws {
            let count = min(output[0].count, total - made)
            made += count
            try sink(Self.bytes(output, count: count))
        }
        for start in stride(from: 0, to: sound.count, by: Self.piece) {
            let limited = try self.limited(start..<min(start + Self.piece, sound.count))
            var output = [[Float]](repeating: [], count: channels)
            for (index, resampler) in resamplers.enumerated() {
                resampler.feed(limited.channels[min(index, limited.channels.count - 1)], to: &output[index])
            }
            try put(output)
        }
        var rest = [[Float]](repeating: [], count: channels)
        for (index, resampler) in resamplers.enumerated() { resampler.finish(max(0, total - made), to: &rest[index]) }
        try put(rest)
        try Self.silence(samples - made, channels: channels, to: sink)
    }

    /// Samples of silence alone.
    public static func silence(_ samples: Int, channels: Int, to sink: ([UInt8]) throws -> Void) throws {
        for start in stride(from: 0, to: samples, by: piece) {
            try sink([UInt8](repeating: 0, count: min(piece, samples - start) * channels * 2))
        }
    }

    /// A stretch with the limiter at work, which must see what is around it.
    private func limited(_ range: Range<Int>) throws -> PCM {
        let seen = range.lowerBound - Limiter.before..<range.upperBound + Limiter.after
        let heard = seen.clamped(to: 0..<sound.count), gain = Decibels.amplitude(gainDecibels) * centre
        try sound.load(heard)
        let channels = (0..<(sound.isStereo ? 2 : 1)).map { channel -> [Float] in
            var samples = [Float](repeating: 0, count: seen.count)
            sound.withSamples(of: channel, in: heard) { input in
                for index in input.indices { samples[heard.lowerBound - seen.lowerBound + index] = input[index] * gain }
            }
            return samples
        }
        return Limiter.limited(PCM(sampleRate: PCM.timelineRate, channels: channels))
    }

    private static func bytes(_ channels: [[Float]], count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * channels.count * 2)
        for index in 0..<count {
            for channel in channels {
                let sample = Int16(max(-32_768, min(32_767, (channel[index] * 32_768).rounded())))
                bytes.append(UInt8(truncatingIfNeeded: sample))
                bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
            }
        }
        return bytes
    }
}
