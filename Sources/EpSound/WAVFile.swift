public import EpCore

/// A RIFF WAVE file, as speech synthesisers and recorders write it, of which stretches are read.
///
/// Known: integers of 8 (unsigned) to 32 bits, floats of 32 and 64, A-law and µ-law, mono and stereo, any rate, plain or
/// `WAVE_FORMAT_EXTENSIBLE`, and files of more than 4 GB (`RF64`, `BW64`).
public struct WAVFile: SampleSource {
    let format: WAVFormat
    /// Where the samples are.
    private let data: Range<Int>
    private let bytes: any RandomAccessBytes
    private let name: String

    /// Reads the header.
    /// Whether a file is one, by the 12 bytes that it begins with.
    public static func isWAV(_ start: [UInt8]) -> Bool {
        start.count >= 12 && ["RIFF", "RF64", "BW64"].contains(String(decoding: start[..<4], as: UTF8.self))
            && start[8..<12].elementsEqual("WAVE".utf8)
    }

    /// - Parameter name: the file's name, for messages.
    /// - Throws: `badInput` for anything that is damaged, cut short, or of another format.
    public init(_ bytes: any RandomAccessBytes, named name: String) throws {
        let header = try WAVReader(bytes: bytes, name: name).read()
        (format, data) = (header.format, header.data)
        self.bytes = bytes
        self.name = name
    }

    public var sampleRate: Int { format.sampleRate }
    public var channelCount: Int { format.channels }
    /// Samples in each channel.
    public var count: Int { data.count / format.stride }
    public var seconds: Double { Double(count) / Double(sampleRate) }

    func samples(in range: Range<Int>) throws -> [[Float]] {
        let start = data.lowerBound + range.lowerBound * format.stride
        let stretch = try bytes.bytes(in: start..<start + range.count * format.stride)
        let channels = stretch.withUnsafeBytes { stretch in
            (0..<format.channels).map { decode(stretch, from: $0 * format.width, count: range.count) }
        }
        // A NaN or an infinity makes the sum one too.
        guard channels.allSatisfy({ $0.reduce(0 as Float) { $0 + $1 * 0 } == 0 }) else {
            throw WAVReader.damaged("has samples that are not numbers", named: name)
        }
        return channels
    }

    private func decode(_ bytes: UnsafeRawBufferPointer, from start: Int, count: Int) -> [Float] {
        let stride = format.stride
        func load<Word: FixedWidthInteger>(_ offset: Int) -> Word {
            Word(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Word.self))
        }
        func convert(_ sample: (Int) -> Float) -> [Float] {
            [Float](unsafeUninitializedCapacity: count) { output, written in
                for index in 0..<count { output[index] = sample(start + index * stride) }
                written = count
            }
        }
        switch format.sample {
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
        case .aLaw: return G711.aLaw.withUnsafeBufferPointer { table in convert { table[Int(bytes[$0])] } }
        case .muLaw: return G711.muLaw.withUnsafeBufferPointer { table in convert { table[Int(bytes[$0])] } }
        }
    }
}
