import EpTesting
import Glibc

/// A real nginx with WebDAV on a loopback port of its own, stopped by its process identifier.
///
/// Below `/open/` anyone reads and writes, `/readonly/` anyone reads, `/basic/` wants maria:s3cret, `/bearer/` the token t0ken.
/// All are the same cache: the directory `data`.
final class Nginx {
    let port: UInt16
    let directory: TemporaryDirectory
    private let process: pid_t

    static let program = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"].first(where: isProgram)
    static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first(where: isProgram)

    private static func isProgram(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// - Parameters:
    ///   - port: a free one if nil.
    ///   - certificate: the PEM files of a certificate and its key, for HTTPS.
    init(port: UInt16? = nil, certificate: (chain: String, key: String)? = nil) async throws {
        directory = TemporaryDirectory()
        self.port = try port ?? ScriptedServer.freePort()
        let data = directory.make("data")
        for name in ["open", "readonly", "basic", "bearer"] { symlink(".", "\(data)/\(name)") }
        try directory.write(Array("maria:{PLAIN}s3cret\n".utf8), to: "users")
        try directory.write(Array(Self.configuration(directory.path, self.port, certificate).utf8), to: "nginx.conf")
        process = try Self.spawn([
            Self.program ?? "nginx", "-e", directory("error.log"), "-p", directory.path, "-c", directory("nginx.conf"),
        ])
        for _ in 0..<30_000 {
            if ScriptedServer.accepts(self.port) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NginxFailure(log: (try? String(decoding: contents(directory("error.log")), as: UTF8.self)) ?? "no log")
    }

    struct NginxFailure: Error { let log: String }

    deinit { Self.stop(process) }

    func url(_ name: String) -> String { "http://127.0.0.1:\(port)/\(name)" }

    /// The file that the server keeps an entry or a blob in.
    func file(_ space: String, _ hex: String) -> String { directory("data/\(space)/\(hex)") }

    /// One line a request: connection, method, status, Expect, Transfer-Encoding, Content-Length.
    func log() -> [[Substring]] {
        let text = (try? String(decoding: contents(directory("access.log")), as: UTF8.self)) ?? ""
        return text.split(separator: "\n").map { $0.split(separator: " ") }
    }

    private static func configuration(_ path: String, _ port: UInt16, _ certificate: (chain: String, key: String)?) -> String {
        let secure = certificate.map { "ssl_certificate \($0.chain); ssl_certificate_key \($0.key);" } ?? ""
        return """
            daemon off; master_process off; pid \(path)/pid;
            events { worker_connections 256; }
            http {
                log_format cache '$connection $request_method $status $http_expect $http_transfer_encoding $content_length';
                access_log \(path)/access.log cache;
                client_body_temp_path \(path)/body; proxy_temp_path \(path)/proxy; fastcgi_temp_path \(path)/fastcgi;
                uwsgi_temp_path \(path)/uwsgi; scgi_temp_path \(path)/scgi;
                server {
                    listen 127.0.0.1:\(port)\(certificate == nil ? "" : " ssl");
                    \(secure)
                    root \(path)/data;
                    client_max_body_size 0; create_full_put_path on;
                    location /open/ { dav_methods PUT; }
                    location /readonly/ { dav_methods PUT; limit_except GET { deny all; } }
                    location /basic/ { dav_methods PUT; auth_basic cache; auth_basic_user_file \(path)/users; }
                    location /bearer/ { dav_methods PUT; if ($http_authorization != "Bearer t0ken") { return 401; } }
                }
            }
            """
    }

    /// Swift's threads block most signals, and a child inherits that: nginx would not hear SIGTERM.
    static func spawn(_ arguments: [String]) throws -> pid_t {
        var process = pid_t()
        var attributes = posix_spawnattr_t()
        var none = sigset_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var strings = arguments.map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        let code = posix_spawn(&process, arguments[0], nil, &attributes, &strings, environ)
        guard code == 0 else { throw NginxFailure(log: String(cString: strerror(code))) }
        return process
    }

    static func stop(_ process: pid_t) {
        kill(process, SIGTERM)
        wait(for: process)
    }

    @discardableResult
    static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
