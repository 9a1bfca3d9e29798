public import EpCore
import EpFiles

/// A file whose every byte was checked once, and of which any stretch can be read afterwards.
///
/// The first pass hashes it and keeps a fingerprint of each piece. Whoever reads a stretch later gets bytes with the same
/// fingerprints or an error, so a file that changes in between is never taken for what it was. 8 bytes of memory for 64 KB of file.
public final class VerifiedFile: RandomAccessBytes, Sendable {
    private static let pieceSize = 64 << 10

    /// Of all its bytes.
    public let digest: Digest
    private let file: File
    private let fingerprints: [Int]

    public var count: Int { Int(digest.size) }

    /// Opens a file and reads all of it.
    /// - Returns: nil if there is no such file.
    public convenience init?(reading path: String) throws(Diagnostic) {
        guard let file = try File.reading(path) else { return nil }
        try self.init(file)
    }

    init(_ file: consuming File) throws(Diagnostic) {
        var hasher = SHA256Hasher()
        var fingerprints: [Int] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 4096)
        defer { buffer.deallocate() }
        var (offset, count) = (0, buffer.count)
        while count == buffer.count {
            count = try file.fill(buffer, from: offset)
            if count == 0 { break }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            hasher.update(piece)
            fingerprints.append(Self.fingerprint(piece))
            offset += count
        }
        digest = hasher.finalize()
        self.file = file
        self.fingerprints = fingerprints
    }

    public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        let wanted = offset..<offset + buffer.count
        precondition(wanted.lowerBound >= 0 && wanted.upperBound <= count)
        try withUnsafeTemporaryAllocation(byteCount: Self.pieceSize, alignment: 16) { piece in
            var start = offset / Self.pieceSize * Self.pieceSize
            while start < wanted.upperBound {
                let range = start..<min(start + Self.pieceSize, count)
                let bytes = UnsafeMutableRawBufferPointer(rebasing: piece[..<range.count])
                try load(range.lowerBound, into: bytes)
                let part = range.clamped(to: wanted)
                UnsafeMutableRawBufferPointer(rebasing: buffer[part.lowerBound - offset..<part.upperBound - offset])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[part.lowerBound - start..<part.upperBound - start]))
                start = range.upperBound
            }
        }
    }

    private func load(_ offset: Int, into piece: UnsafeMutableRawBufferPointer) throws(Diagnostic) {
        let count = try file.fill(piece, from: offset)
        guard count == piece.count, Self.fingerprint(UnsafeRawBufferPointer(piece)) == fingerprints[offset / Self.pieceSize] else {
            throw Diagnostic(.system, "\(file.path) changed while it was read", remedy: "run the same command again")
        }
    }

    /// Seeded anew in each process.
    private static func fingerprint(_ bytes: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        return hasher.finalize()
    }
}
