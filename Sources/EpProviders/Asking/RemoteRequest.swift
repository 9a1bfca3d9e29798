public import EpCore
public import EpHTTP

/// A question as a vendor puts it: all but where it goes and with which key.
public struct RemoteRequest: Sendable {
    public enum Body: Sendable {
        /// Nothing is sent: it is asked with GET.
        case none
        case json(Value)
        case form(MultipartForm)
    }

    var method: HTTPRequest.Method { if case .none = body { .get } else { .post } }
    /// Below the provider's base URL, with its query: `chat/completions`.
    public let path: String
    public let headers: [HTTPHeaders.Field]
    public let body: Body
    /// How much comes back at most, in bytes.
    public let limit: Int64

    public init(_ path: String, headers: [HTTPHeaders.Field] = [], _ body: Body, limit: Int64 = 64 << 20) {
        (self.path, self.headers, self.body, self.limit) = (path, headers, body, limit)
    }

    public init(_ path: String, headers: [HTTPHeaders.Field] = [], json: Value) { self.init(path, headers: headers, .json(json)) }

    var contentType: String {
        switch body {
        case .none, .json: "application/json"
        case .form(let form): "multipart/form-data; boundary=\(form.boundary)"
        }
    }

    var bytes: [UInt8] {
        switch body {
        case .none: []
        case .json(let value): Array(value.json().utf8)
        case .form(let form): form.bytes
        }
    }
}

/// `multipart/form-data` (RFC 7578).
public struct MultipartForm: Sendable {
    let boundary: String
    private(set) var bytes: [UInt8] = []

    /// - Parameter content: what stands in it, so that the boundary is in none of it.
    public init(fields: [(name: String, value: String)], file: (name: String, fileName: String, type: String, bytes: [UInt8])) {
        let boundary = "epbuild-\(Digest(of: file.bytes).hex.prefix(32))"
        self.boundary = boundary
        for (name, value) in fields {
            bytes += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        let head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(file.name)\"; filename=\"\(file.fileName)\"\r\nContent-Type: \(file.type)\r\n\r\n"
        bytes += Array(head.utf8) + file.bytes + Array("\r\n--\(boundary)--\r\n".utf8)
    }
}
