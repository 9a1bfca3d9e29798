import EpCore
import EpFiles

/// A file that is written piece by piece and ends with a checksum, so that much can be written with little memory.
struct SealedFile {
    private let descriptor: Int32
    private let path: String
    private var pending = ByteWriter()
    private var checksum = Checksum()
    /// Bytes that are collected before they are written. Memory that is used again costs less than more of it.
    private static let chunk = 1 << 16

    fileprivate init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
        pending.reserve(Self.chunk + 1 << 12)
    }

    /// - Parameter write: adds whole words of 8 bytes.
    mutating func append(_ write: (inout ByteWriter) throws -> Void) throws {
        try write(&pending)
        // What the checksum takes at once, so that only the last piece has another length.
        if pending.bytes.count >= Self.chunk { try flush(pending.bytes.count / Checksum.block * Checksum.block) }
    }

    fileprivate mutating func finish() throws(Diagnostic) {
        try flush(pending.bytes.count)
        pending.write(checksum.value)
        try flush(pending.bytes.count)
    }

    private mutating func flush(_ count: Int) throws(Diagnostic) {
        let isWritten = pending.bytes.withUnsafeBytes { bytes in
            let bytes = UnsafeRawBufferPointer(rebasing: bytes[..<count])
            checksum.add(bytes)
            return Files.writeAll(bytes, to: descriptor)
        }
        guard isWritten else { throw Files.unwritable(path) }
        pending.removeFirst(count)
    }
}

extension Files {
    /// Puts a sealed file in place of whatever stands at `path`, whole or not at all.
    /// - Parameter pile: takes what stood there before.
    static func replace(
        _ path: String, discardingInto pile: DiscardPile = DiscardPile(), writing body: (inout SealedFile) throws -> Void
    ) throws {
        let replacement = try ReplacementFile(for: path)
        var file = SealedFile(descriptor: replacement.descriptor, path: path)
        try body(&file)
        try file.finish()
        try replacement.exchange(discardingInto: pile)
    }
}

/// Shows damage, not malice: four interleaved multiply-and-add lanes over 8-byte words.
struct Checksum {
    /// Bytes that all four lanes take together. Only the last piece may have another length.
    static let block = 32
    private static let prime: SIMD4<UInt64> = SIMD4(repeating: 0x9E37_79B9_7F4A_7C15)
    private var lanes: SIMD4<UInt64> = [1, 2, 3, 4]
    private var count: UInt64 = 0

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let whole = bytes.count / Self.block * Self.block
        for offset in stride(from: 0, to: whole, by: Self.block) {
            lanes = (lanes ^ bytes.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)) &* Self.prime
            lanes = lanes ^ (lanes &>> 29)
        }
        for offset in stride(from: whole, to: bytes.count, by: 8) {
            lanes[0] = (lanes[0] ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* Self.prime[0]
        }
        count += UInt64(bytes.count)
    }

    var value: UInt64 { (lanes[0] ^ (lanes[1] << 1) ^ (lanes[2] << 2) ^ (lanes[3] << 3)) &+ count }
}
