public import EpCore

/// Where a shared cache is: `https://cache.example/epbuild`, `grpcs://cache.example`, `s3://bucket/prefix`, `file:///mnt/share/epbuild`, or
/// a path.
public enum RemoteAddress: Sendable, Hashable, CustomStringConvertible {
    /// An absolute path.
    case directory(String)
    /// `http` or `https`, a host, no credentials, no slash at its end.
    case http(String)
    /// What HTTP/2 is spoken to (`http://host:port`, `https://…`), and the name of the server's instance, which may be empty.
    case grpc(origin: String, instance: String)
    /// A bucket, and what its keys begin with, without slashes around it.
    case s3(bucket: String, prefix: String)

    /// - Parameters:
    ///   - directory: what a relative path is relative to; absolute.
    ///   - location: where it was written.
    /// - Throws: a `Diagnostic` that says what is accepted. It never shows a password.
    public init(_ text: String, relativeTo directory: String, at location: SourceLocation? = nil) throws(Diagnostic) {
        guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
            throw Self.refusal("a remote's url is empty or has control characters", at: location)
        }
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            self = .directory(text.hasPrefix("/") ? text : "\(directory)/\(text)")
            return
        }
        let rest = text[colon...].dropFirst(3)
        switch text[..<colon].lowercased() {
        case "file": self = .directory(try Self.path(rest, at: location))
        case "http": self = .http("http://" + (try Self.hostAndPath(rest, at: location)))
        case "https": self = .http("https://" + (try Self.hostAndPath(rest, at: location)))
        case "grpc": self = try Self.grpc("http", rest, at: location)
        case "grpcs": self = try Self.grpc("https", rest, at: location)
        case "s3": self = try Self.s3(rest, at: location)
        case let scheme: throw Self.refusal("a remote cannot be reached by \"\(scheme)\"", at: location)
        }
    }

    public var description: String {
        switch self {
        case .directory(let path): path
        case .http(let url): url
        case .grpc(let origin, let instance):
            (origin.hasPrefix("https") ? "grpcs" : "grpc") + origin.drop { $0 != ":" } + (instance.isEmpty ? "" : "/\(instance)")
        case .s3(let bucket, let prefix): "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix)")
        }
    }

    private static func grpc(_ scheme: String, _ rest: Substring, at location: SourceLocation?) throws(Diagnostic) -> RemoteAddress {
        let parts = try hostAndPath(rest, at: location).split(separator: "/", maxSplits: 1)
        return .grpc(origin: "\(scheme)://\(parts[0])", instance: parts.count > 1 ? String(parts[1]) : "")
    }

    /// - Throws: also for names that no bucket has: 3 to 63 small letters, digits, dots and hyphens.
    private static func s3(_ rest: Substring, at location: SourceLocation?) throws(Diagnostic) -> RemoteAddress {
        let parts = try hostAndPath(rest, at: location).split(separator: "/", maxSplits: 1)
        guard parts[0].wholeMatch(of: /[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]/) != nil else {
            throw refusal("\"\(parts[0])\" is no name of a bucket", at: location)
        }
        return .s3(bucket: String(parts[0]), prefix: parts.count > 1 ? parts[1].split(separator: "/").joined(separator: "/") : "")
    }

    private static func path(_ rest: Substring, at location: SourceLocation?) throws(Diagnostic) -> String {
        let path = rest.hasPrefix("localhost/") ? rest.dropFirst("localhost".count) : rest
        guard path.hasPrefix("/"), let decoded = percentDecoded(path) else {
            throw refusal("a file URL has three slashes and an absolute path", at: location)
        }
        return decoded
    }

    /// RFC 3986, 2.1; nil if the text is broken or the bytes are no path.
    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else { bytes.append(byte); continue }
            guard let code = String(rest.prefix(2)).flatMap({ UInt8($0, radix: 16) }), code != 0 else { return nil }
            bytes.append(code)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hostAndPath(_ rest: Substring, at location: SourceLocation?) throws(Diagnostic) -> String {
        let host = rest.prefix { $0 != "/" }
        if host.contains("@") {
            throw Diagnostic(
                .badInput, "a remote's url has a user or a password in it", at: location,
                remedy: "keep them in the environment, and name the variables: user_env: NAME, password_env: NAME")
        }
        guard !host.isEmpty, !rest.contains(where: { $0 == "?" || $0 == "#" || $0 == " " }) else {
            throw refusal("a remote's url has no host, or has a query, a fragment or a space", at: location)
        }
        var text = String(rest)
        while text.hasSuffix("/") { text.removeLast() }
        return text
    }

    private static func refusal(_ message: String, at location: SourceLocation?) -> Diagnostic {
        Diagnostic(
            .badInput, message, at: location,
            remedy:
                "accepted are https://host/path, grpcs://host/instance, s3://bucket/prefix, file:///path, the path of a directory, and "
                    + "without encryption http:// and grpc://"
        )
    }
}
