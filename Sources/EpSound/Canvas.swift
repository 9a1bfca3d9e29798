/// What the synthesiser draws on: stereo sound that tones and noises are added to.
struct Canvas {
    private(set) var left: [Float]
    private(set) var right: [Float]
    /// What reaches beyond the end goes on at the beginning; else it is cut, after a short fade.
    let isLoop: Bool

    init(count: Int, isLoop: Bool) {
        left = [Float](repeating: 0, count: count)
        right = left
        self.isLoop = isLoop
    }

    var count: Int { left.count }
    var seconds: Double { Double(count) / Double(PCM.timelineRate) }

    /// Adds what `sample` computes for each of a number of samples after the beginning of a sound.
    /// - Parameters:
    ///   - start: in seconds.
    ///   - length: in seconds.
    ///   - pan: −1 left, 1 right.
    ///   - sample: from the time since `start`, in seconds.
    mutating func add(at start: Double, for length: Double, pan: Double = 0, _ sample: (Double) -> Double) {
        let first = Int((start * Double(PCM.timelineRate)).rounded())
        let wanted = Int(length * Double(PCM.timelineRate))
        let sampleCount = isLoop ? wanted : min(wanted, count - first)
        let leftGain = Float((0.5 - pan / 2).squareRoot())
        let rightGain = Float((0.5 + pan / 2).squareRoot())
        for index in 0..<max(0, sampleCount) {
            let value = Float(sample(Double(index) / Double(PCM.timelineRate)))
            left[(first + index) % count] += value * leftGain
            right[(first + index) % count] += value * rightGain
        }
    }

    /// The finished sound. What does not loop ends in silence: its last 5 % fade.
    var sound: PCM {
        var channels = [left, right]
        if !isLoop {
            let fade = max(1, count / 20)
            for channel in 0..<2 {
                for index in 0..<fade { channels[channel][count - 1 - index] *= Float(index) / Float(fade) }
            }
        }
        return PCM(sampleRate: PCM.timelineRate, channels: channels)
    }
}

/// Waves without a table or a library.
enum Wave {
    /// The sine of a number of turns: odd polynomial of degree 11 on a quarter turn, right to 1e-7.
    static func sine(_ turns: Double) -> Double {
        var x = turns - turns.rounded()
        if x > 0.25 { x = 0.5 - x } else if x < -0.25 { x = -0.5 - x }
        let angle = x * 2 * Double.pi
        let square = angle * angle
        let tail = 1 - square / 72 * (1 - square / 110)
        return angle * (1 - square / 6 * (1 - square / 20 * (1 - square / 42 * tail)))
    }

    /// Falls by half every `halfLife` seconds.
    static func decay(_ time: Double, halfLife: Double) -> Double {
        let halvings = time / halfLife
        let whole = halvings.rounded(.down)
        let rest = (whole - halvings) * 0.6931471805599453
        // Four terms of the exponential are enough for half an octave of level.
        let fraction = 1 + rest * (1 + rest / 2 * (1 + rest / 3 * (1 + rest / 4 * (1 + rest / 5 * (1 + rest / 6)))))
        return whole > 60 ? 0 : fraction / Double(UInt64(1) << UInt64(max(0, whole)))
    }

    /// From 0 to 1 over a length, without a corner.
    static func rise(_ time: Double, over length: Double) -> Double {
        let t = max(0, min(1, time / length))
        return t * t * (3 - 2 * t)
    }
}

/// Chance that a seed determines (SplitMix64).
struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// From 0 up to 1.
    mutating func uniform() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
    /// White noise, from −1 up to 1.
    mutating func white() -> Double { uniform() * 2 - 1 }
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int(next() % UInt64(elements.count))] }
}

/// A filter that lets a band of frequencies through (state variable, after Chamberlin).
struct BandFilter {
    private var low = 0.0
    private var band = 0.0

    /// - Parameters:
    ///   - frequency: in Hz, up to 6,000.
    ///   - damping: 2 is broad, 0.1 rings.
    mutating func step(_ input: Double, frequency: Double, damping: Double) -> (low: Double, band: Double) {
        let f = 2 * Wave.sine(min(frequency, 6_000) / Double(2 * PCM.timelineRate))
        low += f * band
        band += f * (input - low - damping * band)
        return (low, band)
    }
}
