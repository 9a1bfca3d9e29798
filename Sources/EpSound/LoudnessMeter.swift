import Glibc

/// Measures the loudness of sound as it comes, a piece at a time.
///
/// The same sound gives the same blocks, wherever its pieces end.
struct LoudnessMeter {
    /// Samples that will come.
    private let count: Int
    private var filter = KWeighting()
    private var hops: [Double] = []
    /// Of the hop that has not ended, or of the whole sound if that is shorter than a block.
    private var sum = SIMD2<Double>()
    private var filled = 0

    private static let hop = LoudnessBlocks.hop

    /// - Parameter count: how many samples will come, those for the filters not counted.
    init(count: Int) { self.count = count }

    private var isOneBlock: Bool { count < 4 * Self.hop }

    /// Brings the filters into swing; what they hear is not measured.
    mutating func warmUp(_ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>?) {
        var unused = SIMD2<Double>()
        filter.add(left, right, to: &unused)
    }

    /// Goes on with the next samples.
    mutating func measure(_ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>?) {
        var offset = 0
        while offset < left.count {
            let wanted = isOneBlock ? count - filled : Self.hop - filled
            let part = offset..<min(left.count, offset + wanted)
            if part.isEmpty { return }
            filter.add(left.extracting(part), right?.extracting(part), to: &sum)
            filled += part.count
            offset = part.upperBound
            if !isOneBlock, filled == Self.hop {
                hops.append(sum.x + sum.y)
                (sum, filled) = (SIMD2(), 0)
            }
        }
    }

    /// What was heard.
    var blocks: LoudnessBlocks {
        LoudnessBlocks(levels: energies.compactMap(Self.level(ofEnergy:)))
    }

    /// The mean energies of the blocks.
    private var energies: [Double] {
        if isOneBlock { return count == 0 ? [] : [(sum.x + sum.y) / Double(count)] }
        return hops.indices.dropLast(3).map { hops[$0..<$0 + 4].reduce(0, +) / Double(4 * Self.hop) }
    }

    private static func level(ofEnergy energy: Double) -> UInt16? {
        guard energy > 0 else { return nil }
        let hundredths = ((-0.691 + 10 * log10(energy) - LoudnessBlocks.absoluteGate) * 100).rounded()
        return hundredths > 0 ? UInt16(min(hundredths, 65_535)) : nil
    }
}
