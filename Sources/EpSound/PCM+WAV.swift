public import EpCore

extension PCM {
    /// Reads a WAV file: 8 to 32-bit integers or floats, mono or stereo, also with the wrong sizes that programs
    /// write to a pipe.
    /// - Parameter name: the file's name, for messages.
    /// - Throws: `badInput` for anything that is damaged, cut short, or of another format.
    public init(wav bytes: some ContiguousBytes, named name: String) throws(Diagnostic) {
        let result = bytes.withBytes { bytes in
            Result { () throws(Diagnostic) in try WAVReader(bytes: bytes, name: name).read() }
        }
        self = try result.get()
    }

    /// The sound as a WAV file of 16 bits. Rounded to nearest, clipped at full scale, without dither, so that the
    /// same sound gives the same bytes.
    public func wav() -> [UInt8] {
        let stride = channels.count * 2
        let size = count * stride
        var bytes: [UInt8] = []
        bytes.reserveCapacity(44 + size)
        func append(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }
        func append<Word: FixedWidthInteger>(_ word: Word) {
            withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append("RIFF")
        append(UInt32(36 + size))
        append("WAVEfmt ")
        append(UInt32(16))
        append(UInt16(1))
        append(UInt16(channels.count))
        append(UInt32(sampleRate))
        append(UInt32(sampleRate * stride))
        append(UInt16(stride))
        append(UInt16(16))
        append("data")
        append(UInt32(size))
        for index in 0..<count {
            for channel in channels {
                append(Int16(max(-32_768, min(32_767, (channel[index] * 32_768).rounded()))))
            }
        }
        return bytes
    }
}
