import Glibc

/// Levels in decibels, as they are written in files.
public enum Decibels {
    /// At or below this a level means silence, in dB.
    public static let silence = -120.0

    /// The factor on amplitude: 0 dB is 1, −20 dB is 0.1; exactly 0 at ``silence`` and below.
    public static func amplitude(_ decibels: Double) -> Float {
        decibels <= silence ? 0 : Float(pow(10, decibels / 20))
    }

    /// The level of an amplitude; ``silence`` for 0 and whatever lies below it.
    public static func level(ofAmplitude amplitude: Double) -> Double {
        amplitude > 1e-6 ? 20 * log10(amplitude) : silence
    }

    /// Rounds to a multiple of `step`, so that a value has few digits and small changes do not spread.
    public static func quantised(_ decibels: Double, step: Double = 0.1) -> Double {
        let perUnit = (1 / step).rounded()
        return (decibels * perUnit).rounded() / perUnit
    }
}
