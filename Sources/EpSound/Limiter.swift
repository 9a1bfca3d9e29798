/// A look-ahead limiter whose gain depends only on the sound around a sample, not on what came long before.
///
/// Where the sound would exceed the ceiling, its gain is lowered to just meet it: the smallest such gain over the coming
/// 5 ms and the past 20 ms, smoothed over 5 ms. It reaches a peak's gain before the peak, holds it for two periods of a
/// deep voice (so that a vowel is not modulated) and lets go. Both channels share one gain. Gains are whole numbers and
/// sums of them exact, so any range of a sound is limited to the same samples, wherever it begins.
enum Limiter {
    /// In dB true peak: what goes into the encoder. MP3 at 192 kbit/s overshoots it by up to about 0.8 dB.
    static let ceilingDecibels = -2.0
    static let lookAhead = PCM.timelineRate * 5 / 1_000
    static let hold = PCM.timelineRate * 20 / 1_000
    /// Samples of sound that the limiter must see before and after a sample.
    static let before = hold + lookAhead + TruePeak.halfWidth
    static let after = lookAhead + TruePeak.halfWidth

    /// A gain of 1, in the whole numbers that gains are kept in.
    private static let unity: Int32 = 1 << 20
    private static let block = 4_096
    /// Two running means after each other make a triangle as wide as the look-ahead, ends included.
    private static let firstMean = lookAhead / 2
    private static let secondMean = lookAhead - firstMean + 2

    /// - Parameters:
    ///   - sound: stereo, and longer than the result by ``before`` and ``after``.
    /// - Returns: the sound without its margins, nowhere above the ceiling.
    static func limited(_ sound: PCM) -> PCM {
        let ceiling = Decibels.amplitude(ceilingDecibels)
        let count = sound.count - before - after
        let allowed = allowedGains(sound, ceiling: ceiling)
        var channels = sound.channels.map { Array($0[before..<before + count]) }
        for start in stride(from: 0, to: count, by: block) {
            let range = start..<min(start + block, count)
            // What lies around output n is around index n + before of the input.
            let seen = allowed[range.lowerBound + TruePeak.halfWidth..<range.upperBound + before + lookAhead]
            guard seen.contains(where: { $0 < unity }) else { continue }
            let gains = smoothed(slidingMinimum(seen, width: hold + lookAhead + 1))
            for channel in channels.indices {
                channels[channel].withUnsafeMutableBufferPointer { samples in
                    for index in gains.indices { samples[range.lowerBound + index] *= gains[index] }
                }
            }
        }
        return PCM(sampleRate: sound.sampleRate, channels: channels)
    }

    /// The gain that each sample may have at most by itself, rounded down.
    private static func allowedGains(_ sound: PCM, ceiling: Float) -> [Int32] {
        var peaks = [Float](repeating: 0, count: sound.count)
        peaks.withUnsafeMutableBufferPointer { peaks in
            for channel in sound.channels {
                channel.withUnsafeBufferPointer { TruePeak.measure($0, above: ceiling, into: peaks) }
            }
        }
        return peaks.map { $0 > ceiling ? Int32(Float(unity) * (ceiling / $0)) : unity }
    }

    /// The smallest of every `width` neighbours (van Herk and Gil-Werman: three comparisons each).
    private static func slidingMinimum(_ values: ArraySlice<Int32>, width: Int) -> [Int32] {
        let values = Array(values)
        var fromStart = values
        var toEnd = values
        for index in values.indices.dropFirst() where !index.isMultiple(of: width) {
            fromStart[index] = min(fromStart[index], fromStart[index - 1])
        }
        for index in values.indices.dropLast().reversed() where !(index + 1).isMultiple(of: width) {
            toEnd[index] = min(toEnd[index], toEnd[index + 1])
        }
        return (0...values.count - width).map { min(toEnd[$0], fromStart[$0 + width - 1]) }
    }

    private static func smoothed(_ gains: [Int32]) -> [Float] {
        let sums = runningSum(runningSum(gains.map(Int64.init), firstMean), secondMean)
        let full = Float(unity) * Float(firstMean * secondMean)
        return sums.map { Float($0) / full }
    }

    private static func runningSum(_ values: [Int64], _ width: Int) -> [Int64] {
        var sum = values[0..<width - 1].reduce(0, +)
        return (width - 1..<values.count).map { index in
            sum += values[index]
            defer { sum -= values[index - width + 1] }
            return sum
        }
    }
}
