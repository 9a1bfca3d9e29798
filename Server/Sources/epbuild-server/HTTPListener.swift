import EpCore
import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServerCore

/// Hummingbird as far as it is used here: requests in, answers out. What to answer is the service's.
struct HTTPListener {
    /// Known before anything is served, so that the port may be left to the system.
    let port: Int
    private let address: String
    private static let mostBodyBytes = 1 << 20
    private static let mostHeadBytes = 16 << 10
    private static let longestBody = Duration.seconds(30)
    /// More than there may be streams of events.
    private static let mostConnections = 640

    /// - Parameter port: 0: any that is free.
    /// - Throws: `Diagnostic` if it is taken.
    init(_ address: String, port: Int) throws(Diagnostic) {
        self.address = address
        self.port = try FreePort(address, port).number
    }

    /// Serves until the process ends.
    func serve(_ service: Service) async throws {
        var logger = Logger(label: "epbuild-server")
        logger.logLevel = .error
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: Self.mostHeadBytes, maxHeaderListSize: Self.mostHeadBytes, maxHeaderFieldCount: 100)
        let application = Application(
            responder: ServiceResponder(service: service),
            server: .http1(configuration: .init(idleTimeout: .seconds(10), httpDecoderConfiguration: decoder)),
            configuration: .init(address: .hostname(address, port: port), backlog: 256, availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)),
            logger: logger)
        try await application.run()
    }

    /// Turns requests into values, and values into bytes.
    private struct ServiceResponder: HTTPResponder {
        let service: Service

        func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
            var body: [UInt8] = []
            do {
                body = try await self.body(of: request)
            } catch is NIOTooManyBytesError {
                return response(protected(Problem(413, "that is more than \(mostBodyBytes) bytes").answer))
            } catch is SlowBody {
                return farewell(protected(Problem(408, "that has not come within \(longestBody.components.seconds) seconds").answer))
            }
            return response(await service.answer(WebRequest(request, body)))
        }

        /// The whole body. A piece comes every ten seconds at least, or the connection is closed: so it is enough to look at the clock with each.
        private func body(of request: Request) async throws -> [UInt8] {
            let end = ContinuousClock.now + longestBody
            var bytes: [UInt8] = []
            for try await piece in request.body {
                bytes += piece.readableBytesView
                if bytes.count > mostBodyBytes { throw NIOTooManyBytesError(maxBytes: mostBodyBytes) }
                if ContinuousClock.now > end { throw SlowBody() }
            }
            return bytes
        }

        private struct SlowBody: Error {}

        /// The last answer of a connection: what has not come yet is not waited for.
        private func farewell(_ answer: Answer) -> Response {
            var whole = response(answer)
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

        private func response(_ answer: Answer) -> Response {
            var fields = HTTPFields()
            for (name, value) in answer.headers {
                if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
            }
            return Response(status: .init(code: answer.status), headers: fields, body: body(of: answer))
        }

        private func body(of answer: Answer) -> ResponseBody {
            switch answer.body {
            case .bytes(let bytes): return ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            case .blob(let blob, let range):
                return ResponseBody(contentLength: range.count) { writer in
                    for start in stride(from: range.lowerBound, to: range.upperBound, by: 64 << 10) {
                        let piece = try blob.bytes(in: start..<min(start + 64 << 10, range.upperBound))
                        try await writer.write(ByteBuffer(bytes: piece))
                    }
                    try await writer.finish(nil)
                }
            case .events(let feed):
                return ResponseBody { writer in
                    // Whoever has gone is met by the next write, after 15 seconds at most: to watch the inbound side
                    // (`consumeWithCancellationOnInboundClose`) traps in NIO when a listener goes away.
                    var listener = feed.makeListener()
                    while let frames = await listener.next() { try await writer.write(ByteBuffer(string: frames)) }
                    try await writer.finish(nil)
                }
            }
        }
    }
}

extension WebRequest {
    init(_ request: Request, _ body: [UInt8]) {
        let host = request.head.authority.map { [(name: "host", value: $0)] } ?? []
        self.init(
            method: request.method.rawValue, target: request.head.path ?? "",
            headers: host + request.headers.map { (name: $0.name.canonicalName, value: $0.value) }, body: body)
    }
}

/// A port that can be listened at: asked for by binding it once.
private struct FreePort {
    let number: Int

    init(_ address: String, _ port: Int) throws(Diagnostic) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, address == "localhost" ? "127.0.0.1" : address, &name.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0 }
        }
        guard isBound else {
            throw Diagnostic(.system, "port \(port) of \(address) is taken", remedy: "choose another by --port, or 0 for any that is free")
        }
        number = Int(in_port_t(bigEndian: name.sin_port))
    }
}
