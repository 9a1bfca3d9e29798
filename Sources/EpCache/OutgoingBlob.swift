public import EpCore
import EpFiles

/// A blob that is given away piece by piece, hashed meanwhile, in constant memory.
///
/// Its last piece is held back until all bytes are known to be right: so nobody gets the whole of a blob that is damaged.
public final class OutgoingBlob: Sendable {
    public let digest: Digest
    private let file: File
    private let status: FileStatus
    private let files: CacheFiles

    private static let pieceSize = 256 << 10

    fileprivate init(_ digest: Digest, _ file: consuming File, _ status: FileStatus, _ files: CacheFiles) {
        (self.digest, self.status, self.files) = (digest, status, files)
        self.file = file
    }

    /// All of it, from its beginning.
    public func pieces() -> Pieces { Pieces(self) }

    public struct Pieces: ~Copyable {
        private let blob: OutgoingBlob
        private var hasher = SHA256Hasher()
        private var offset = 0

        fileprivate init(_ blob: OutgoingBlob) { self.blob = blob }

        /// Nil at the end.
        /// - Throws: `Diagnostic` if the blob is damaged, which is set aside and reported.
        public mutating func next() throws(Diagnostic) -> [UInt8]? {
            guard offset < blob.digest.size else { return nil }
            let piece = try blob.piece(at: offset)
            piece.withBytes { hasher.update($0) }
            offset += piece.count
            if offset == blob.digest.size { try blob.check(hasher.finalize()) }
            return piece
        }
    }

    private func piece(at offset: Int) throws(Diagnostic) -> [UInt8] {
        let wanted = min(Self.pieceSize, Int(digest.size) - offset)
        var outcome = Result<Int, Diagnostic>.success(0)
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            outcome = Result { () throws(Diagnostic) in
                try file.fill(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: wanted), from: offset)
            }
            count = (try? outcome.get()) ?? 0
        }
        switch outcome {
        case .success(wanted): return bytes
        case .success: throw files.setAside(.blobs, digest.hex, status, .wrong("it has become shorter"))
        case .failure(let error): throw files.setAside(.blobs, digest.hex, status, .unreadable(error.message))
        }
    }

    private func check(_ found: Digest) throws(Diagnostic) {
        if found == digest { return }
        throw files.setAside(.blobs, digest.hex, status, .wrong("its bytes have the digest \(found.short)"))
    }
}

extension DiskCache {
    /// Opens a blob to give it away; nil if it is not there. Its bytes are not read yet. It counts as used.
    /// - Parameter hex: 64 lower-case hexadecimal digits.
    public func give(sha256 hex: String) throws(Diagnostic) -> OutgoingBlob? {
        guard let digest = Digest(hex: hex, size: 0), let opened = try files.opened(digest) else { return nil }
        let status = opened.status
        files.stamp(.blobs, hex, status)
        guard let digest = Digest(hex: hex, size: status.size) else { return nil }
        return OutgoingBlob(digest, opened.file, status, files)
    }
}
