import EpCore
import EpFiles
import EpHTTP

/// Who asks an object store, and how it is proven.
public struct S3Credentials: Sendable, Hashable {
    public let accessKey: String
    let secretKey: String
    /// Of temporary credentials.
    let sessionToken: String?

    public init(accessKey: String, secretKey: String, sessionToken: String? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }
}

extension S3Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "key \(accessKey)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Signs requests by AWS Signature Version 4: the same request at the same moment is signed by the same text.
struct S3Signer: Sendable {
    let credentials: S3Credentials
    let region: String
    var service = "s3"

    /// A request, as far as it is signed.
    struct Request {
        let method: String
        /// Percent-encoded, once.
        let path: String
        /// Not encoded.
        var query: [(name: String, value: String)] = []
        /// Names in any case; `host` must be among them.
        var headers: [HTTPHeaders.Field]
        /// SHA-256 of the body in hexadecimal, or `UNSIGNED-PAYLOAD`.
        let payload: String
    }

    /// - Returns: the value of the header `Authorization`.
    func authorization(of request: Request, at moment: Moment) -> String {
        let scope = "\(moment.basicDate)/\(region)/\(service)/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(moment.basicTime)\n\(scope)\n\(Digest(of: Array(canonical(request).utf8)).hex)"
        let signature = HMAC.sha256(of: Array(text.utf8), key: key(on: moment.basicDate))
        let hex = signature.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(Self.names(request)), Signature=\(hex)"
    }

    func canonical(_ request: Request) -> String {
        let query = request.query.map { (Self.encoded($0.name), Self.encoded($0.value)) }.sorted { $0 < $1 }
        let fields = Self.fields(request).map { "\($0.name):\($0.value)\n" }.joined()
        return [
            request.method, request.path, query.map { "\($0)=\($1)" }.joined(separator: "&"), fields, Self.names(request), request.payload,
        ].joined(separator: "\n")
    }

    private func key(on date: String) -> [UInt8] {
        [date, region, service, "aws4_request"].reduce(Array("AWS4\(credentials.secretKey)".utf8)) {
            HMAC.sha256(of: Array($1.utf8), key: $0)
        }
    }

    /// Names in lower case, in order; the values of one name together; blanks as one each.
    private static func fields(_ request: Request) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for field in request.headers {
            let value = field.value.split { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r\n" }.joined(separator: " ")
            values[field.name.lowercased(), default: []].append(value)
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    private static func names(_ request: Request) -> String { fields(request).map(\.name).joined(separator: ";") }

    /// RFC 3986, 2.3: all but unreserved characters are encoded.
    static func encoded(_ text: String, keeping kept: String = "") -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                bytes.append(byte)
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): bytes.append(byte)
            case let byte where kept.utf8.contains(byte): bytes.append(byte)
            default: bytes += Array(("%" + (byte < 16 ? "0" : "") + String(byte, radix: 16).uppercased()).utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Moment {
    /// `20130524T000000Z`
    var basicTime: String { String(iso8601Seconds.filter { $0 != "-" && $0 != ":" }) }
    /// `20130524`
    var basicDate: String { String(basicTime.prefix(8)) }
}
