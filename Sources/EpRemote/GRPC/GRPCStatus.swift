import EpHTTP

/// How a call ended, where it did not end well.
///
/// Numbers and names are those of gRPC's protocol (`doc/statuscodes.md` of grpc/grpc).
struct GRPCStatus: Error, Hashable {
    enum Code: Int {
        case cancelled = 1, unknown, invalidArgument, deadlineExceeded, notFound, alreadyExists, permissionDenied
        case resourceExhausted, failedPrecondition, aborted, outOfRange, unimplemented, `internal`, unavailable, dataLoss, unauthenticated
    }

    let code: Code
    let message: String

    /// What a response says: behind its body, or in its head where there is none.
    /// - Returns: nil if all is well.
    /// - Throws: `RemoteError` if it says nothing.
    static func read(_ response: HTTPResponse) throws(RemoteError) -> GRPCStatus? {
        let text = response.trailers["grpc-status"] ?? response.head.headers["grpc-status"]
        // Of a call that the server ends before it has heard all, libcurl 7.88 tells the end without its beginning.
        guard response.status == 200 || (response.status == 0 && text != nil) else { throw RemoteError(status: response.status, to: .post) }
        guard let number = text.flatMap({ Int($0) }) else {
            throw RemoteError(.unreachable, "cannot be reached: the call ended without a status")
        }
        guard number != 0 else { return nil }
        let words = response.trailers["grpc-message"] ?? response.head.headers["grpc-message"] ?? ""
        return GRPCStatus(code: Code(rawValue: number) ?? .unknown, message: decoded(words))
    }

    /// The message is percent-encoded.
    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = String(rest.prefix(2)).flatMap({ UInt8($0, radix: 16) }) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a store throws for it.
    var ofRemote: RemoteError {
        let kind: RemoteError.Kind = switch code {
        case .deadlineExceeded: .timedOut
        case .permissionDenied, .unauthenticated: .denied
        case .resourceExhausted: .full
        case .unavailable, .cancelled, .aborted: .unreachable
        case .internal, .unknown, .dataLoss: .broken
        default: .unexpected
        }
        return RemoteError(kind, "answered \(code)" + (message.isEmpty ? "" : ": \(message.prefix(200))"))
    }
}
