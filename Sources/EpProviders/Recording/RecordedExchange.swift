import EpCore
import EpHTTP
import FoundationEssentials

/// One question to a service and what came back, as a file keeps it: without keys.
struct RecordedExchange {
    let request: HTTPRequest
    let response: HTTPResponse

    /// Headers that an answer is read by; others may tell who asked.
    private static let kept = ["Content-Type", "Retry-After", "retry-after-ms", "Date", "x-request-id", "request-id", "character-cost"]

    /// By which it is found again: what is asked, and not with which key.
    static func name(of request: HTTPRequest) -> String {
        Digest(of: Array("\(request.method.rawValue) \(request.url)\n".utf8) + body(of: request)).hex
    }

    private static func body(of request: HTTPRequest) -> [UInt8] { if case .bytes(let bytes) = request.body { bytes } else { [] } }

    /// - Parameter secrets: that must not stand in it, whoever has said them.
    func json(without secrets: Set<String>) -> String {
        let bytes = response.bytes.isEmpty ? response.errorBody : response.bytes
        let headers = Self.kept.compactMap { name in response.head.headers[name].map { Value.Member(name, .string($0)) } }
        let body: Value.Member =
            String(validating: bytes, as: UTF8.self).map { .init("body", .string($0)) }
            ?? .init("bodyBase64", .string(Data(bytes).base64EncodedString()))
        // A sound that was sent is not kept: its exchange is found by the digest of all that was asked.
        let asked = String(validating: Self.body(of: request), as: UTF8.self) ?? "\(Self.body(of: request).count) bytes"
        let value: Value = [
            "request": ["method": .string(request.method.rawValue), "url": .string(request.url), "body": .string(asked)],
            "response": .object([.init("status", .int(Int64(response.status))), .init("headers", .object(headers)), body]),
        ]
        return secrets.filter { !$0.isEmpty }.reduce(value.json(indented: true) + "\n") { $0.replacing($1, with: "…") }
    }

    /// The response that a file keeps; nil if it keeps none.
    static func response(_ json: [UInt8], to request: HTTPRequest) -> HTTPResponse? {
        guard let response = Value(json: json)?["response"], let status = response["status"]?.count.flatMap({ Int(exactly: $0) }) else {
            return nil
        }
        let bytes =
            response["body"]?.string.map { Array($0.utf8) }
            ?? response["bodyBase64"]?.string.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
        guard let bytes else { return nil }
        let headers = HTTPHeaders(
            (response["headers"]?.members ?? []).compactMap { member in member.value.string.map { .init(member.key, $0) } })
        let isWanted = request.wanted.contains(status)
        return HTTPResponse(
            HTTPHead(status: status, headers: headers), body: .bytes(isWanted ? bytes : []), errorBody: isWanted ? [] : bytes)
    }
}
