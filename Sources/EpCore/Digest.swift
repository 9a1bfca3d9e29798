/// The address of a blob: SHA-256 of its bytes, and its size in bytes.
///
/// Kept as four machine words, so that a digest is 40 bytes, hashable and free of reference counts.
public struct Digest: Hashable, Sendable {
    let words: (UInt64, UInt64, UInt64, UInt64)
    /// Length of the blob, in bytes.
    public let size: Int64

    /// - Parameter sha256: 32 bytes.
    init(sha256 bytes: UnsafeRawBufferPointer, size: Int64) {
        precondition(bytes.count == 32)
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        words = (word(0), word(1), word(2), word(3))
        self.size = size
    }

    /// The digest whose raw SHA-256 is given.
    /// - Parameter bytes: 32 bytes.
    public init(bytes: some ContiguousBytes, size: Int64) {
        self = bytes.withBytes { Digest(sha256: $0, size: size) }
    }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    public init?(hex: some StringProtocol, size: Int64) {
        guard hex.utf8.count == 64, size >= 0 else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, digit) in hex.utf8.enumerated() {
            guard let nibble = Self.nibble(digit) else { return nil }
            words[index / 16] = words[index / 16] << 4 | nibble
        }
        self.words = (words[0], words[1], words[2], words[3])
        self.size = size
    }

    /// The digest of bytes in memory.
    public init(of bytes: some ContiguousBytes) {
        var hasher = SHA256Hasher()
        bytes.withBytes { hasher.update($0) }
        self = hasher.finalize()
    }

    /// The digest of no bytes, which every store holds.
    public static let empty = Digest(of: [UInt8]())

    /// 64 lower-case hexadecimal digits.
    public var hex: String {
        String(unsafeUninitializedCapacity: 64) { buffer in
            fillHex(buffer)
            return 64
        }
    }

    /// The first 8 hexadecimal digits: enough to tell two blobs apart on a screen.
    public var short: String { String(hex.prefix(8)) }

    /// The first of its 32 bytes: what its first two hexadecimal digits say.
    public var firstByte: UInt8 { UInt8(truncatingIfNeeded: words.0 >> 56) }

    /// The first 8 of its 32 bytes, as a number: no two digests of one machine have the same, but for malice.
    public var firstWord: UInt64 { words.0 }

    /// Adds the 64 hexadecimal digits to bytes, without making a text of them.
    public func writeHex(to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
            fillHex(buffer)
            bytes.append(contentsOf: buffer)
        }
    }

    private func fillHex(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        func write(_ word: UInt64, at start: Int) {
            bytes.storeBytes(of: Self.digits(UInt32(truncatingIfNeeded: word >> 32)).bigEndian, toByteOffset: start, as: UInt64.self)
            bytes.storeBytes(of: Self.digits(UInt32(truncatingIfNeeded: word)).bigEndian, toByteOffset: start + 8, as: UInt64.self)
        }
        write(words.0, at: 0)
        write(words.1, at: 16)
        write(words.2, at: 32)
        write(words.3, at: 48)
    }

    /// Eight hexadecimal digits at once, the first in the highest byte.
    private static func digits(_ number: UInt32) -> UInt64 {
        var nibbles = UInt64(number)
        nibbles = (nibbles | nibbles << 16) & 0x0000_ffff_0000_ffff
        nibbles = (nibbles | nibbles << 8) & 0x00ff_00ff_00ff_00ff
        nibbles = (nibbles | nibbles << 4) & 0x0f0f_0f0f_0f0f_0f0f
        // From ten on, letters: they stand 39 places further than the ten digits would go on.
        let letters = (nibbles + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return nibbles + 0x3030_3030_3030_3030 + letters * 39
    }

    /// The raw 32 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        write(to: &bytes)
        return bytes
    }

    /// Adds the raw 32 bytes.
    public func write(to bytes: inout [UInt8]) {
        let words = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        withUnsafeBytes(of: words) { bytes.append(contentsOf: $0) }
    }

    public static func == (left: Digest, right: Digest) -> Bool {
        left.words == right.words && left.size == right.size
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }

    private static func nibble(_ digit: UInt8) -> UInt64? {
        switch digit {
        case 48...57: UInt64(digit - 48)
        case 97...102: UInt64(digit - 87)
        default: nil
        }
    }
}

extension Digest {
    /// Reads `hex/size`, as a description gives it; nil for anything else.
    public init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let size = Int64(parts[1]), let digest = Digest(hex: parts[0], size: size) else { return nil }
        self = digest
    }
}

extension Digest: CustomStringConvertible {
    public var description: String { "\(hex)/\(size)" }
}

/// The address of an action: the digest of its canonical `Action` message.
/// A type of its own, so that a blob's digest cannot be looked up in the action cache.
public struct ActionDigest: Hashable, Sendable, CustomStringConvertible {
    public let digest: Digest

    public init(_ digest: Digest) { self.digest = digest }

    public var hex: String { digest.hex }
    public var description: String { digest.description }
}

/// Bytes in one piece that can be hashed and written without a copy.
public protocol ContiguousBytes {
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
}

extension Array: ContiguousBytes where Element == UInt8 {
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(body)
    }
}

extension ArraySlice: ContiguousBytes where Element == UInt8 {
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(body)
    }
}

extension UnsafeRawBufferPointer: ContiguousBytes {
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(self)
    }
}
