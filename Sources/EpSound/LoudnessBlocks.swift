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
    /// - Parameter sound: at the timeline's rate.
    public init(of sound: PCM, in range: Range<Int>) {
        precondition(sound.sampleRate == PCM.timelineRate)
        var meter = LoudnessMeter(count: range.count)
        sound.channels[0].withUnsafeBufferPointer { left in
            guard sound.isStereo else { return meter.measure(left.extracting(range), nil) }
            sound.channels[1].withUnsafeBufferPointer { meter.measure(left.extracting(range), $0.extracting(range)) }
        }
        self = meter.blocks
    }

    /// Measures a whole sound of any rate.
    /// - Throws: what reading it throws.
    public init(of sound: SoundStream) throws {
        var meter = LoudnessMeter(count: sound.count)
        try sound.forEachPiece(of: 0..<sound.count, step: Self.hop * 20) { meter.measure($1[0], $1.count == 2 ? $1[1] : nil) }
        self = meter.blocks
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
