import EpCore
import EpFiles
import Glibc

/// The body of a response, taken in piece by piece: into memory, hashed into a new file, or handed on.
final class IncomingBody {
    private let sink: HTTPRequest.Sink
    private var bytes: [UInt8] = []
    private var file: OpenFile?
    private var hasher = SHA256Hasher()
    private var count: Int64 = 0

    init(_ sink: HTTPRequest.Sink) {
        self.sink = sink
    }

    /// False if it may be dropped.
    var isWanted: Bool { if case .none = sink { false } else { true } }

    /// - Parameter head: of the response that the piece belongs to.
    func append(_ piece: UnsafeRawBufferPointer, of head: HTTPHead) throws(HTTPError) {
        if case .pieces(let take) = sink {
            guard take(head, Array(piece)) else { throw HTTPError(.refused, "no more of the response was wanted") }
            return
        }
        count += Int64(piece.count)
        guard count <= limit else { throw HTTPError(.tooLarge, "the response is longer than \(limit) bytes") }
        guard case .file(let path, _) = sink else { return bytes.append(contentsOf: piece) }
        hasher.update(piece)
        do throws(FileError) {
            try open(path)
            try file?.write(piece)
        } catch {
            throw HTTPError(.file, error.message)
        }
    }

    /// Ends a complete body.
    func finish() throws(HTTPError) -> HTTPResponse.Body {
        guard case .file(let path, _) = sink else { return .bytes(bytes) }
        do throws(FileError) { try open(path) } catch { throw HTTPError(.file, error.message) }
        file = nil
        return .file(hasher.finalize())
    }

    /// Removes what there is of a body that is not complete.
    func discard() {
        guard case .file(let path, _) = sink, file != nil else { return }
        file = nil
        unlink(path)
    }

    private var limit: Int64 {
        switch sink {
        case .none, .pieces: 0
        case .memory(let limit), .file(_, let limit): limit
        }
    }

    private func open(_ path: String) throws(FileError) {
        if file == nil { file = try OpenFile(creating: path) }
    }
}
