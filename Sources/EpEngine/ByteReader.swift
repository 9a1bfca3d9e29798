import EpCore
import EpFiles
import EpPlan
import Glibc

/// Reads what `ByteWriter` wrote, without copying more than is asked for.
///
/// It relies on nothing: a seal shows damage, and says nothing of who wrote what it seals. What is not there reads as zeros and
/// empty texts, and `isBroken` tells; no count is greater than what the rest of the bytes could hold.
struct ByteReader {
    private let bytes: [UInt8]
    /// Where the bytes end that are to be read: before the seal, if there is one.
    private let end: Int
    private(set) var position = 0
    /// True if something was read that is not there, or that nobody writes.
    private(set) var isBroken = false

    /// - Parameter isSealed: true if the last 8 bytes are a checksum.
    init(_ bytes: [UInt8], isSealed: Bool = true) {
        self.bytes = bytes
        end = max(0, bytes.count - (isSealed ? 8 : 0))
    }

    var isSealed: Bool {
        guard bytes.count >= 16, bytes.count % 8 == 0 else { return false }
        return bytes.withUnsafeBytes { buffer in
            var checksum = Checksum()
            checksum.add(UnsafeRawBufferPointer(rebasing: buffer[..<end]))
            return checksum.value == UInt64(littleEndian: buffer.load(fromByteOffset: end, as: UInt64.self))
        }
    }

    /// True if there is nothing left.
    var isAtEnd: Bool { position >= end || isBroken }

    /// Goes on over so many bytes.
    /// - Returns: where they begin; nil if there are not so many.
    private mutating func take(_ count: Int) -> Int? {
        guard !isBroken, count >= 0, count <= end - position else {
            isBroken = true
            return nil
        }
        defer { position += count }
        return position
    }

    /// What was read means nothing.
    mutating func fail() { isBroken = true }

    mutating func number() -> UInt64 {
        guard let start = take(8) else { return 0 }
        return bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt64.self)) }
    }

    /// How many things follow, each of 8 bytes or more.
    mutating func count() -> Int {
        guard let count = Int(exactly: number()), count <= (end - position) / 8 else {
            isBroken = true
            return 0
        }
        return count
    }

    /// How many bytes follow.
    mutating func length() -> Int {
        guard let length = Int(exactly: number()), length <= end - position else {
            isBroken = true
            return 0
        }
        return length
    }

    /// A number of things that are somewhere else.
    mutating func amount() -> Int {
        guard let amount = Int32(exactly: number()) else {
            isBroken = true
            return 0
        }
        return Int(amount)
    }

    mutating func string() -> String { withString { String(cString: $0) } }

    mutating func skip(_ count: Int) { _ = take(count) }

    mutating func skipString() { withString { _ in } }

    /// Goes on over a text if it is the one that is expected.
    mutating func isNext(_ text: String) -> Bool {
        let isNext = withString { strcmp($0, text) == 0 }
        return isNext && !isBroken
    }

    /// Goes on over bytes if they are those that are expected.
    mutating func isNext(_ expected: [UInt8]) -> Bool {
        guard let start = take(expected.count) else { return false }
        return bytes.withUnsafeBytes { bytes in
            expected.withUnsafeBytes { expected in
                guard let these = bytes.baseAddress, let those = expected.baseAddress else { return true }
                return memcmp(these + start, those, expected.count) == 0
            }
        }
    }

    var isEmptyString: Bool {
        var copy = self
        return copy.number() == 0
    }

    /// Gives the text as a C string in place.
    mutating func withString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let length = length()
        guard length > 0, let start = take(length + 8 - length % 8), bytes[start + length] == 0 else {
            if length > 0 { isBroken = true }
            return "".withCString(body)
        }
        return bytes.withUnsafeBytes { buffer in
            buffer[start...].withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map(body) ?? "".withCString(body)
            }
        }
    }

    mutating func stat() -> FileStatus {
        FileStatus(
            device: number(), inode: number(), size: Int64(bitPattern: number()), modified: Int64(bitPattern: number()),
            changed: Int64(bitPattern: number()), links: Int64(bitPattern: number()),
            kind: .init(rawValue: UInt8(truncatingIfNeeded: number())) ?? .other)
    }

    mutating func digest() -> Digest {
        guard let start = take(32) else { return .empty }
        return Digest(bytes: bytes[start..<start + 32], size: Int64(bitPattern: number()))
    }

    /// Bytes of a digest, with the size behind it.
    static let digestCount = 40

    mutating func skipDigest() { skip(Self.digestCount) }

    /// So many things, read one after the other.
    mutating func list<Element>(_ read: (inout ByteReader) -> Element) -> [Element] {
        var elements: [Element] = []
        let count = count()
        elements.reserveCapacity(count)
        while elements.count < count, !isBroken { elements.append(read(&self)) }
        return elements
    }

    mutating func report() -> BuildReport {
        var report = BuildReport(episode: string())
        report.saved = Cost(microUSD: Int64(bitPattern: number()), unpricedCalls: Int64(bitPattern: number()))
        report.stages = list { reader in
            let name = StageName(reader.string())
            var counts = BuildReport.Counts()
            counts.total = reader.amount()
            counts.cacheHits = counts.total
            return (name, counts)
        }
        for stage in report.stages { report.actions.add(stage.counts) }
        report.outputs = list { $0.string() }
        report.edits = list { reader in
            EditReport(
                target: Target(parsing: reader.string()), file: reader.string(), state: EditState(rawValue: reader.string()) ?? .edited)
        }
        report.fallbacks = list { reader in
            let texts = (0..<4).map { _ in reader.string() }
            return FallbackReport(
                stage: StageName(texts[0]), asked: texts[1], servedBy: texts[2], actions: reader.amount(),
                remedy: texts[3].isEmpty ? nil : texts[3])
        }
        report.warnings = list { $0.warning() }
        return report
    }

    private mutating func warning() -> Diagnostic {
        let (code, message, remedy, file) = (string(), string(), string(), string())
        let (line, column) = (amount(), amount())
        return Diagnostic(
            Diagnostic.Code(rawValue: code) ?? .badInput, message,
            at: file.isEmpty ? nil : SourceLocation(file: file, line: line, column: column),
            remedy: remedy.isEmpty ? nil : remedy, severity: .warning)
    }

    /// A reader of the same bytes that starts elsewhere.
    func from(_ position: Int) -> ByteReader {
        var reader = self
        reader.position = position
        return reader
    }
}
