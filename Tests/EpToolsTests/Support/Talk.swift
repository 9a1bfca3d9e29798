import EpSound

/// Sound that has the rhythm of speech, without a word in it: 16 kHz, so that ffmpeg takes it as it is.
struct Talk {
    static let rate = 16_000
    private var state: UInt64

    /// - Parameter seed: decides all of it.
    static func samples(seconds: Double, seed: UInt64) -> [Float] {
        var talk = Talk(state: seed)
        let count = Int(seconds * Double(rate))
        var samples: [Float] = []
        while samples.count < count {
            for _ in 0..<Int(talk.pick(8...25)) {
                talk.add(talk.pick(0.08...0.25), loud: talk.pick(0.05...0.4), to: &samples)
                talk.add(talk.pick(0.02...0.08), loud: 0.002, to: &samples)
            }
            talk.add(talk.pick(0.35...0.8), loud: 0.0005, to: &samples)
        }
        return Array(samples.prefix(count))
    }

    static func wav(_ samples: [Float]) -> [UInt8] { PCM(sampleRate: rate, channels: [samples]).wav() }

    private mutating func add(_ seconds: Double, loud: Double, to samples: inout [Float]) {
        for _ in 0..<Int(seconds * Double(Self.rate)) { samples.append(Float(((unit() * 2 - 1) * loud * 32_768).rounded() / 32_768)) }
    }

    private mutating func pick(_ range: ClosedRange<Double>) -> Double { range.lowerBound + (range.upperBound - range.lowerBound) * unit() }

    /// SplitMix64, from 0 to 1.
    private mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
    }
}
