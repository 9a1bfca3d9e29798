import EpCore
import EpFiles
import EpHTTP

extension HTTPError {
    /// What a store throws for what its client threw.
    var ofRemote: any Error {
        switch kind {
        case .unavailable: Diagnostic(.unavailable, message, remedy: "apt-get install libcurl4")
        case .timedOut: RemoteError(.timedOut, "does not answer: \(message)")
        case .unreachable, .brokenOff, .tooLarge, .refused: RemoteError(.unreachable, "cannot be reached: \(message)")
        case .untrusted: RemoteError(.untrusted, "is not trusted: \(message)")
        case .damagedBody: Diagnostic(.damagedCache, message)
        case .file: Diagnostic(.system, message)
        case .cancelled: CancellationError()
        }
    }
}

extension RemoteError {
    /// - Parameter reason: what the server says of it, if it does.
    init(status: Int, to method: HTTPRequest.Method, reason: String? = nil) {
        let kind: Kind = switch status {
        case 401, 403, 407: .denied
        case 413, 507: .full
        case 500...: .broken
        default: .unexpected
        }
        self.init(kind, "answered \(status) to \(method.rawValue)" + (reason.map { ": \($0)" } ?? ""))
    }
}

extension Digest {
    /// The empty blob is always there, though no server may hold it.
    static func makeEmptyFile(at path: String) throws(Diagnostic) {
        do throws(FileError) { _ = try OpenFile(creating: path) } catch { throw Diagnostic(.system, error.message) }
    }
}
