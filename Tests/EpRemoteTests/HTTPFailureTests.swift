import EpCore
import EpHTTP
import EpRemote
import EpTesting
import Glibc
import Testing

/// Servers that do what none should.
@Suite struct HTTPFailureTests {
    let directory = TemporaryDirectory()
    let blob = Digest(of: [1, 2, 3, 4, 5])

    private func withServer(
        _ script: @escaping ScriptedServer.Script, timeouts: HTTPTimeouts = .patient,
        _ body: (HTTPStore, ScriptedServer) async throws -> Void
    ) async throws {
        let server = try ScriptedServer(script)
        defer { server.stop() }
        try await body(try HTTPStore(url: server.url, client: CurlClient(), timeouts: timeouts), server)
    }

    private func source() throws -> String { try directory.write([1, 2, 3, 4, 5], to: "source") }

    @Test func wrongBytesAreAMiss() async throws {
        let bodies: [[UInt8]] = [[1, 2, 3, 4, 6], [1, 2, 3, 4], [1, 2, 3, 4, 5, 6], [], [UInt8](repeating: 1, count: 1_000_000)]
        for body in bodies {
            try await withServer({ _ in ScriptedServer.response(200, body) }) { store, _ async throws in
                #expect(try await !store.fetch(blob, to: directory("target")), "\(body.count) bytes")
                #expect(!exists(directory("target")))
                #expect(try await store.missing(of: [blob]) == [blob])
            }
        }
    }

    /// The connection ends before the promised length: nothing is known about the blob, so this is an error.
    @Test func aBrokenOffBodyIsAnError() async throws {
        try await withServer({ _ in ScriptedServer.response(200, length: 500, [1, 2, 3, 4, 5]) }) { store, _ async throws in
            let error = await #expect(throws: RemoteError.self) { try await store.fetch(blob, to: directory("target")) }
            // Sizes are known before the body: 500 is more than the blob has.
            #expect(error?.kind == .unreachable)
            #expect(!exists(directory("target")))
        }
    }

    /// Longer than promised: what counts is the promised length.
    @Test func bytesBeyondTheLengthAreNotRead() async throws {
        try await withServer({ _ in ScriptedServer.response(200, length: 5, [1, 2, 3, 4, 5, 6, 7]) }) { store, _ async throws in
            #expect(try await store.fetch(blob, to: directory("target")))
            #expect(try contents(directory("target")) == [1, 2, 3, 4, 5])
        }
    }

    /// A body of any length without an end: it is cut off just behind the blob's size.
    @Test func anEndlessBodyIsCutOff() async throws {
        let head = Array("HTTP/1.1 200 OK\r\n\r\n".utf8)
        try await withServer({ _ in head + [UInt8](repeating: 7, count: 30_000_000) }) { store, _ async throws in
            #expect(try await !store.fetch(blob, to: directory("target")))
            #expect(!exists(directory("target")))
            #expect(try await store.result(for: action("endless")) == nil)
        }
    }

    @Test func nonsenseIsNoEntry() async throws {
        try await withServer({ _ in ScriptedServer.response(200, Array("<html>Welcome</html>".utf8)) }) { store, _ async throws in
            #expect(try await store.result(for: action("any")) == nil)
        }
    }

    @Test func whatDoesNotSpeakHTTPIsUnreachable() async throws {
        for answer in [Array("220 mail.example ESMTP\r\n".utf8), []] {
            try await withServer({ _ in answer }) { store, _ async throws in
                let error = await #expect(throws: RemoteError.self) { try await store.result(for: action("any")) }
                #expect(error?.kind == .unreachable)
            }
        }
    }

    @Test(arguments: [
        (500, RemoteError.Kind.broken), (502, .broken), (503, .broken), (507, .full), (413, .full), (401, .denied), (403, .denied),
        (301, .unexpected), (400, .unexpected), (405, .unexpected),
    ])
    func everyOtherStatusIsAnError(_ status: Int, _ kind: RemoteError.Kind) async throws {
        try await withServer({ _ in ScriptedServer.response(status, Array("an error page".utf8)) }) { store, _ async throws in
            let get = RemoteError(kind, "answered \(status) to GET")
            await #expect(throws: get) { try await store.result(for: action("any")) }
            await #expect(throws: get) { try await store.fetch(blob, to: directory("target")) }
            await #expect(throws: RemoteError(kind, "answered \(status) to PUT")) { try await store.store(blob, from: source()) }
            let missing = await #expect(throws: RemoteError.self) { try await store.missing(of: [blob]) }
            #expect(missing?.kind == kind)
            #expect(!exists(directory("target")))
        }
    }

    @Test func statusesOfSuccess() async throws {
        for status in [200, 201, 202, 204] {
            let page = status == 204 ? [] : Array("stored".utf8)
            try await withServer({ _ in ScriptedServer.response(status, page) }) { store, server async throws in
                try await store.store(blob, from: source())
                #expect(server.requests.map(\.body) == [[1, 2, 3, 4, 5]])
                #expect(server.requests.map(\.path) == ["/cache/cas/\(blob.hex)"])
            }
        }
        for status in [204, 404] {
            try await withServer({ _ in ScriptedServer.response(status) }) { store, _ async throws in
                #expect(try await store.result(for: action("any")) == nil)
                #expect(try await !store.fetch(blob, to: directory("target")))
                #expect(try await store.missing(of: [blob]) == [blob])
            }
        }
    }

    @Test func aServerThatHangsTimesOut() async throws {
        let impatient = HTTPTimeouts(connect: .seconds(300), stall: .seconds(1), total: .seconds(300))
        try await withServer({ _ in nil }, timeouts: impatient) { store, _ async throws in
            let error = await #expect(throws: RemoteError.self) { try await store.fetch(blob, to: directory("target")) }
            #expect(error?.kind == .timedOut)
            #expect(!exists(directory("target")))
        }
    }

    @Test func nobodyThereIsUnreachable() async throws {
        let store = try HTTPStore(url: "http://127.0.0.1:\(try ScriptedServer.freePort())", client: CurlClient())
        let error = await #expect(throws: RemoteError.self) { try await store.result(for: action("any")) }
        #expect(error?.kind == .unreachable)
    }

    @Test func cancellingTheTaskEndsTheTransfer() async throws {
        let server = try ScriptedServer { _ in nil }
        defer { server.stop() }
        let store = try HTTPStore(url: server.url, client: CurlClient(connections: 1), timeouts: .patient)
        // The second waits for the only place.
        let tasks = (0..<2).map { _ in Task { try await store.result(for: action("any")) } }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        for task in tasks { task.cancel() }
        for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
    }

    /// A file that changed since it was hashed must not reach others under the old digest.
    @Test func aDamagedFileIsNeverSentWhole() async throws {
        try await withServer({ _ in ScriptedServer.response(201) }) { store, server async throws in
            let path = try directory.write([1, 2, 3, 4, 9], to: "changed")
            let error = await #expect(throws: Diagnostic.self) { try await store.store(blob, from: path) }
            #expect(error?.code == .damagedCache)
            #expect(server.requests.isEmpty)
        }
    }
}
