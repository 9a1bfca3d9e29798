import EpCache
import EpCore
import EpPlan

/// Appends numbers (8 bytes, little endian) and texts (length, bytes, a zero byte, padded to 8) to bytes.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ text: String) {
        write(UInt64(text.utf8.count))
        guard !text.isEmpty else { return }
        bytes.append(contentsOf: text.utf8)
        bytes.append(contentsOf: repeatElement(0, count: 8 - bytes.count % 8))
    }

    mutating func write(_ stat: FileStatus) {
        write(stat.device)
        write(stat.inode)
        [stat.size, stat.modified, stat.changed, stat.links, Int64(stat.kind.rawValue)].forEach { write(UInt64(bitPattern: $0)) }
    }

    mutating func write(_ digest: Digest) {
        bytes.append(contentsOf: digest.bytes)
        write(UInt64(bitPattern: digest.size))
    }

    mutating func write(_ report: BuildReport) {
        write(report.episode)
        write(UInt64(bitPattern: report.saved.microUSD))
        write(UInt64(report.stages.count))
        for stage in report.stages {
            write(stage.name.text)
            write(UInt64(stage.counts.total))
        }
        write(UInt64(report.outputs.count))
        report.outputs.forEach { write($0) }
        write(UInt64(report.edits.count))
        for edit in report.edits { [edit.target.description, edit.file, edit.state.rawValue].forEach { write($0) } }
    }

    mutating func reserve(_ more: Int) { bytes.reserveCapacity(bytes.count + more) }

    mutating func seal() {
        var checksum = Checksum()
        bytes.withUnsafeBytes { checksum.add($0) }
        write(checksum.value)
    }
}

/// Reads what `ByteWriter` wrote, without copying more than is asked for.
/// The seal must have been checked: a reader does not expect damage.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isSealed: Bool {
        guard bytes.count >= 16, bytes.count % 8 == 0 else { return false }
        return bytes.withUnsafeBytes { buffer in
            let end = buffer.count - 8
            var checksum = Checksum()
            checksum.add(UnsafeRawBufferPointer(rebasing: buffer[..<end]))
            return checksum.value == UInt64(littleEndian: buffer.load(fromByteOffset: end, as: UInt64.self))
        }
    }

    mutating func number() -> UInt64 {
        defer { position += 8 }
        return bytes.withUnsafeBytes { UInt64(littleEndian: $0.load(fromByteOffset: position, as: UInt64.self)) }
    }

    mutating func count() -> Int { Int(number()) }

    mutating func string() -> String { withString { String(cString: $0) } }

    mutating func skip(_ count: Int) { position += count }

    mutating func skipString() { withString { _ in } }

    var isEmptyString: Bool {
        bytes.withUnsafeBytes { $0.load(fromByteOffset: position, as: UInt64.self) == 0 }
    }

    /// Gives the text as a C string in place.
    mutating func withString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let length = count()
        defer { if length > 0 { position += length + 8 - length % 8 } }
        guard length > 0 else { return "".withCString(body) }
        return bytes.withUnsafeBytes { buffer in
            buffer[position...].withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map(body) ?? "".withCString(body)
            }
        }
    }

    mutating func stat() -> FileStatus {
        FileStatus(
            device: number(), inode: number(), size: Int64(bitPattern: number()), modified: Int64(bitPattern: number()),
            changed: Int64(bitPattern: number()), links: Int64(bitPattern: number()), kind: .init(rawValue: UInt8(truncatingIfNeeded: number())) ?? .other)
    }

    mutating func digest() -> Digest {
        defer { position += 32 }
        let size = Int64(bitPattern: bytes.withUnsafeBytes { UInt64(littleEndian: $0.load(fromByteOffset: position + 32, as: UInt64.self)) })
        let digest = Digest(bytes: bytes[position..<position + 32], size: size)
        position += 8
        return digest
    }

    mutating func skipDigest() { position += 40 }

    mutating func report() -> BuildReport {
        var report = BuildReport(episode: string())
        report.saved = Cost(microUSD: Int64(bitPattern: number()))
        for _ in 0..<count() {
            var counts = BuildReport.Counts()
            let name = StageName(string())
            counts.total = count()
            counts.cacheHits = counts.total
            report.stages.append((name, counts))
            report.actions.total += counts.total
            report.actions.cacheHits += counts.total
        }
        report.outputs = (0..<count()).map { _ in string() }
        report.edits = (0..<count()).map { _ in
            EditReport(target: Target(parsing: string()), file: string(), state: EditState(rawValue: string()) ?? .edited)
        }
        return report
    }

    /// A reader of the same bytes that starts elsewhere.
    func from(_ position: Int) -> ByteReader {
        var reader = self
        reader.position = position
        return reader
    }
}
