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

    /// The samples to keep; nil if all of it is silent.
    static func range(of sound: PCM) -> Range<Int>? {
        let powers = Self.powers(of: sound)
        guard let loudest = powers.max(), loudest > silence else { return nil }
        let threshold = max(silence, loudest * relativeThreshold)
        guard let first = powers.firstIndex(where: { $0 > threshold }),
            let last = powers.lastIndex(where: { $0 > threshold })
        else { return nil }
        return max(0, first * step - marginBefore)..<min(sound.count, (last + 1) * step + marginAfter)
    }

    /// The mean power of each 5 ms, of the louder channel.
    private static func powers(of sound: PCM) -> [Double] {
        var powers = [Double](repeating: 0, count: (sound.count + step - 1) / step)
        for channel in sound.channels {
            channel.withUnsafeBufferPointer { samples in
                for index in powers.indices {
                    var sum: Float = 0
                    for sample in index * step..<min((index + 1) * step, samples.count) {
                        sum += samples[sample] * samples[sample]
                    }
                    powers[index] = max(powers[index], Double(sum) / Double(step))
                }
            }
        }
        return powers
    }
}
