import EpCore

/// Reads RIFF WAVE, as speech synthesisers and recorders write it.
///
/// Known: integers of 8 (unsigned), 16, 24 and 32 bits, floats of 32 and 64, mono and stereo, plain or
/// `WAVE_FORMAT_EXTENSIBLE`. Programs that write to a pipe cannot know the size in advance (espeak-ng writes 0x7ffff000, ffmpeg
/// 0xffffffff, others 0): then the sound goes on to the end of the bytes. Any other size must be there.
struct WAVReader {
    let bytes: UnsafeRawBufferPointer
    /// The file's name for messages.
    let name: String

    struct Format {
        enum Sample { case unsigned8, signed16, signed24, signed32, float32, float64 }
        let sample: Sample
        let channels: Int
        let sampleRate: Int
        /// Bytes of one sample of every channel.
        let stride: Int
    }

    func read() throws(Diagnostic) -> PCM {
        guard bytes.count >= 12, id(at: 0) == "RIFF", id(at: 8) == "WAVE" else {
            throw damaged("is not a WAV file", remedy: "it must begin with RIFF and WAVE; convert it with ffmpeg")
        }
        var format: Format?
        var offset = 12
        while offset + 8 <= bytes.count {
            let size = Int(word32(at: offset + 4))
            let body = offset + 8
            switch id(at: offset) {
            case "fmt ": format = try self.format(at: body, size: size)
            case "data":
                guard let format else { throw damaged("has its sound before its format") }
                return try sound(format, in: body..<end(of: body, size: size))
            default: break
            }
            offset = body + size + size % 2
        }
        throw damaged(format == nil ? "ends before its format" : "has no sound: there is no data chunk")
    }

    private func format(at offset: Int, size: Int) throws(Diagnostic) -> Format {
        guard size >= 16, offset + size <= bytes.count else { throw damaged("ends within its format") }
        var tag = word16(at: offset)
        if tag == 0xFFFE, size >= 26 { tag = word16(at: offset + 24) }
        let channels = word16(at: offset + 2)
        let rate = Int(word32(at: offset + 4))
        let bits = word16(at: offset + 14)
        let sample: Format.Sample
        switch (tag, bits) {
        case (1, 8): sample = .unsigned8
        case (1, 16): sample = .signed16
        case (1, 24): sample = .signed24
        case (1, 32): sample = .signed32
        case (3, 32): sample = .float32
        case (3, 64): sample = .float64
        default: throw damaged("has samples of a kind that is not known: format \(tag), \(bits) bits")
        }
        guard channels == 1 || channels == 2 else { throw damaged("has \(channels) channels; 1 or 2 are understood") }
        guard (1_000...768_000).contains(rate) else { throw damaged("has an impossible sample rate of \(rate) Hz") }
        return Format(sample: sample, channels: channels, sampleRate: rate, stride: channels * bits / 8)
    }

    /// Where a data chunk ends: at its size, or with the bytes if the writer did not know the size.
    private func end(of body: Int, size: Int) throws(Diagnostic) -> Int {
        let rest = bytes.count - body
        if size >= 0x7FFF_0000 || (size == 0 && !isChunk(at: body)) { return bytes.count }
        guard size <= rest else {
            throw damaged("is cut short: it announces \(size) bytes of sound and has \(rest)")
        }
        return body + size
    }

    private func isChunk(at offset: Int) -> Bool {
        guard offset + 8 <= bytes.count else { return false }
        let printable = bytes[offset..<offset + 4].allSatisfy { (0x20...0x7E).contains($0) }
        return printable && offset + 8 + Int(word32(at: offset + 4)) <= bytes.count
    }

    private func sound(_ format: Format, in range: Range<Int>) throws(Diagnostic) -> PCM {
        let count = range.count / format.stride
        let width = format.stride / format.channels
        let channels = (0..<format.channels).map { channel in
            samples(format.sample, count: count, at: range.lowerBound + channel * width, stride: format.stride)
        }
        // A NaN or an infinity makes the sum one too.
        guard channels.allSatisfy({ $0.reduce(0 as Float) { $0 + $1 * 0 } == 0 }) else {
            throw damaged("has samples that are not numbers")
        }
        return PCM(sampleRate: format.sampleRate, channels: channels)
    }

    private func samples(_ kind: Format.Sample, count: Int, at start: Int, stride: Int) -> [Float] {
        func convert(_ sample: (Int) -> Float) -> [Float] {
            [Float](unsafeUninitializedCapacity: count) { output, written in
                for index in 0..<count { output[index] = sample(start + index * stride) }
                written = count
            }
        }
        switch kind {
        case .unsigned8: return convert { (Float(bytes[$0]) - 128) / 128 }
        case .signed16: return convert { Float(Int16(bitPattern: load($0))) / 32_768 }
        case .signed24:
            return convert { offset in
                let low = UInt32(load(offset) as UInt16)
                return Float(Int32(bitPattern: low << 8 | UInt32(bytes[offset + 2]) << 24)) / 2_147_483_648
            }
        case .signed32: return convert { Float(Int32(bitPattern: load($0))) / 2_147_483_648 }
        case .float32: return convert { Float(bitPattern: load($0)) }
        case .float64: return convert { Float(Double(bitPattern: load($0))) }
        }
    }

    private func load<Word: FixedWidthInteger>(_ offset: Int) -> Word {
        Word(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Word.self))
    }
    private func word16(at offset: Int) -> Int { Int(load(offset) as UInt16) }
    private func word32(at offset: Int) -> UInt32 { load(offset) }
    private func id(at offset: Int) -> String { String(decoding: bytes[offset..<offset + 4], as: UTF8.self) }

    private func damaged(_ what: String, remedy: String? = nil) -> Diagnostic {
        Diagnostic(
            .badInput, "the sound \(what)", at: SourceLocation(file: name),
            remedy: remedy ?? "make it again, or convert it with ffmpeg to 16-bit WAV")
    }
}
