import FoundationEssentials
import Glibc

/// A real nginx on a loopback port of its own, with the configuration that `docs/sharing.md` gives, ended by its process identifier.
final class DocumentedNginx {
    static let token = "CHANGE-THIS-TOKEN"
    static let program = (["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"] as [String]).first { access($0, X_OK) == 0 }

    let directory = "\(Temporary.directory)/epbuild-nginx-\(UUID().uuidString)"
    let port = Loopback.freePort()
    var url: String { "http://127.0.0.1:\(port)/epbuild" }
    /// Where the server keeps `ac/` and `cas/`.
    var files: String { "\(directory)/data/epbuild" }
    private let process: pid_t

    init() async throws {
        try FileManager.default.createDirectory(atPath: "\(directory)/data", withIntermediateDirectories: true)
        try Data(Self.configuration(directory, port).utf8).write(to: URL(filePath: "\(directory)/nginx.conf"))
        process = try Self.spawn([
            Self.program ?? "nginx", "-e", "\(directory)/error.log", "-p", directory, "-c", "\(directory)/nginx.conf",
        ])
        let port = port
        guard try await Patience.wait(until: { Loopback.accepts(port) }) else {
            throw NoServer(log: try String(contentsOfFile: "\(directory)/error.log", encoding: .utf8))
        }
    }

    struct NoServer: Error { let log: String }

    deinit {
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static func configuration(_ path: String, _ port: UInt16) throws -> String {
        let root = #filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound)
        let page = try String(contentsOfFile: "\(root)/docs/sharing.md", encoding: .utf8)
        let start = page.firstRange(of: "```nginx\n")!.upperBound
        let block = page[start..<page[start...].firstRange(of: "```")!.lowerBound]
        return """
            daemon off; master_process off; pid \(path)/pid;
            events { worker_connections 256; }
            http {
            access_log off;
            proxy_temp_path \(path)/proxy; fastcgi_temp_path \(path)/fastcgi; uwsgi_temp_path \(path)/uwsgi; scgi_temp_path \(path)/scgi;
            \(block.replacing("listen 8080;", with: "listen 127.0.0.1:\(port);").replacing("/srv/cache", with: "\(path)/data"))
            }
            """
    }

    private static func spawn(_ arguments: [String]) throws -> pid_t {
        var process = pid_t()
        var strings = arguments.map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        let code = posix_spawn(&process, arguments[0], nil, nil, &strings, environ)
        guard code == 0 else { throw NoServer(log: String(cString: strerror(code))) }
        return process
    }
}

/// Ports of this machine alone.
enum Loopback {
    /// One on which nothing listens.
    static func freePort() -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        _ = withAddress(0) { bind(descriptor, $0, $1) }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    static func accepts(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return withAddress(port) { connect(descriptor, $0, $1) } == 0
    }

    private static func withAddress(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) } }
    }
}
