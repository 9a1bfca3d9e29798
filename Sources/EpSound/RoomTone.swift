/// The even, soft noise of a room in which nobody speaks: what is heard in the pauses in the place of digital silence.
///
/// It is counted from the beginning of each part, so a part sounds alike wherever it stands. Where two parts meet, one stretch of noise
/// follows another: nobody hears a seam in noise that is the same on both sides but for its grain.
enum RoomTone {
    /// How it is in a window.
    /// - Parameters:
    ///   - range: in samples of the window.
    ///   - origin: the sample of the window at which `output` begins.
    static func add(_ decibels: Double, to output: [UnsafeMutableBufferPointer<Float>], at origin: Int, within range: Range<Int>) {
        let level = Decibels.amplitude(decibels)
        for (output, noise) in zip(output, channels) {
            noise.withUnsafeBufferPointer { noise in
                for n in range { output[n - origin] += noise[n & (count - 1)] * level }
            }
        }
    }

    /// A loop of three seconds: a power of two.
    private static let count = 1 << 17

    /// Both sides, each with a power of 1.
    private static let channels = [noise(seed: 1), noise(seed: 2)]

    /// Noise that gets weaker by three decibels an octave, as rooms do: the sum of noises that change every sample, every second one, every
    /// fourth …
    private static func noise(seed: UInt64) -> [Float] {
        var sum = [Double](repeating: 0, count: count)
        for octave in 0..<10 {
            var noise = Noise(seed: seed << 8 + UInt64(octave))
            let step = 1 << octave
            let values = (0..<count / step).map { _ in noise.white() }
            for (index, value) in values.enumerated() {
                let next = values[(index + 1) % values.count]
                for place in 0..<step { sum[index * step + place] += value + (next - value) * Double(place) / Double(step) }
            }
        }
        let mean = sum.reduce(0, +) / Double(count)
        let power = sum.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        return sum.map { Float(($0 - mean) / power.squareRoot()) }
    }
}
