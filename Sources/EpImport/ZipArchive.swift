import CZlib
import EpCore

/// The files of a ZIP archive in memory, read by name. Nothing is ever written to disk, so names are only names.
///
/// Files are inflated up to a limit and no further, whatever the archive says of their sizes; their checksums must be right.
struct ZipArchive {
    private struct Entry {
        let method: Int
        let isEncrypted: Bool
        let checksum: Int
        let compressedSize: Int
        let offset: Int
    }

    /// What cannot be read of an archive.
    struct Problem: Error { let what: String }

    /// What the files that are read may hold together, in bytes: a novel in Word has some 2 MB.
    static let mostBytes = 32 << 20

    private let bytes: [UInt8]
    private var entries: [String: Entry] = [:]
    /// How many more may be read.
    private var rest = mostBytes

    /// Reads the directory at the end of the archive.
    init(_ bytes: [UInt8]) throws(Problem) {
        self.bytes = bytes
        guard let end = Self.directoryEnd(bytes) else { throw Problem(what: "is damaged or cut short: it has no directory") }
        let (count, start) = (number(end + 10, 2), number(end + 16, 4))
        var offset = start
        for _ in 0..<count {
            guard offset + 46 <= bytes.count, number(offset, 4) == 0x0201_4B50 else { throw Problem(what: "has a damaged directory") }
            let (nameLength, rest) = (number(offset + 28, 2), number(offset + 30, 2) + number(offset + 32, 2))
            guard offset + 46 + nameLength + rest <= bytes.count else { throw Problem(what: "has a damaged directory") }
            let name = String(decoding: bytes[offset + 46..<offset + 46 + nameLength], as: UTF8.self)
            entries[name] = Entry(
                method: number(offset + 10, 2), isEncrypted: number(offset + 8, 2) & 1 == 1, checksum: number(offset + 16, 4),
                compressedSize: number(offset + 20, 4), offset: number(offset + 42, 4))
            offset += 46 + nameLength + rest
        }
    }

    var names: [String] { entries.keys.sorted() }

    /// The bytes of a file; nil if there is none of that name.
    mutating func file(_ name: String) throws(Problem) -> [UInt8]? {
        guard let entry = entries[name] else { return nil }
        guard !entry.isEncrypted else { throw Problem(what: "is encrypted") }
        guard entry.offset + 30 <= bytes.count, number(entry.offset, 4) == 0x0403_4B50 else {
            throw Problem(what: "has a damaged file, \(name)")
        }
        let start = entry.offset + 30 + number(entry.offset + 26, 2) + number(entry.offset + 28, 2)
        guard start + entry.compressedSize <= bytes.count else { throw Problem(what: "is cut short within \(name)") }
        let packed = bytes[start..<start + entry.compressedSize]
        let file: [UInt8]
        switch entry.method {
        case 0: file = Array(packed)
        case 8: file = try Self.inflate(Array(packed), name, atMost: rest)
        default: throw Problem(what: "has \(name) packed in a way that is not known (\(entry.method))")
        }
        rest -= file.count
        guard rest >= 0 else { throw Self.tooLarge }
        guard crc32(0, file, UInt32(file.count)) == UInt(entry.checksum) else { throw Problem(what: "has a damaged file, \(name)") }
        return file
    }

    private static func inflate(_ packed: [UInt8], _ name: String, atMost limit: Int) throws(Problem) -> [UInt8] {
        var stream = z_stream()
        // Negative: raw, without a header of zlib's own.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw Problem(what: "cannot be unpacked")
        }
        defer { inflateEnd(&stream) }
        var packed = packed
        var file: [UInt8] = []
        var status = Z_OK
        packed.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            while status == Z_OK, file.count <= limit {
                file += [UInt8](unsafeUninitializedCapacity: 256 << 10) { output, written in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    written = output.count - Int(stream.avail_out)
                }
            }
        }
        guard file.count <= limit else { throw tooLarge }
        guard status == Z_STREAM_END else { throw Problem(what: "has a damaged file, \(name)") }
        return file
    }

    private static var tooLarge: Problem { Problem(what: "holds more than \(mostBytes >> 20) MB of text") }

    /// Where the end of the directory is: before a comment of up to 64 KB.
    private static func directoryEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 22 else { return nil }
        return stride(from: bytes.count - 22, through: max(0, bytes.count - 22 - 65_535), by: -1).first {
            bytes[$0] == 0x50 && bytes[$0 + 1] == 0x4B && bytes[$0 + 2] == 5 && bytes[$0 + 3] == 6
        }
    }

    /// Little-endian. The place must be within the bytes.
    private func number(_ offset: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
