import Glibc

/// The weighting of loudness: a high shelf for the head and a high pass, from ITU-R BS.1770-4.
///
/// The standard gives coefficients for 48 kHz; these are the analogue filters behind them (the frequencies that
/// every implementation uses), put through the bilinear transform for 44.1 kHz. Left and right run side by side.
struct KWeighting {
    private var shelf = Biquad(Self.shelfCoefficients)
    private var highPass = Biquad(Self.highPassCoefficients)

    /// Runs over samples and adds their weighted squares to the sum of each channel.
    mutating func add(_ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>?, to sum: inout SIMD2<Double>) {
        if let right {
            for index in left.indices { sum += square(SIMD2(Double(left[index]), Double(right[index]))) }
        } else {
            for index in left.indices { sum += square(SIMD2(Double(left[index]), 0)) }
        }
    }

    @inline(__always)
    private mutating func square(_ sample: SIMD2<Double>) -> SIMD2<Double> {
        let weighted = highPass.step(shelf.step(sample))
        return weighted * weighted
    }

    struct Coefficients { let b0, b1, b2, a1, a2: Double }

    static let shelfCoefficients: Coefficients = {
        let k = tan(Double.pi * 1_681.974450955533 / Double(PCM.timelineRate))
        let q = 0.7071752369554196
        let high = pow(10, 3.999843853973347 / 20)
        let middle = pow(high, 0.4996667741545416)
        let a0 = 1 + k / q + k * k
        return Coefficients(
            b0: (high + middle * k / q + k * k) / a0, b1: 2 * (k * k - high) / a0,
            b2: (high - middle * k / q + k * k) / a0, a1: 2 * (k * k - 1) / a0, a2: (1 - k / q + k * k) / a0)
    }()

    static let highPassCoefficients: Coefficients = {
        let k = tan(Double.pi * 38.13547087602444 / Double(PCM.timelineRate))
        let q = 0.5003270373238773
        let a0 = 1 + k / q + k * k
        return Coefficients(b0: 1, b1: -2, b2: 1, a1: 2 * (k * k - 1) / a0, a2: (1 - k / q + k * k) / a0)
    }()

    /// A second-order filter in transposed direct form II, on two channels at once.
    private struct Biquad {
        let c: Coefficients
        var s1 = SIMD2<Double>()
        var s2 = SIMD2<Double>()

        init(_ coefficients: Coefficients) { c = coefficients }

        @inline(__always)
        mutating func step(_ x: SIMD2<Double>) -> SIMD2<Double> {
            let y = c.b0 * x + s1
            s1 = c.b1 * x - c.a1 * y + s2
            s2 = c.b2 * x - c.a2 * y
            return y
        }
    }
}
