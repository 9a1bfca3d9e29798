import EpCore
import EpHTTP
import EpTesting
import Glibc
import Synchronization
import Testing

/// The client against a server that answers byte for byte as it is told.
@Suite struct CurlClientTests {
    private func withServer(
        _ script: @escaping ScriptedServer.Script, _ body: (ScriptedServer, CurlClient) async throws -> Void
    ) async throws {
        let server = try ScriptedServer(script)
        defer { server.stop() }
        try await body(server, CurlClient(connections: 2))
    }

    private func answer(_ status: Int, headers: String = "", _ body: String) -> [UInt8] {
        Array("HTTP/1.1 \(status) Scripted\r\n\(headers)Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)".utf8)
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .patch]) func aBodyIsSentWithItsHeaders(_ method: HTTPRequest.Method) async throws {
        try await withServer({ _ in answer(201, headers: "X-Request-Id: r-1\r\nset-cookie: a\r\nSet-Cookie: b\r\n", "made") }) {
            server, client async throws in
            let request = HTTPRequest(
                method, server.url, headers: ["Content-Type": "application/json"], body: .bytes(Array("{}".utf8)), sink: .memory(limit: 100)
            )
            let response = try await client.send(request)
            #expect(response.status == 201)
            #expect(response.bytes == Array("made".utf8))
            #expect(response.head.headers["x-request-ID"] == "r-1")
            #expect(response.head.headers.fields.filter { $0.name.lowercased() == "set-cookie" }.map(\.value) == ["a", "b"])
            let sent = try #require(server.requests.first)
            #expect(sent.method == method.rawValue)
            #expect(sent.headers["content-type"] == "application/json")
            #expect(sent.headers["expect"] == nil)
            #expect(sent.body == Array("{}".utf8))
        }
    }

    @Test func deleteSendsNoBody() async throws {
        try await withServer({ _ in answer(204, "") }) { server, client async throws in
            #expect(try await client.send(HTTPRequest(.delete, server.url)).status == 204)
            #expect(server.requests.map(\.method) == ["DELETE"])
        }
    }

    /// What a server says of an error is kept, to be told; what it says at any length is not.
    @Test func theBodyOfAnErrorIsKept() async throws {
        let message = #"{"error":{"code":"invalid_api_key"}}"#
        try await withServer({ _ in answer(401, headers: "Retry-After: 2\r\n", message) }) { server, client async throws in
            let response = try await client.send(HTTPRequest(.post, server.url, body: .bytes([1]), sink: .memory(limit: 10)))
            #expect(response.errorBody == Array(message.utf8))
            #expect(response.bytes.isEmpty)
            #expect(response.head.headers["retry-after"] == "2")
        }
        try await withServer({ _ in answer(500, String(repeating: "x", count: 300_000)) }) { server, client async throws in
            let response = try await client.send(HTTPRequest(.get, server.url, sink: .memory(limit: 10)))
            #expect(response.errorBody.count == HTTPResponse.errorLimit)
        }
    }

    @Test func aResponseIsHandedOnAsItArrives() async throws {
        let body = (0..<2000).map { "data: \($0)\n\n" }.joined()
        try await withServer({ _ in answer(200, headers: "Content-Type: text/event-stream\r\n", body) }) { server, client async throws in
            let seen = Mutex((stream: EventStream(), data: [String](), types: Set<String>()))
            let response = try await client.send(HTTPRequest(.post, server.url, body: .bytes([1]), sink: .pieces { head, piece in
                seen.withLock { seen in
                    seen.types.insert(head.headers["content-type"] ?? "")
                    seen.data += seen.stream.read(piece).map(\.data)
                }
                return true
            }))
            #expect(response.status == 200)
            #expect(seen.withLock { $0.data } == (0..<2000).map(String.init))
            #expect(seen.withLock { $0.types } == ["text/event-stream"])
        }
    }

    @Test func whoWantsNoMoreEndsTheTransfer() async throws {
        try await withServer({ _ in Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + [UInt8](repeating: 7, count: 3_000_000) }) {
            server, client async throws in
            let error = await #expect(throws: HTTPError.self) {
                try await client.send(HTTPRequest(.get, server.url, sink: .pieces { _, _ in false }))
            }
            #expect(error?.kind == .refused)
        }
    }

    @Test(arguments: [HTTPRequest.Method.post, .put]) func aBodyMayBeMadeWhileItIsSent(_ method: HTTPRequest.Method) async throws {
        try await withServer({ _ in answer(200, "") }) { server, client async throws in
            let left = Mutex(3)
            let body = HTTPRequest.Body.pieces { () throws(HTTPError) in
                left.withLock { left in
                    left -= 1
                    return left < 0 ? nil : left == 1 ? [] : Array("piece \(left);".utf8)
                }
            }
            #expect(try await client.send(HTTPRequest(method, server.url, body: body)).status == 200)
            let sent = String(decoding: try #require(server.requests.first).body, as: UTF8.self)
            #expect(sent == "8\r\npiece 2;\r\n8\r\npiece 0;\r\n0\r\n\r\n")
        }
    }

    /// An interim answer, or one of a proxy, is not the answer.
    @Test func interimHeadsAreNotTheAnswer() async throws {
        let interim = Array("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n".utf8)
        try await withServer({ _ in interim + answer(200, headers: "X-Real: yes\r\n", "ok") }) { server, client async throws in
            let response = try await client.send(HTTPRequest(.get, server.url, sink: .memory(limit: 10)))
            #expect(response.status == 200)
            #expect(response.head.headers["X-Real"] == "yes")
            #expect(response.head.headers["Link"] == nil)
        }
    }

    @Test func trailersStandBehindTheBody() async throws {
        let response =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: grpc-status\r\n\r\n2\r\nok\r\n0\r\ngrpc-status: 14\r\n\r\n"
        try await withServer({ _ in Array(response.utf8) }) { server, client async throws in
            let response = try await client.send(HTTPRequest(.get, server.url, sink: .memory(limit: 10)))
            #expect(response.trailers["grpc-status"] == "14")
            #expect(response.head.headers["grpc-status"] == nil)
        }
    }

    /// Whoever waits for an answer, or for a place, is let go at once.
    @Test(arguments: [HTTPRequest.Version.negotiated, .http2]) func whatIsCancelledEndsAtOnce(_ version: HTTPRequest.Version) async throws {
        let server = try ScriptedServer { _ in nil }
        defer { server.stop() }
        let client = CurlClient(connections: 2)
        let start = ContinuousClock.now
        let tasks = (0..<10).map { _ in
            Task { try await client.send(HTTPRequest(.get, server.url, sink: .memory(limit: 10), version: version)) }
        }
        try await Task.sleep(for: .milliseconds(200))
        for task in tasks { task.cancel() }
        for task in tasks {
            let outcome = await task.result
            #expect(throws: HTTPError(.cancelled, "cancelled")) { try outcome.get() }
        }
        #expect(ContinuousClock.now - start < .seconds(5), "before the server is given up")
    }

    /// No more connections than the client was made for, however many ask.
    @Test func requestsWaitForAPlace() async throws {
        #expect(try await mostAtOnce(CurlClient(connections: 2), sink: .memory(limit: 3)) == 2)
    }

    /// What is small waits for the way there and back, and more of it does so at once; files are for the line itself.
    @Test func moreSmallOnesRunAtOnce() async throws {
        #expect(try await mostAtOnce(CurlClient(connections: 2, small: 6), sink: .memory(limit: 3)) == 6)
        #expect(try await mostAtOnce(CurlClient(connections: 2, small: 6), sink: .pieces { _, _ in true }) == 2)
        #expect(try await mostAtOnce(CurlClient(connections: 2, small: 6, descriptors: 32), sink: .memory(limit: 3)) == 4)
        #expect(try await mostAtOnce(CurlClient(connections: 2, small: 6, descriptors: 8), sink: .memory(limit: 3)) == 2)
    }

    private func mostAtOnce(_ client: CurlClient, sink: HTTPRequest.Sink) async throws -> Int {
        let most = Mutex((now: 0, most: 0))
        try await withServer({ _ in
            most.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            usleep(3000)
            most.withLock { $0.now -= 1 }
            return answer(200, "yes")
        }) { server, _ async throws in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<100 { group.addTask { try await client.send(HTTPRequest(.get, server.url, sink: sink)).status } }
                for try await status in group { #expect(status == 200) }
            }
        }
        return most.withLock { $0.most }
    }

    @Test func onlyTheWebIsAsked() async throws {
        for url in ["file:///etc/hostname", "ftp://127.0.0.1/x", "dict://127.0.0.1:1/x"] {
            let error = await #expect(throws: HTTPError.self) {
                try await CurlClient().send(HTTPRequest(.get, url, sink: .memory(limit: 100)))
            }
            #expect(error?.kind == .unreachable, "\(url)")
        }
    }

    /// Neither a log nor a test's message may show what lets somebody in.
    @Test func aRequestNeverShowsItsSecrets() {
        let request = HTTPRequest(
            .post, "https://api.example/v1?key=sk-secret", headers: ["Authorization": "Bearer sk-secret"],
            body: .bytes(Array("sk-secret".utf8)))
        var dumped = ""
        dump(request, to: &dumped)
        for text in ["\(request)", String(reflecting: request), dumped] { #expect(!text.contains("secret"), "\(text)") }
        #expect("\(request)" == "POST https://api.example/v1")
    }
}
