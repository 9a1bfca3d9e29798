import EpCore

/// Finds the format and the samples in the chunks of a WAV file.
///
/// Programs that write to a pipe cannot know the size in advance (espeak-ng writes 0x7ffff000, ffmpeg 0xffffffff, others 0):
/// then the sound goes on to the end of the bytes. Any other size must be there.
struct WAVReader {
    let bytes: any RandomAccessBytes
    /// The file's name for messages.
    let name: String

    /// No program writes as many before the sound; each costs a read.
    private static let mostChunks = 10_000
    /// In a file of more than 4 GB: see the `ds64` chunk.
    private static let unknownSize = 0xFFFF_FFFF

    func read() throws -> (format: WAVFormat, data: Range<Int>) {
        guard WAVFile.isWAV(try bytes.bytes(in: 0..<min(12, bytes.count))) else {
            throw damaged("is not a WAV file", remedy: "it must begin with RIFF and WAVE; convert it with ffmpeg")
        }
        var format: WAVFormat?
        var longSize: Int?
        var offset = 12
        var chunks = 0
        while offset + 8 <= bytes.count {
            chunks += 1
            guard chunks <= Self.mostChunks else { throw damaged("has more than \(Self.mostChunks) chunks") }
            let size = try word32(at: offset + 4)
            let body = offset + 8
            switch try id(at: offset) {
            case "fmt ": format = try self.format(at: body, size: size)
            case "ds64" where size >= 16 && body + 16 <= bytes.count: longSize = try word64(at: body + 8)
            case "data":
                guard let format else { throw damaged("has its sound before its format") }
                let size = size == Self.unknownSize ? longSize ?? size : size
                return (format, body..<(try end(of: body, size: size)))
            default: break
            }
            offset = try next(after: body, size: size)
        }
        throw damaged(format == nil ? "ends before its format" : "has no sound: there is no data chunk")
    }

    private func format(at offset: Int, size: Int) throws -> WAVFormat {
        guard size >= 16, offset + size <= bytes.count else { throw damaged("ends within its format") }
        do { return try WAVFormat(bytes.bytes(in: offset..<offset + min(size, 40))) } catch let problem as WAVFormat.Problem {
            throw damaged(problem.what, remedy: problem.remedy)
        }
    }

    /// A chunk of odd size is followed by a byte of padding, which some programs forget.
    private func next(after body: Int, size: Int) throws -> Int {
        let end = body + size
        guard !size.isMultiple(of: 2) else { return end }
        return try !isChunk(at: end + 1) && isChunk(at: end) ? end : end + 1
    }

    /// Where a data chunk ends: at its size, or with the bytes if the writer did not know the size.
    private func end(of body: Int, size: Int) throws -> Int {
        let rest = bytes.count - body
        if size == Self.unknownSize || (size > rest && (0x7FFF_0000..<Self.unknownSize).contains(size)) { return bytes.count }
        if size == 0, try !isChunk(at: body) { return bytes.count }
        guard size <= rest else { throw damaged("is cut short: it announces \(size) bytes of sound and has \(rest)") }
        return body + size
    }

    private func isChunk(at offset: Int) throws -> Bool {
        guard offset + 8 <= bytes.count else { return false }
        let printable = try bytes.bytes(in: offset..<offset + 4).allSatisfy { (0x20...0x7E).contains($0) }
        return try printable && offset + 8 + word32(at: offset + 4) <= bytes.count
    }

    private func word32(at offset: Int) throws -> Int { try number(at: offset, bytes: 4) }
    private func word64(at offset: Int) throws -> Int { try number(at: offset, bytes: 8) }

    /// Little-endian; what exceeds an `Int` is as large as one can be.
    private func number(at offset: Int, bytes count: Int) throws -> Int {
        let number = try bytes.bytes(in: offset..<offset + count).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return Int(clamping: number)
    }

    private func id(at offset: Int) throws -> String { String(decoding: try bytes.bytes(in: offset..<offset + 4), as: UTF8.self) }

    private func damaged(_ what: String, remedy: String? = nil) -> Diagnostic { Self.damaged(what, named: name, remedy: remedy) }

    static func damaged(_ what: String, named name: String, remedy: String? = nil) -> Diagnostic {
        Diagnostic(
            .badInput, "the sound \(what)", at: SourceLocation(file: name),
            remedy: remedy ?? "make it again, or convert it with ffmpeg to 16-bit WAV")
    }
}
