import EpCore
import EpFiles
import EpPlan

/// Appends numbers (8 bytes, little endian) and texts (length, bytes, a zero byte, padded to 8) to bytes.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(_ bytes: some Sequence<UInt8> = []) { self.bytes = Array(bytes) }

    mutating func write(_ number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ text: String) {
        write(UInt64(text.utf8.count))
        guard !text.isEmpty else { return }
        bytes.append(contentsOf: text.utf8)
        withUnsafeBytes(of: 0 as UInt64) { bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[..<(8 - bytes.count % 8)])) }
    }

    /// - Parameter words: what another writer has written.
    mutating func append(_ words: some Collection<UInt8>) { bytes.append(contentsOf: words) }

    /// Adds something, with its length before it.
    mutating func writeCounted(_ write: (inout ByteWriter) throws -> Void) rethrows {
        let start = bytes.count
        self.write(0 as UInt64)
        try write(&self)
        let length = UInt64(bytes.count - start - 8)
        withUnsafeBytes(of: length.littleEndian) { bytes.replaceSubrange(start..<start + 8, with: $0) }
    }

    mutating func write(_ stat: FileStatus) {
        write(stat.device)
        write(stat.inode)
        [stat.size, stat.modified, stat.changed, stat.links, Int64(stat.kind.rawValue)].forEach { write(UInt64(bitPattern: $0)) }
    }

    mutating func write(_ digest: Digest) {
        digest.write(to: &bytes)
        write(UInt64(bitPattern: digest.size))
    }

    mutating func write(_ cost: Cost) { [cost.microUSD, cost.unpricedCalls].forEach { write(UInt64(bitPattern: $0)) } }

    mutating func write(_ report: BuildReport) {
        write(report.episode)
        write(report.saved)
        write(UInt64(report.stages.count))
        for stage in report.stages {
            write(stage.name.text)
            write(UInt64(stage.counts.total))
        }
        write(UInt64(report.outputs.count))
        report.outputs.forEach { write($0) }
        write(UInt64(report.edits.count))
        for edit in report.edits { [edit.target.description, edit.file, edit.state.rawValue].forEach { write($0) } }
        write(UInt64(report.fallbacks.count))
        for fallback in report.fallbacks {
            [fallback.stage.text, fallback.asked, fallback.servedBy, fallback.remedy ?? ""].forEach { write($0) }
            write(UInt64(fallback.actions))
        }
        write(UInt64(report.warnings.count))
        report.warnings.forEach { write($0) }
    }

    private mutating func write(_ warning: Diagnostic) {
        [warning.code.rawValue, warning.message, warning.remedy ?? "", warning.location?.file ?? ""].forEach { write($0) }
        write(UInt64(warning.location?.line ?? 0))
        write(UInt64(warning.location?.column ?? 0))
    }

    /// Puts a status in place of another that begins at a position.
    mutating func overwrite(_ stat: FileStatus, at position: Int) {
        var own = ByteWriter()
        own.write(stat)
        bytes.replaceSubrange(position..<position + own.bytes.count, with: own.bytes)
    }

    mutating func removeFirst(_ count: Int) { bytes.removeFirst(count) }

    mutating func reserve(_ more: Int) { bytes.reserveCapacity(bytes.count + more) }

    mutating func seal() {
        var checksum = Checksum()
        bytes.withUnsafeBytes { checksum.add($0) }
        write(checksum.value)
    }
}
