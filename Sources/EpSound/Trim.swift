import Glibc

/// Where the sound of a line begins and ends.
///
/// Speech is found by its power over 5 ms: more than −50 dB of the loudest such stretch, and never below −65 dBFS.
/// Around it stays a margin: soft onsets are longer than they are loud, and a voice dies away slowly.
enum Trim {
    private static let step = PCM.timelineRate / 200
    private static let relativeThreshold = 1e-5
    /// −65 dBFS, as power.
    private static let silence = 3.16e-7
    static let marginBefore = PCM.timelineRate * 20 / 1_000
    static let marginAfter = PCM.timelineRate * 60 / 1_000

    /// How much is measured at a time, in samples.
    static let piece = 400 * step

    /// The samples to keep; nil if all of it is silent.
    /// - Parameters:
    ///   - powers: of the sound's 5 ms, in order.
    ///   - count: samples of the sound.
    static func range(_ powers: [Double], count: Int) -> Range<Int>? {
        guard let loudest = powers.max(), loudest > silence else { return nil }
        let threshold = max(silence, loudest * relativeThreshold)
        guard let first = powers.firstIndex(where: { $0 > threshold }),
            let last = powers.lastIndex(where: { $0 > threshold })
        else { return nil }
        return max(0, first * step - marginBefore)..<min(count, (last + 1) * step + marginAfter)
    }

    /// The mean power of each 5 ms of a stretch, of the louder channel.
    static func powers(of channels: [UnsafeBufferPointer<Float>]) -> [Double] {
        let count = channels[0].count
        var powers = [Double](repeating: 0, count: (count + step - 1) / step)
        for samples in channels {
            for index in powers.indices {
                var sum: Float = 0
                for sample in index * step..<min((index + 1) * step, count) { sum += samples[sample] * samples[sample] }
                powers[index] = max(powers[index], Double(sum) / Double(step))
            }
        }
        return powers
    }
}
