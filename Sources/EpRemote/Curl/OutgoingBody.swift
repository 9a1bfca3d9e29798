import EpCore

/// The body of a request, handed out piece by piece in constant memory.
///
/// A file is hashed on its way, and its last bytes are handed out only if the whole is what its digest says:
/// so a damaged file never becomes a complete upload.
final class OutgoingBody {
    /// In bytes.
    let size: Int64
    private let body: HTTPRequest.Body
    private var file: OpenFile?
    private var hasher = SHA256Hasher()
    private var sent: Int64 = 0

    init(_ body: HTTPRequest.Body) throws(HTTPError) {
        self.body = body
        switch body {
        case .none: size = 0
        case .bytes(let bytes): size = Int64(bytes.count)
        case .file(let path, let digest):
            size = digest.size
            do throws(FileError) {
                file = try OpenFile(reading: path)
            } catch {
                throw HTTPError(.file, error.message)
            }
        }
    }

    /// - Returns: how many bytes there were; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> Int {
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(min(Int64(buffer.count), size - sent))))
        switch body {
        case .none: break
        case .bytes(let bytes):
            bytes.withUnsafeBytes { room.copyMemory(from: .init(rebasing: $0[Int(sent)...].prefix(room.count))) }
        case .file(let path, let digest): return try readFile(path, digest, into: room)
        }
        sent += Int64(room.count)
        return room.count
    }

    /// Starts anew, when a kept connection turned out to be closed.
    func rewind() throws(HTTPError) {
        sent = 0
        hasher = SHA256Hasher()
        do throws(FileError) {
            try file?.rewind()
        } catch {
            throw HTTPError(.file, error.message)
        }
    }

    private func readFile(
        _ path: String, _ digest: Digest, into room: UnsafeMutableRawBufferPointer
    ) throws(HTTPError) -> Int {
        guard !room.isEmpty else { return 0 }
        do throws(FileError) {
            let count = try file?.read(into: room) ?? 0
            hasher.update(UnsafeRawBufferPointer(rebasing: room.prefix(count)))
            sent += Int64(count)
            if count > 0, sent < size || hasher.finalize() == digest { return count }
        } catch {
            throw HTTPError(.file, error.message)
        }
        throw HTTPError(.damagedBody, "\(path) is not the blob \(digest.short)")
    }
}
