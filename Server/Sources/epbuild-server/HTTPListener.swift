import EpCore
import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Hummingbird as far as it is used here: requests in, answers out. What to answer is its responder's.
struct HTTPListener {
    /// Known before anything is served, so that the port may be left to the system.
    let port: Int
    private let address: String
    private static let mostHeadBytes = 16 << 10
    /// More than there may be streams of events.
    private static let mostConnections = 640

    /// - Parameter port: 0: any that is free.
    /// - Throws: `Diagnostic` if it is taken.
    init(_ address: String, port: Int) throws(Diagnostic) {
        self.address = address
        self.port = try FreePort(address, port).number
    }

    /// Serves until the process ends.
    func serve(_ responder: some HTTPResponder<BasicRequestContext>) async throws {
        var logger = Logger(label: "epbuild-server")
        logger.logLevel = .error
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: Self.mostHeadBytes, maxHeaderListSize: Self.mostHeadBytes, maxHeaderFieldCount: 100)
        let application = Application(
            responder: responder,
            server: .http1(configuration: .init(idleTimeout: .seconds(10), httpDecoderConfiguration: decoder)),
            configuration: .init(
                address: .hostname(address, port: port), backlog: 256,
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)),
            logger: logger)
        try await application.run()
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
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else {
            throw Diagnostic(.system, "port \(port) of \(address) is taken", remedy: "choose another by --port, or 0 for any that is free")
        }
        number = Int(in_port_t(bigEndian: name.sin_port))
    }
}
