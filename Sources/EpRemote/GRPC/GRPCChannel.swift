import EpCore
import EpFiles
import EpHTTP
import SwiftProtobuf

/// Calls of a gRPC server, over the HTTP client that is there.
///
/// What a call throws: `GRPCStatus` if the server says no, a `RemoteError` if there is no answer, a `Diagnostic` for trouble on this
/// machine.
struct GRPCChannel: Sendable {
    /// `http://host:port` or `https://host:port`.
    let origin: String
    let client: any HTTPClient
    let headers: HTTPHeaders
    let timeouts: HTTPTimeouts
    /// How time passes before another attempt.
    var pause = Pause.system

    /// How long to wait for a server that has too many calls at a time.
    private static let patience: [Duration] = [.milliseconds(100), .milliseconds(300), .milliseconds(900), .milliseconds(2700)]

    /// Makes a call, and once more after a while where the server has too many at a time: it has not begun with this one. One that is full
    /// says the same, and says it again.
    func patiently<Value>(_ call: () async throws -> Value) async throws -> Value {
        for delay in Self.patience {
            do {
                return try await call()
            } catch let status as GRPCStatus where status.code == .resourceExhausted {
                try await pause.wait(delay)
            }
        }
        return try await call()
    }

    /// A call of one message, answered by one.
    func call<Answer: Message>(_ method: String, _ question: any Message, _: Answer.Type = Answer.self) async throws -> Answer {
        let message: [UInt8] = try question.serializedBytes()
        let body = HTTPRequest.Body.bytes(GRPCFrames.head(length: message.count) + message)
        return try await patiently {
            guard let answer: Answer = try await call(method, body: body) else {
                throw RemoteError(.unreachable, "cannot be reached: a call was answered by no message")
            }
            return answer
        }
    }

    /// A call of many messages, answered by one, or by none where the server has heard enough.
    func call<Answer: Message>(_ method: String, body: HTTPRequest.Body, _: Answer.Type = Answer.self) async throws -> Answer? {
        try Self.answer(try await send(method, body, .memory(limit: Int64(GRPCFrames.limit))))
    }

    /// A call of one message, answered by many.
    /// - Parameter take: receives pieces of the body; false ends the call.
    func call(_ method: String, _ question: any Message, take: @escaping @Sendable ([UInt8]) -> Bool) async throws {
        let message: [UInt8] = try question.serializedBytes()
        let body = HTTPRequest.Body.bytes(GRPCFrames.head(length: message.count) + message)
        let response = try await send(method, body, .pieces { _, piece in take(piece) })
        if let status = try GRPCStatus.read(response) { throw status }
    }

    /// - Returns: the one message, nil if there is none.
    private static func answer<Answer: Message>(_ response: HTTPResponse) throws -> Answer? {
        if let status = try GRPCStatus.read(response) { throw status }
        var frames = GRPCFrames()
        guard let messages = try? frames.read(response.bytes), frames.isEmpty, messages.count <= 1 else {
            throw RemoteError(.unreachable, "cannot be reached: a call was not answered by one whole message")
        }
        guard let message = messages.first else { return nil }
        guard let answer = try? Answer(serializedBytes: Array(message)) else {
            throw RemoteError(.unexpected, "sent what is no \(Answer.protoMessageName)")
        }
        return answer
    }

    private func send(_ method: String, _ body: HTTPRequest.Body, _ sink: HTTPRequest.Sink) async throws -> HTTPResponse {
        var headers = headers
        headers.append(.init("Content-Type", "application/grpc+proto"))
        headers.append(.init("TE", "trailers"))
        headers.append(.init("grpc-timeout", "\(timeouts.total.components.seconds)S"))
        let request = HTTPRequest(
            .post, "\(origin)/\(method)", headers: headers, body: body, sink: sink, wanted: 200...200,
            version: .http2, timeouts: timeouts)
        do throws(HTTPError) {
            return try await client.send(request)
        } catch {
            throw error.ofRemote
        }
    }
}
