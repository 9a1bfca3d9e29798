import Hummingbird
import HummingbirdCore
import NIOCore
import ServerCore

/// Hands requests to the operator's service, with their whole bodies.
struct ServiceResponder: HTTPResponder {
    let service: Service
    private static let mostBodyBytes = 1 << 20
    private static let longestBody = Duration.seconds(30)

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        var body: [UInt8] = []
        do {
            body = try await self.body(of: request)
        } catch is NIOTooManyBytesError {
            return Response(protected(Problem(413, "that is more than \(Self.mostBodyBytes) bytes").answer))
        } catch is SlowBody {
            return farewell(protected(Problem(408, "that has not come within \(Self.longestBody.components.seconds) seconds").answer))
        }
        return Response(await service.answer(WebRequest(request, body)))
    }

    /// The whole body. A piece comes every ten seconds at least, or the connection is closed: so it is enough to look at the clock with
    /// each.
    private func body(of request: Request) async throws -> [UInt8] {
        let end = ContinuousClock.now + Self.longestBody
        var bytes: [UInt8] = []
        for try await piece in request.body {
            bytes += piece.readableBytesView
            if bytes.count > Self.mostBodyBytes { throw NIOTooManyBytesError(maxBytes: Self.mostBodyBytes) }
            if ContinuousClock.now > end { throw SlowBody() }
        }
        return bytes
    }

    private struct SlowBody: Error {}

    /// The last answer of a connection: what has not come yet is not waited for.
    private func farewell(_ answer: Answer) -> Response {
        var whole = Response(answer)
        guard case .bytes(let bytes) = answer.body else { return whole }
        whole.headers[.connection] = "close"
        whole.body = ResponseBody(contentLength: bytes.count) { writer in
            try await writer.write(ByteBuffer(bytes: bytes))
            throw SlowBody()
        }
        return whole
    }

    private func protected(_ answer: Answer) -> Answer {
        var answer = answer
        ProtectiveHeaders.add(to: &answer)
        return answer
    }
}
