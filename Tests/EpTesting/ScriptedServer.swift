import Glibc
import Synchronization

/// A loopback server that answers as it is told, or not at all: for what no proper server does.
public final class ScriptedServer: Sendable {
    public struct Request: Sendable {
        public let method: String
        public let path: String
        /// By their names in lower case.
        public let headers: [String: String]
        /// As it was sent: with the sizes of its chunks, if it has any.
        public let body: [UInt8]
    }

    /// The raw response; nil leaves the client waiting. The connection is closed after a response.
    public typealias Script = @Sendable (Request) -> [UInt8]?

    public let port: UInt16
    private let listener: Int32
    private let script: Script
    private let state = Mutex((requests: [Request](), held: [Int32]()))

    public init(_ script: @escaping Script) throws {
        (listener, port) = try Self.listen()
        self.script = script
        startThread { self.acceptAll() }
    }

    /// A status line, headers and a body whose length is given, rightly or not.
    public static func response(_ status: Int, length: Int? = nil, _ body: [UInt8] = []) -> [UInt8] {
        Array("HTTP/1.1 \(status) Scripted\r\nContent-Length: \(length ?? body.count)\r\nConnection: close\r\n\r\n".utf8) + body
    }

    public var url: String { "http://127.0.0.1:\(port)/cache" }
    public var requests: [Request] { state.withLock { $0.requests } }

    /// Ends the server and its connections. Needed, as its thread keeps it alive. That thread closes what it listens at: it would go on with
    /// the next server's, which may have the same number.
    public func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in state.withLock({ $0.held }) { close(connection) }
    }

    private func acceptAll() {
        defer { close(listener) }
        while true {
            let connection = accept(listener, nil, nil)
            if connection < 0 { return }
            startThread { self.serve(connection) }
        }
    }

    private func serve(_ connection: Int32) {
        guard let request = Self.receive(connection) else { close(connection); return }
        state.withLock { $0.requests.append(request) }
        guard let response = script(request) else { return state.withLock { $0.held.append(connection) } }
        var rest = response[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { break }
            rest = rest.dropFirst(count)
        }
        shutdown(connection, Int32(SHUT_WR))
        close(connection)
    }

    private static func receive(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        var head: Int?
        var length = 0
        var isChunked = false
        var headers: [String: String] = [:]
        while head.map({
            isChunked
                ? !bytes.suffix(7).elementsEqual("\r\n0\r\n\r\n".utf8) && bytes.count > $0 || bytes.count == $0 : bytes.count < $0 + length
        }) ?? true {
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            bytes.append(contentsOf: buffer.prefix(count))
            if head == nil, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                head = end.upperBound
                for line in String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n").dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
                }
                length = headers["content-length"].flatMap { Int($0) } ?? 0
                isChunked = headers["transfer-encoding"] == "chunked"
            }
        }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: " ", maxSplits: 2)
        return Request(method: String(line[0]), path: String(line[1]), headers: headers, body: Array(bytes[(head ?? 0)...]))
    }

    struct NoPort: Error {}

    public static func freePort() throws -> UInt16 {
        let (descriptor, port) = try listen()
        close(descriptor)
        return port
    }

    public static func accepts(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return withLoopback(port) { connect(descriptor, $0, $1) } == 0
    }

    private static func listen() throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard withLoopback(0, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 128) == 0 else { throw NoPort() }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private static func withLoopback(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}

/// Runs a blocking body on a thread of its own.
public func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    pthread_create(&thread, nil, { context in
        Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().body()
        return nil
    }, Unmanaged.passRetained(Box(body)).toOpaque())
    pthread_detach(thread)
}
