public import EpCore

/// A WAV file of 24 bits in two channels that is written piece by piece.
public struct WAV24: Sendable {
    /// Samples in each channel.
    public let count: Int

    private static let bytesPerFrame = 6
    /// What the sizes of the format can tell.
    private static let mostBytes = Int(UInt32.max) - 36

    /// - Throws: `usage` if it is longer than a WAV file can be.
    public init(count: Int) throws(Diagnostic) {
        guard count * Self.bytesPerFrame <= Self.mostBytes else {
            throw Diagnostic(.usage, "a WAV file cannot be longer than four and a half hours", remedy: "export a shorter episode")
        }
        self.count = count
    }

    /// What the file begins with.
    public var header: [UInt8] {
        var bytes: [UInt8] = []
        func append(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }
        func append<Word: FixedWidthInteger>(_ word: Word) { withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) } }
        let size = count * Self.bytesPerFrame
        append("RIFF")
        append(UInt32(36 + size))
        append("WAVEfmt ")
        append(UInt32(16))
        append(UInt16(1))
        append(UInt16(2))
        append(UInt32(PCM.timelineRate))
        append(UInt32(PCM.timelineRate * Self.bytesPerFrame))
        append(UInt16(Self.bytesPerFrame))
        append(UInt16(24))
        append("data")
        append(UInt32(size))
        return bytes
    }

    /// A piece of its sound: rounded to nearest, clipped at full scale.
    /// - Precondition: the sound is stereo.
    public static func bytes(of sound: PCM) -> [UInt8] {
        precondition(sound.isStereo)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(sound.count * bytesPerFrame)
        for index in 0..<sound.count {
            for channel in sound.channels {
                let sample = UInt32(bitPattern: Int32(max(-8_388_608, min(8_388_607, (channel[index] * 8_388_608).rounded()))))
                bytes.append(UInt8(truncatingIfNeeded: sample))
                bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
                bytes.append(UInt8(truncatingIfNeeded: sample >> 16))
            }
        }
        return bytes
    }
}
