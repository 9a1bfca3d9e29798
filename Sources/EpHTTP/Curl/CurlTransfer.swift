import CCurl

/// One request on its way through libcurl, on one thread.
final class CurlTransfer {
    private let request: HTTPRequest
    private let handle: CurlHandle
    private let cancellation: Cancellation
    private let outgoing: OutgoingBody
    private let incoming: IncomingBody
    /// What a callback ended the transfer for.
    private var failure: HTTPError?
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var head = HTTPHead(status: 0)
    private var trailers = HTTPHeaders()
    private var hasBodyBegun = false
    private var errorBody: [UInt8] = []
    /// Bytes of a body that nobody reads.
    private var dropped = 0

    init(_ request: HTTPRequest, on handle: CurlHandle, _ cancellation: Cancellation) throws(HTTPError) {
        self.request = request
        self.handle = handle
        self.cancellation = cancellation
        outgoing = try OutgoingBody(request.body)
        incoming = IncomingBody(request.sink)
    }

    /// Runs it on this thread.
    func perform(_ surroundings: CurlSurroundings, isKept: Bool) throws(HTTPError) -> HTTPResponse {
        try begin(surroundings, isKept: isKept)
        // libcurl holds an unretained pointer to self while it performs.
        return try withExtendedLifetime(self) { () throws(HTTPError) in try end(ccurl_perform(handle.pointer)) }
    }

    /// Tells libcurl what is to be done. It holds an unretained pointer to self from now on.
    /// - Parameter isKept: whether a connection is there that speaks HTTP/2 in clear text.
    func begin(_ surroundings: CurlSurroundings, isKept: Bool) throws(HTTPError) {
        headers = try headerList()
        ccurl_reset(handle.pointer)
        handle.message[0] = 0
        setOptions(surroundings, isKept: isKept)
        ccurl_set_headers(handle.pointer, headers)
        setCallbacks()
    }

    /// What came of it.
    func end(_ code: CURLcode) throws(HTTPError) -> HTTPResponse {
        do throws(HTTPError) {
            try check(code)
            let body = request.wanted.contains(head.status) ? try incoming.finish() : .bytes([])
            return HTTPResponse(head, body: body, errorBody: errorBody, trailers: trailers)
        } catch {
            incoming.discard()
            throw error
        }
    }

    deinit { ccurl_free(headers) }

    /// `Expect` is taken out, as servers that do not know it make libcurl wait a second.
    private func headerList() throws(HTTPError) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        var lines = request.headers.fields.map { "\($0.name): \($0.value)" } + ["Expect:"]
        if request.method == .post, outgoing.size == nil { lines.append("Transfer-Encoding: chunked") }
        for line in lines {
            guard let longer = ccurl_append(list, line) else {
                ccurl_free(list)
                throw HTTPError(.unavailable, "out of memory")
            }
            list = longer
        }
        return list
    }

    private func setOptions(_ surroundings: CurlSurroundings, isKept: Bool) {
        let curl = handle.pointer
        ccurl_set_text(curl, CURLOPT_URL, request.url)
        ccurl_set_text(curl, CURLOPT_ERRORBUFFER, handle.message)
        ccurl_set_text(curl, CURLOPT_USERAGENT, "epbuild")
        ccurl_set_text(curl, CURLOPT_PROTOCOLS_STR, "http,https")
        setVersion(isKept: isKept)
        ccurl_set_number(curl, CURLOPT_NOSIGNAL, 1)
        ccurl_set_number(curl, CURLOPT_FOLLOWLOCATION, 0)
        ccurl_set_number(curl, CURLOPT_BUFFERSIZE, 256 * 1024)
        ccurl_set_number(curl, CURLOPT_UPLOAD_BUFFERSIZE, 256 * 1024)
        if !surroundings.usesProxy && !request.usesProxy { ccurl_set_text(curl, CURLOPT_NOPROXY, "*") }
        if let authorities = surroundings.authorities { ccurl_set_text(curl, CURLOPT_CAINFO, authorities) }

        ccurl_set_number(curl, CURLOPT_CONNECTTIMEOUT_MS, request.timeouts.connect.milliseconds)
        ccurl_set_number(curl, CURLOPT_TIMEOUT_MS, request.timeouts.total.milliseconds)
        if let stall = request.timeouts.stall {
            ccurl_set_number(curl, CURLOPT_LOW_SPEED_LIMIT, request.timeouts.slowest)
            ccurl_set_number(curl, CURLOPT_LOW_SPEED_TIME, max(1, stall.components.seconds))
        }
        setMethod()
    }

    /// An old libcurl can ask for HTTP/2 in clear text only on a new connection; one that is kept then speaks it anyway.
    private func setVersion(isKept: Bool) {
        let curl = handle.pointer
        let isAsked = request.speaksClearHTTP2 && (!isKept || ccurl_reuses_http2())
        let version = if isAsked { CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE } else {
            request.version == .http1 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS
        }
        ccurl_set_number(curl, CURLOPT_HTTP_VERSION, Int64(version))
        if isAsked, !ccurl_reuses_http2() { ccurl_set_number(curl, CURLOPT_FRESH_CONNECT, 1) }
    }

    private func setMethod() {
        let curl = handle.pointer
        switch request.method {
        case .get: ccurl_set_number(curl, CURLOPT_HTTPGET, 1)
        case .head: ccurl_set_number(curl, CURLOPT_NOBODY, 1)
        case .delete: ccurl_set_text(curl, CURLOPT_CUSTOMREQUEST, "DELETE")
        case .post:
            ccurl_set_number(curl, CURLOPT_POST, 1)
            ccurl_set_size(curl, CURLOPT_POSTFIELDSIZE_LARGE, outgoing.size ?? -1)
        case .put, .patch:
            ccurl_set_number(curl, CURLOPT_UPLOAD, 1)
            ccurl_set_size(curl, CURLOPT_INFILESIZE_LARGE, outgoing.size ?? -1)
            if request.method == .patch { ccurl_set_text(curl, CURLOPT_CUSTOMREQUEST, "PATCH") }
        }
    }

    private func setCallbacks() {
        var callbacks = ccurl_callbacks()
        callbacks.context = Unmanaged.passUnretained(self).toOpaque()
        callbacks.write = { bytes, _, count, context in
            CurlTransfer.of(context).receive(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
        }
        callbacks.header = { bytes, _, count, context in
            CurlTransfer.of(context).readHeader(UnsafeRawBufferPointer(start: bytes, count: count))
            return count
        }
        callbacks.read = { bytes, _, count, context in
            CurlTransfer.of(context).send(into: UnsafeMutableRawBufferPointer(start: bytes, count: count))
        }
        callbacks.seek = { context, offset, origin in
            CurlTransfer.of(context).rewind(to: offset, from: origin)
        }
        callbacks.progress = { context, _, _, _, _ in
            CurlTransfer.of(context).cancellation.isRequested ? 1 : 0
        }
        ccurl_set_callbacks(handle.pointer, &callbacks)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
        guard let context else { preconditionFailure("libcurl lost the context it was given") }
        return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    }
}

/// What libcurl calls back.
extension CurlTransfer {
    /// How much of a body that nobody reads (an error page) is waited for to keep the connection: 1 MiB.
    private static let dropLimit = 1 << 20

    /// A status line begins a head anew: one of 1xx, or a proxy's, is not the answer. What comes behind the body is a trailer.
    private func readHeader(_ line: UnsafeRawBufferPointer) {
        if !hasBodyBegun, line.starts(with: "HTTP/".utf8) {
            // libcurl itself knows the status only when the head has ended.
            head = HTTPHead(status: Int(String(decoding: line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix(3), as: UTF8.self)) ?? 0)
        } else if let field = HTTPHeaders.field(line) {
            if hasBodyBegun { trailers.append(field) } else { head.headers.append(field) }
        }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        hasBodyBegun = true
        let isWanted = request.wanted.contains(head.status)
        guard incoming.isWanted, isWanted else {
            if !isWanted { errorBody += bytes.prefix(HTTPResponse.errorLimit - errorBody.count) }
            dropped += bytes.count
            return dropped <= Self.dropLimit
        }
        return attempt { () throws(HTTPError) in try incoming.append(bytes, of: head) } != nil
    }

    private func send(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        attempt { () throws(HTTPError) in try outgoing.read(into: buffer) } ?? Int(CURL_READFUNC_ABORT)
    }

    private func rewind(to offset: curl_off_t, from origin: Int32) -> Int32 {
        guard offset == 0, origin == SEEK_SET else { return Int32(CURL_SEEKFUNC_CANTSEEK) }
        return attempt { () throws(HTTPError) in try outgoing.rewind() } == nil
            ? Int32(CURL_SEEKFUNC_FAIL) : Int32(CURL_SEEKFUNC_OK)
    }

    /// Errors cannot pass through libcurl, so they wait in `failure`.
    private func attempt<Value>(_ body: () throws(HTTPError) -> Value) -> Value? {
        do throws(HTTPError) {
            return try body()
        } catch {
            failure = error
            return nil
        }
    }

    private func check(_ code: CURLcode) throws(HTTPError) {
        if let failure { throw failure }
        if cancellation.isRequested { throw HTTPError(.cancelled, "cancelled") }
        if code == CURLE_OK || dropped > Self.dropLimit { return }
        // What tells how a call ended is the end of a response: it is whole, though the server wanted no more of the request.
        if !trailers.fields.isEmpty || head.headers["grpc-status"] != nil { return }
        let detail = handle.message[0] == 0 ? ccurl_message(code) : UnsafePointer(handle.message)
        throw HTTPError(.init(code), detail.map { String(cString: $0) } ?? "libcurl error \(code.rawValue)")
    }
}

extension HTTPError.Kind {
    fileprivate init(_ code: CURLcode) {
        self =
            switch code {
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM:
                .untrusted
            case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_URL_MALFORMAT,
                CURLE_UNSUPPORTED_PROTOCOL:
                .unreachable
            default: .brokenOff
            }
    }
}

extension Duration {
    /// Whole milliseconds, at least one, as libcurl takes 0 for its default.
    fileprivate var milliseconds: Int64 {
        max(1, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }
}
