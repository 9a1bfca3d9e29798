import EpCore
import EpFiles

/// A blob's file on its way to a server, read once from its beginning to its end, as it is or compressed. It is hashed meanwhile.
struct BlobSource: ~Copyable {
    /// How much is read at a time, in bytes.
    private static let step = 256 << 10
    /// As much of a file tells whether it is worth while to compress the rest; its compressed part is to be smaller by a tenth.
    private static let sample: Int64 = 1 << 20

    private let blob: Digest
    private let path: String
    private let file: OpenFile
    private let compressor: ZstdCompressor?
    private var hasher = SHA256Hasher()
    private var received: Int64 = 0
    /// What has been read, or made of that, and not taken yet.
    private var pending: [UInt8] = []
    private var hasEnded = false

    init(_ blob: Digest, from path: String, compressor: ZstdCompressor? = nil) throws(FileError) {
        (self.blob, self.path, self.compressor) = (blob, path, compressor)
        file = try OpenFile(reading: path)
    }

    /// How many bytes it has when it is compressed.
    /// - Returns: nil if it is not worth while, or the file is not the blob.
    static func compressedSize(of blob: Digest, from path: String) throws(FileError) -> Int64? {
        guard let compressor = ZstdCompressor() else { return nil }
        var source = try BlobSource(blob, from: path, compressor: compressor)
        var size: Int64 = 0
        while !source.hasEnded {
            guard (try? source.readOn()) != nil else { return nil }
            size += Int64(source.pending.count)
            source.pending.removeAll(keepingCapacity: true)
            if source.received >= sample, size * 10 > source.received * 9 { return nil }
        }
        return source.isTheBlob && size * 10 <= blob.size * 9 ? size : nil
    }

    /// The next bytes, as many as are wanted unless it ends before.
    mutating func take(_ count: Int) throws(Failure) -> [UInt8] {
        while pending.count < count, !hasEnded { try readOn() }
        defer { pending.removeFirst(min(count, pending.count)) }
        return Array(pending.prefix(count))
    }

    enum Failure: Error {
        case file(FileError)
        /// The file has become longer or shorter, or cannot be compressed.
        case another
    }

    /// Whether all of the file has been read, and is the blob. Asked once.
    var isTheBlob: Bool { mutating get { hasEnded && received == blob.size && hasher.finalize() == blob } }

    private mutating func readOn() throws(Failure) {
        let wanted = Int(min(Int64(Self.step), blob.size - received))
        var (filled, failure) = (0, FileError?.none)
        let piece = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            let room = UnsafeMutableRawBufferPointer(buffer)
            do throws(FileError) {
                while filled < wanted {
                    let more = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: room[filled..<wanted]))
                    guard more > 0 else { break }
                    filled += more
                }
            } catch {
                failure = error
            }
            count = filled
        }
        if let failure { throw .file(failure) }
        guard filled == wanted else { throw .another }
        piece.withUnsafeBytes { hasher.update($0) }
        received += Int64(filled)
        hasEnded = received == blob.size
        guard let compressor else { return pending += piece }
        let isCompressed = piece.withUnsafeBytes { bytes in compressor.compress(bytes, isLast: hasEnded) { pending += $0 } }
        guard isCompressed else { throw .another }
    }
}
