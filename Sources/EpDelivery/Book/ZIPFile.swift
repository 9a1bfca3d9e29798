import EpCore

/// Writes a ZIP archive in which every file is stored as it is: the same files give the same bytes on every machine.
///
/// APPNOTE.TXT 6.3; dates are 1 January 1980, the first that the format knows.
struct ZIPFile {
    private var body: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// - Parameter name: a relative path in ASCII.
    mutating func add(_ name: String, _ bytes: [UInt8]) {
        let path = Array(name.utf8)
        // Version 1.0, no flags, stored, midnight of the first day; checksum and sizes; no extra field.
        let facts =
            Self.number(10, 2) + Self.number(0, 2) + Self.number(0, 2) + Self.number(0, 2) + Self.number(0x21, 2)
            + Self.number(Int(CRC32.of(bytes)), 4) + Self.number(bytes.count, 4) + Self.number(bytes.count, 4) + Self.number(path.count, 2)
            + Self.number(0, 2)
        directory +=
            Self.number(0x0201_4B50, 4) + Self.number(20, 2) + facts + Self.number(0, 2) + Self.number(0, 2) + Self.number(0, 2)
            + Self.number(0, 4)
            + Self.number(body.count, 4) + path
        body += Self.number(0x0403_4B50, 4) + facts + path + bytes
        count += 1
    }

    mutating func add(_ name: String, _ text: String) { add(name, Array(text.utf8)) }

    /// The whole archive.
    /// - Throws: `badInput` if it is larger than the format can say without extensions: 4 GB, or 65,535 files.
    func bytes() throws(Diagnostic) -> [UInt8] {
        guard body.count + directory.count < 0xFFFF_FFFF, count < 0xFFFF else {
            throw Diagnostic(.badInput, "the book is larger than 4 GB", remedy: "use smaller pictures")
        }
        return body + directory + Self.number(0x0605_4B50, 4) + Self.number(0, 4) + Self.number(count, 2) + Self.number(count, 2)
            + Self.number(directory.count, 4)
            + Self.number(body.count, 4) + Self.number(0, 2)
    }

    /// Little-endian.
    private static func number(_ value: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}

/// The checksum of ZIP and PNG (ISO 3309).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 { ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 } }
}
