import EpCore
import EpFiles
import EpHTTP

/// Signed requests to one bucket.
struct S3Client: Sendable {
    /// `https://bucket.s3.eu-west-1.amazonaws.com`, or `http://host:port/bucket`: what stands before keys, without a slash at its end.
    let base: String
    let signer: S3Signer
    let client: any HTTPClient
    let timeouts: HTTPTimeouts
    var clock = WallClock.system

    /// A question to the store. Its body's digest is part of the signature.
    struct Request {
        let method: HTTPRequest.Method
        /// Of the object; empty: the bucket is asked.
        var key = ""
        var query: [(name: String, value: String)] = []
        var headers: [HTTPHeaders.Field] = []
        var body = HTTPRequest.Body.none
        var sink = HTTPRequest.Sink.none
        /// In hexadecimal.
        var payload = Digest.empty.hex
        /// Nobody else's object is replaced (`If-None-Match: *`).
        var createsOnly = false
    }

    /// - Throws: what a store throws if there is no answer. A sink that is too small throws `HTTPError`.
    func send(_ request: Request) async throws -> HTTPResponse {
        do throws(HTTPError) {
            return try await client.send(signed(request))
        } catch {
            if error.kind == .tooLarge { throw error }
            throw error.ofRemote
        }
    }

    /// What the store says was wrong: its code and its words.
    static func trouble(_ response: HTTPResponse, to method: HTTPRequest.Method) -> RemoteError {
        let text = String(decoding: response.errorBody, as: UTF8.self)
        let reason = [XMLText.first("Code", in: text), XMLText.first("Message", in: text)].compactMap { $0 }.joined(separator: ": ")
        if response.status == 301 || response.status == 307 {
            return RemoteError(
                .unexpected, "is in another region: set `region`" + (XMLText.first("Region", in: text).map { ": \($0)" } ?? ""))
        }
        return RemoteError(status: response.status, to: method, reason: reason.isEmpty ? nil : String(reason.prefix(200)))
    }

    private func signed(_ request: Request) -> HTTPRequest {
        let moment = clock.now()
        let url = base + (request.key.isEmpty ? (pathOfBase.isEmpty ? "/" : "") : "/\(S3Signer.encoded(request.key, keeping: "/"))")
        var fields: [HTTPHeaders.Field] = [
            .init("x-amz-content-sha256", request.payload), .init("x-amz-date", moment.basicTime),
        ]
        // Else libcurl says that a form is posted.
        if request.method == .post, !request.headers.contains(where: { $0.name == "Content-Type" }) {
            fields.append(.init("Content-Type", "application/xml"))
        }
        if request.createsOnly { fields.append(.init("If-None-Match", "*")) }
        if let token = signer.credentials.sessionToken { fields.append(.init("x-amz-security-token", token)) }
        fields += request.headers
        let path = url.dropFirst(origin.count)
        let authorization = signer.authorization(
            of: .init(
                method: request.method.rawValue, path: path.isEmpty ? "/" : String(path), query: request.query,
                headers: fields + [.init("Host", host)], payload: request.payload),
            at: moment)
        let query = request.query.map { "\(S3Signer.encoded($0.name))=\(S3Signer.encoded($0.value))" }.joined(separator: "&")
        return HTTPRequest(
            request.method, url + (query.isEmpty ? "" : "?\(query)"),
            headers: HTTPHeaders(fields + [.init("Authorization", authorization)]),
            body: request.body, sink: request.sink, wanted: 200...299, timeouts: timeouts)
    }

    private var origin: String {
        base.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).prefix(2).joined(separator: "/") + "/" + host
    }
    private var host: String { String(base.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "/" }) }
    private var pathOfBase: Substring { base.dropFirst(origin.count) }
}

/// Texts between tags: all that is needed of the few answers of an object store.
enum XMLText {
    static func first(_ tag: String, in text: String) -> String? { all(tag, in: text, atMost: 1).first }

    static func all(_ tag: String, in text: String, atMost limit: Int = .max) -> [String] {
        let bytes = Array(text.utf8)
        let (opening, closing) = (Array("<\(tag)>".utf8), Array("</\(tag)>".utf8))
        var found: [String] = []
        var position = 0
        while found.count < limit, let start = index(of: opening, in: bytes, from: position),
            let end = index(of: closing, in: bytes, from: start)
        {
            found.append(unescaped(String(decoding: bytes[(start + opening.count)..<end], as: UTF8.self)))
            position = end + closing.count
        }
        return found
    }

    private static func index(of word: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= word.count, start <= bytes.count - word.count else { return nil }
        return (start...(bytes.count - word.count)).first { position in
            bytes[position] == word[0] && bytes[position..<(position + word.count)].elementsEqual(word)
        }
    }

    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&#34;", "\""), ("&amp;", "&")]
        return entities.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
