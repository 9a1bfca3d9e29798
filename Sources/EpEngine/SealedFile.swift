import EpCore
import EpFiles

/// A file that is written piece by piece and ends with a checksum, so that much can be written with little memory.
struct SealedFile {
    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []
    private var checksum = Checksum()
    /// Bytes that are collected before they are written: a multiple of what the checksum takes at once.
    private static let chunk = 1 << 18

    fileprivate init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// - Parameter bytes: whole words of 8 bytes.
    mutating func append(_ bytes: some Collection<UInt8>) throws(Diagnostic) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.chunk { try flush(buffer.count / Checksum.block * Checksum.block) }
    }

    fileprivate mutating func finish() throws(Diagnostic) {
        try flush(buffer.count)
        var seal = ByteWriter()
        seal.write(checksum.value)
        guard Files.writeAll(seal.bytes, to: descriptor) else { throw Files.unwritable(path) }
    }

    private mutating func flush(_ count: Int) throws(Diagnostic) {
        buffer.withUnsafeBytes { checksum.add(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        guard Files.writeAll(Array(buffer[..<count]), to: descriptor) else { throw Files.unwritable(path) }
        buffer.removeFirst(count)
    }
}

extension Files {
    /// Puts a sealed file in place of whatever stands at `path`, whole or not at all.
    static func replace(_ path: String, writing body: (inout SealedFile) throws -> Void) throws {
        let replacement = try ReplacementFile(for: path)
        var file = SealedFile(descriptor: replacement.descriptor, path: path)
        try body(&file)
        try file.finish()
        try replacement.commit()
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
