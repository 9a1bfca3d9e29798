public import EpCore

extension PCM {
    /// Reads a whole WAV file, as ``WAVFile`` knows it, also with the wrong sizes that programs write to a pipe.
    /// - Parameter name: the file's name, for messages.
    /// - Throws: `badInput` for anything that is damaged, cut short, or of another format.
    public init(wav bytes: some ContiguousBytes, named name: String) throws(Diagnostic) {
        let result = bytes.withBytes { bytes in
            Result { () throws(Diagnostic) in try Self.read(bytes, named: name) }
        }
        self = try result.get()
    }

    private static func read(_ bytes: UnsafeRawBufferPointer, named name: String) throws(Diagnostic) -> PCM {
        do {
            let file = try WAVFile(BorrowedBytes(bytes: bytes), named: name)
            return PCM(sampleRate: file.sampleRate, channels: try file.samples(in: 0..<file.count))
        } catch let problem as Diagnostic {
            throw problem
        } catch {
            throw Diagnostic(.system, "\(error)")
        }
    }

    /// Bytes that outlive the reader.
    private struct BorrowedBytes: RandomAccessBytes {
        let bytes: UnsafeRawBufferPointer
        var count: Int { bytes.count }
        func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + buffer.count]))
        }
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
