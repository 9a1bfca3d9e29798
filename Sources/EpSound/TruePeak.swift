import Glibc

/// Estimates the peaks between the samples, by interpolating three points into every gap (4 × oversampling, as
/// BS.1770-4 annex 2 does).
enum TruePeak {
    /// Samples on either side that an interpolated point depends on.
    static let halfWidth = 6
    private static let taps = 2 * halfWidth
    private static let block = 128

    /// A windowed sinc (cos² window) for each of the three points, after each other.
    private static let phases: [Float] = (1...3).flatMap { phase in
        let place = Double(phase) / 4
        let weights = (0..<taps).map { tap -> Double in
            let x = Double(tap - halfWidth + 1) - place
            let window = cos(Double.pi * x / Double(taps))
            return sin(Double.pi * x) / (Double.pi * x) * window * window
        }
        let sum = weights.reduce(0, +)
        return weights.map { Float($0 / sum) }
    }

    /// No interpolated point is larger than the largest sample around it, times this.
    private static let overshoot: Float = {
        let sums = (0..<3).map { phases[$0 * taps..<($0 + 1) * taps].reduce(0) { $0 + abs($1) } }
        return sums.reduce(1, max)
    }()

    /// Raises each of `peaks` to the largest magnitude from its sample of the sound to the next one, over those
    /// stretches that may exceed a limit; elsewhere, and within ``halfWidth`` of the ends, it leaves them.
    /// - Precondition: the sound is longer than 140 samples.
    static func measure(
        _ sound: UnsafeBufferPointer<Float>, above limit: Float, into peaks: UnsafeMutableBufferPointer<Float>
    ) {
        let end = sound.count - halfWidth
        precondition(end - block >= halfWidth)
        // The margin is for rounding: what is skipped would never exceed the limit.
        let harmless = limit * 0.999 / overshoot
        for place in stride(from: halfWidth, to: end, by: block) {
            // The last block overlaps the one before it, so that all are whole.
            let start = min(place, end - block)
            let seen = UnsafeBufferPointer(rebasing: sound[start - halfWidth..<start + block + halfWidth])
            guard PCM.peak(of: seen) > harmless else { continue }
            for index in stride(from: 0, to: block, by: Lanes.scalarCount) {
                guard let largest = largest(UnsafeRawBufferPointer(seen), at: index, above: harmless) else { continue }
                for lane in 0..<Lanes.scalarCount {
                    peaks[start + index + lane] = max(peaks[start + index + lane], largest[lane])
                }
            }
        }
    }

    private typealias Lanes = SIMD8<Float>

    /// The largest magnitudes from eight samples to the next ones; nil if all around them is harmless.
    /// - Parameter sound: begins ``halfWidth`` samples before sample 0.
    @inline(__always)
    private static func largest(_ sound: UnsafeRawBufferPointer, at index: Int, above harmless: Float) -> Lanes? {
        func samples(_ offset: Int) -> Lanes {
            sound.loadUnaligned(fromByteOffset: (index + offset) * MemoryLayout<Float>.stride, as: Lanes.self)
        }
        // Three loads cover the eight samples and all that they depend on.
        let around = (samples(0), samples(Lanes.scalarCount), samples(taps))
        let top = pointwiseMax(pointwiseMax(around.0, around.1), around.2).max()
        let bottom = pointwiseMin(pointwiseMin(around.0, around.1), around.2).min()
        guard max(top, -bottom) > harmless else { return nil }
        let here = samples(halfWidth)
        var highest = here
        var lowest = here
        phases.withUnsafeBufferPointer { weights in
            for phase in stride(from: 0, to: weights.count, by: taps) {
                var point = Lanes()
                for tap in 0..<taps { point += weights[phase + tap] * samples(tap + 1) }
                highest = pointwiseMax(highest, point)
                lowest = pointwiseMin(lowest, point)
            }
        }
        return pointwiseMax(highest, -lowest)
    }
}
