public import EpCore
public import EpHTTP

/// What a server has answered, with its body read as JSON where it is that.
public struct Reply: Sendable {
    public let status: Int
    public let headers: HTTPHeaders
    public let bytes: [UInt8]
    /// Nil if the body is no JSON.
    public let json: Value?

    init(status: Int, headers: HTTPHeaders = [], bytes: [UInt8]) {
        (self.status, self.headers, self.bytes) = (status, headers, bytes)
        let begins = bytes.first { !$0.isWhitespace }
        let isJSON = begins == UInt8(ascii: "{") || begins == UInt8(ascii: "[")
        json = isJSON || headers["Content-Type"]?.lowercased().contains("json") == true ? Value(json: bytes) : nil
    }

    init(status: Int, headers: HTTPHeaders = [], json: Value) {
        (self.status, self.headers, bytes, self.json) = (status, headers, Array(json.json().utf8), json)
    }

    /// By which the provider finds the request again; nil if it gave it no name.
    public var requestID: String? {
        ["x-request-id", "request-id", "x-generation-id"].lazy.compactMap { headers[$0] }.first { !$0.isEmpty }
            ?? json?["request_id"]?.string
    }

    /// The beginning of what it says, on one line, for what is no JSON.
    var excerpt: String {
        let text = String(decoding: bytes.prefix(2000), as: UTF8.self).replacing(/<[^>]*>/, with: " ")
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 200 ? "\(words.prefix(200))…" : words
    }
}

extension UInt8 {
    fileprivate var isWhitespace: Bool { [0x20, 0x09, 0x0A, 0x0D].contains(self) }
}
