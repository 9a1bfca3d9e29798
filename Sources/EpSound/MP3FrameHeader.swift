/// The four bytes that every MP3 frame begins with, and what follows from them (ISO 11172-3, 2.4.1.3).
struct MP3FrameHeader {
    /// In kbit/s.
    let bitrate: Int
    let sampleRate: Int
    let isPadded: Bool
    let isMono: Bool
    let hasChecksum: Bool

    /// Nil unless there is an MPEG-1 Layer III header at the offset.
    init?(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard offset >= 0, offset + 4 <= bytes.count else { return nil }
        let word = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        // Eleven bits of sync, version 1, layer III.
        guard word & 0xFFFE_0000 == 0xFFFA_0000 else { return nil }
        let bitrateIndex = Int(word >> 12 & 15)
        let rateIndex = Int(word >> 10 & 3)
        guard (1...14).contains(bitrateIndex), rateIndex < 3 else { return nil }
        bitrate = MP3.bitrates[bitrateIndex]
        sampleRate = [44_100, 48_000, 32_000][rateIndex]
        isPadded = word & 0x200 != 0
        isMono = word >> 6 & 3 == 3
        hasChecksum = word & 0x1_0000 == 0
    }

    /// Bytes of the whole frame.
    var size: Int { 144_000 * bitrate / sampleRate + (isPadded ? 1 : 0) }

    /// Bytes before the side information: the header and its checksum.
    var sideInformationStart: Int { hasChecksum ? 6 : 4 }
}
