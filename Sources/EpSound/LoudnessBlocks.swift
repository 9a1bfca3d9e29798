public import EpCore
import Glibc

/// The loudness of a stretch of sound as BS.1770-4 gates it: a level per 400 ms block, every 100 ms.
///
/// The blocks of several parts together give the integrated loudness of the whole, so that an edit measures only
/// its own part. Blocks lie within their part; the three that would cross each join are missing, which moves the result by
/// 0.02 LU for parts of 25 s and 0.05 for parts of 5 s. Blocks below the absolute gate never count, and are not kept.
public struct LoudnessBlocks: Hashable, Sendable {
    /// In hundredths of a LU above the absolute gate.
    public let levels: [UInt16]

    /// In LUFS: quieter blocks are taken for silence.
    public static let absoluteGate = -70.0
    /// In LU below the mean of what passes the absolute gate.
    public static let relativeGate = -10.0
    /// Samples from one block to the next; a block is four of them.
    static let hop = PCM.timelineRate / 10

    init(levels: [UInt16]) { self.levels = levels }

    /// Measures a range. Sound shorter than one block is measured as one.
    /// - Parameters:
    ///   - sound: at the timeline's rate.
    ///   - preRoll: samples before the range that the filters hear first, so that they are in swing.
    public init(of sound: PCM, in range: Range<Int>, preRoll: Int = 0) {
        precondition(sound.sampleRate == PCM.timelineRate)
        let warmUp = max(0, range.lowerBound - preRoll)..<range.lowerBound
        let energies = sound.channels[0].withUnsafeBufferPointer { left in
            guard sound.isStereo else { return Self.energies(left, nil, range, warmUp) }
            return sound.channels[1].withUnsafeBufferPointer { Self.energies(left, $0, range, warmUp) }
        }
        levels = energies.compactMap(Self.level(ofEnergy:))
    }

    /// The mean energies of the blocks.
    private static func energies(
        _ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>?, _ range: Range<Int>,
        _ warmUp: Range<Int>
    ) -> [Double] {
        var filter = KWeighting()
        func energy(_ range: Range<Int>) -> Double {
            filter.energy(left.extracting(range), right?.extracting(range))
        }
        _ = energy(warmUp)
        if range.count < 4 * hop { return range.isEmpty ? [] : [energy(range) / Double(range.count)] }
        let hops = (0..<range.count / hop).map { index in
            energy(range.lowerBound + index * hop..<range.lowerBound + (index + 1) * hop)
        }
        return hops.indices.dropLast(3).map { hops[$0..<$0 + 4].reduce(0, +) / Double(4 * hop) }
    }

    private static func level(ofEnergy energy: Double) -> UInt16? {
        guard energy > 0 else { return nil }
        let hundredths = ((-0.691 + 10 * log10(energy) - absoluteGate) * 100).rounded()
        return hundredths > 0 ? UInt16(min(hundredths, 65_535)) : nil
    }
}

extension LoudnessBlocks {
    /// The integrated loudness of all parts together in LUFS; nil if all of it is silent.
    public static func integrated(_ parts: some Sequence<LoudnessBlocks>) -> Double? {
        var counts: [Int] = []
        for part in parts {
            for level in part.levels {
                if level >= counts.count { counts += repeatElement(0, count: Int(level) + 1 - counts.count) }
                counts[Int(level)] += 1
            }
        }
        guard let ungated = mean(counts[...]) else { return nil }
        let gate = Int(((ungated + relativeGate - absoluteGate) * 100).rounded(.up))
        return mean(counts[max(0, min(gate, counts.count - 1))...])
    }

    /// The integrated loudness of this stretch alone in LUFS; nil if it is silent.
    public var integrated: Double? { Self.integrated(CollectionOfOne(self)) }

    /// The mean loudness of a histogram, whose index is a level.
    private static func mean(_ counts: ArraySlice<Int>) -> Double? {
        var energy = 0.0
        var total = 0
        for (level, count) in zip(counts.indices, counts) where count > 0 {
            energy += Double(count) * pow(10, Double(level) / 1_000)
            total += count
        }
        return total == 0 ? nil : absoluteGate + 10 * log10(energy / Double(total))
    }
}

extension LoudnessBlocks {
    private static let magic = Array("EPL1".utf8)

    /// `EPL1`, then a little-endian 16-bit number per block: about 20 bytes a second of sound.
    public var bytes: [UInt8] {
        Self.magic + levels.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    }

    /// - Throws: `badInput` if the bytes are not as ``bytes`` writes them.
    public init(bytes: [UInt8], named name: String) throws(Diagnostic) {
        guard bytes.starts(with: Self.magic), bytes.count.isMultiple(of: 2) else {
            throw Diagnostic(.badInput, "these are no loudness blocks", at: SourceLocation(file: name))
        }
        levels = stride(from: Self.magic.count, to: bytes.count, by: 2).map {
            UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
        }
    }
}
