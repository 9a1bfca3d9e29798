import EpCore
import EpFiles

/// The body of a request, handed out piece by piece in constant memory.
///
/// A file is hashed on its way, and its last bytes are handed out only if the whole is what its digest says:
/// so a damaged file never becomes a complete upload.
final class OutgoingBody {
    /// In bytes; nil if it is not known before the end.
    let size: Int64?
    private let body: HTTPRequest.Body
    private var file: OpenFile?
    private var hasher = SHA256Hasher()
    private var sent: Int64 = 0
    /// What of a made piece found no room yet.
    private var rest: ArraySlice<UInt8> = []

    init(_ body: HTTPRequest.Body) throws(HTTPError) {
        self.body = body
        switch body {
        case .none: size = 0
        case .pieces(let told, _): size = told
        case .bytes(let bytes): size = Int64(bytes.count)
        case .file(let path, let digest):
            size = digest.size
            do throws(FileError) { file = try OpenFile(reading: path) } catch { throw HTTPError(.file, error.message) }
        }
    }

    /// - Returns: how many bytes there were; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> Int {
        let room = UnsafeMutableRawBufferPointer(
            rebasing: buffer.prefix(size.map { Int(min(Int64(buffer.count), $0 - sent)) } ?? buffer.count))
        switch body {
        case .none: break
        case .pieces(_, let next): return try readPiece(next, into: room)
        case .bytes(let bytes):
            bytes.withUnsafeBytes { room.copyMemory(from: .init(rebasing: $0[Int(sent)...].prefix(room.count))) }
        case .file(let path, let digest): return try readFile(path, digest, into: room)
        }
        sent += Int64(room.count)
        return room.count
    }

    private func readPiece(
        _ next: @Sendable () throws(HTTPError) -> [UInt8]?, into room: UnsafeMutableRawBufferPointer
    ) throws(HTTPError) -> Int {
        guard !room.isEmpty else { return 0 }
        while rest.isEmpty {
            guard let piece = try next() else { return 0 }
            rest = piece[...]
        }
        let piece = rest.prefix(room.count)
        room.copyBytes(from: piece)
        rest = rest.dropFirst(piece.count)
        sent += Int64(piece.count)
        return piece.count
    }

    /// Starts anew, when a kept connection turned out to be closed.
    func rewind() throws(HTTPError) {
        if case .pieces = body, sent > 0 { throw HTTPError(.brokenOff, "the connection broke off, and the body cannot be made again") }
        sent = 0
        hasher = SHA256Hasher()
        do throws(FileError) { try file?.rewind() } catch { throw HTTPError(.file, error.message) }
    }

    private func readFile(
        _ path: String, _ digest: Digest, into room: UnsafeMutableRawBufferPointer
    ) throws(HTTPError) -> Int {
        guard !room.isEmpty else { return 0 }
        do throws(FileError) {
            let count = try file?.read(into: room) ?? 0
            hasher.update(UnsafeRawBufferPointer(rebasing: room.prefix(count)))
            sent += Int64(count)
            if count > 0, sent < digest.size || hasher.finalize() == digest { return count }
        } catch {
            throw HTTPError(.file, error.message)
        }
        throw HTTPError(.damagedBody, "\(path) is not the blob \(digest.short)")
    }
}
