import EpCore
import EpHTTP
import EpRemote
import EpTesting
import Glibc
import Testing

/// Against a real nginx. `apt-get install nginx-light` where it is skipped.
@Suite(.enabled(if: Nginx.program != nil, "nginx is missing: apt-get install nginx-light"))
struct HTTPStoreTests {
    let directory = TemporaryDirectory()

    @Test func conforms() async throws {
        let nginx = try await Nginx()
        let store = try HTTPStore(url: nginx.url("open/"), client: CurlClient())
        #expect(store.name == nginx.url("open"))
        try await StoreConformance(store: store, directory: directory).check()
    }

    @Test func conformsWithAPassword() async throws {
        let nginx = try await Nginx()
        let store = try HTTPStore(
            url: nginx.url("basic"), client: CurlClient(), headers: [Authorization.basic(user: "maria", password: "s3cret").header])
        try await StoreConformance(store: store, directory: directory).check()
    }

    @Test func conformsWithAToken() async throws {
        let nginx = try await Nginx()
        let store = try HTTPStore(
            url: nginx.url("bearer"), client: CurlClient(), headers: [Authorization.bearer(token: "t0ken").header])
        try await StoreConformance(store: store, directory: directory).check()
    }

    @Test func survivesDamage() async throws {
        let nginx = try await Nginx()
        let store = try HTTPStore(url: nginx.url("open"), client: CurlClient())
        try await DamageConformance(store: store, directory: directory) { nginx.file($0, $1.hex) }.check()
    }

    @Test(arguments: [nil, .bearer(token: "wrong"), .basic(user: "maria", password: "wrong")] as [Authorization?])
    func isNotLetInWithoutTheRightCredentials(_ authorization: Authorization?) async throws {
        let nginx = try await Nginx()
        let source = try directory.write([5], to: "five")
        for name in ["basic", "bearer"] {
            let store = try HTTPStore(
                url: nginx.url(name), client: CurlClient(), headers: HTTPHeaders(authorization.map { [$0.header] } ?? []))
            let denied = RemoteError(.denied, "answered 401 to GET")
            await #expect(throws: denied) { try await store.result(for: action("any")) }
            await #expect(throws: denied) { try await store.fetch(Digest(of: [5]), to: directory("target")) }
            await #expect(throws: RemoteError(.denied, "answered 401 to PUT")) {
                try await store.store(Digest(of: [5]), from: source)
            }
            #expect(!exists(nginx.file("cas", Digest(of: [5]).hex)))
        }
    }

    @Test func aRemoteThatIsOnlyReadIsRead() async throws {
        let nginx = try await Nginx()
        let blob = Digest(of: [5])
        let source = try directory.write([5], to: "five")
        try await (try HTTPStore(url: nginx.url("open"), client: CurlClient())).store(blob, from: source)
        let warnings = Warnings()
        let store = ResilientStore(
            try HTTPStore(url: nginx.url("readonly"), client: CurlClient()), handler: warnings.handler)
        for _ in 0..<5 { try await store.store(blob, from: source) }
        #expect(try await store.fetch(blob, to: directory("target")))
        #expect(warnings.all.count == 1)
        #expect(warnings.all.first?.message.contains("answered 403 to PUT; nothing more is uploaded") == true)
        #expect(warnings.all.first?.remedy?.contains("push: false") == true)
        #expect(nginx.log().count { $0[1] == "PUT" && $0[2] == "403" } == 1)
    }

    /// What the protocol wants of requests, as the server saw them; and one connection for what is small, another for files.
    @Test func requestsAreAsTheProtocolWants() async throws {
        let nginx = try await Nginx()
        let store = try HTTPStore(url: nginx.url("open"), client: CurlClient())
        for size in [1, 2_000_000, 77] {
            let bytes = [UInt8](repeating: 3, count: size)
            let source = try directory.write(bytes, to: "source")
            try await store.store(Digest(of: bytes), from: source)
            _ = try await store.missing(of: [Digest(of: bytes)])
            try await store.store(result([Digest(of: bytes)]), for: action("\(size)"))
        }
        // PUT, HEAD, GET of the entry, PUT of it; the log is written after the response.
        for _ in 0..<3000 where nginx.log().count < 12 { try await Task.sleep(for: .milliseconds(10)) }
        let log = nginx.log()
        #expect(log.count == 12)
        #expect(Set(log.map { $0[0] }).count == 2, "connections")
        #expect(log.allSatisfy { $0[3] == "-" && $0[4] == "-" }, "no Expect, no Transfer-Encoding")
        #expect(log.filter { $0[1] == "PUT" }.map { $0[5] }.filter { ["1", "2000000", "77"].contains($0) }.count == 3)
        #expect(log.filter { $0[1] == "PUT" }.allSatisfy { $0[2] == "201" })
    }

    /// A result whose blobs are there is put with two requests; that it stands already is known by one.
    @Test func aResultCostsNoQuestionsOfItsBlobs() async throws {
        let nginx = try await Nginx()
        let client = CountingClient()
        let store = try HTTPStore(url: nginx.url("open"), client: client)
        let blob = Digest(of: [1, 2, 3])
        try await store.store(blob, from: directory.write([1, 2, 3], to: "source"))
        for (expected, standing) in [(2, nil), (1, nil), (2, result([blob]))] as [(Int, ActionResult?)] {
            let before = client.count
            // Another one than what stands: its blobs are looked for.
            let offered = standing == nil ? result([blob]) : result([Digest(of: [4])])
            #expect(try await store.store(offered, for: action("any")) == standing)
            #expect(client.count - before == expected)
        }
    }

    /// A server that looks into entries, and knows blobs alone, is given those.
    @Test func whoTakesNoContentsIsGivenBlobs() async throws {
        let nginx = try await Nginx()
        let (small, bytes) = (Digest(of: Array("small".utf8)), Array("small".utf8))
        let store = try HTTPStore(url: nginx.url("open"), client: RefusingClient(bytes))
        let shared = SharedResult(result([small]), contents: [small: bytes])
        #expect(try await store.store(shared, for: action("any")) == nil)
        #expect(try await store.sharedResult(for: action("any")) == SharedResult(shared.result))
        #expect(try await store.fetch(small, to: directory("target")))
    }

    /// A kept connection that the server closed meanwhile costs nothing.
    @Test func aRestartedServerIsFoundAgain() async throws {
        let client = CurlClient(connections: 1)
        let bytes = [UInt8](repeating: 4, count: 300_000)
        let source = try directory.write(bytes, to: "source")
        var nginx: Nginx? = try await Nginx()
        let store = try HTTPStore(url: try #require(nginx).url("open"), client: client)
        try await store.store(Digest(of: bytes), from: source)
        let port = try #require(nginx).port
        nginx = nil
        await #expect(throws: RemoteError.self) { try await store.store(Digest(of: bytes), from: source) }
        nginx = try await Nginx(port: port)
        try await store.store(Digest(of: bytes), from: source)
        #expect(try await store.fetch(Digest(of: bytes), to: directory("target")))
    }

    @Test(.enabled(if: Nginx.openssl != nil, "openssl is missing"))
    func certificatesAreVerified() async throws {
        let chain = directory("cert.pem")
        let process = try Nginx.spawn([
            Nginx.openssl ?? "", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", directory("key.pem"), "-out", chain,
        ])
        try #require(Nginx.wait(for: process) == 0)
        let nginx = try await Nginx(certificate: (chain, directory("key.pem")))
        let url = "https://127.0.0.1:\(nginx.port)/open"
        let stranger = try HTTPStore(url: url, client: CurlClient())
        let error = await #expect(throws: RemoteError.self) { try await stranger.result(for: action("any")) }
        #expect(error?.kind == .untrusted)
        let known = try HTTPStore(url: url, client: CurlClient(authorities: chain))
        try await StoreConformance(store: known, directory: directory).check()
        // By another name than the certificate's.
        let other = try HTTPStore(url: "https://localhost:\(nginx.port)/open", client: CurlClient(authorities: chain))
        await #expect(throws: RemoteError.self) { try await other.result(for: action("any")) }
    }

    /// 64 MB there and back grow the process by less than a quarter of that. Tests that run beside this one may grow it
    /// too, so the best of five counts.
    @Test func aLargeBlobTakesConstantMemory() async throws {
        let nginx = try await Nginx()
        let store = try HTTPStore(url: nginx.url("open"), client: CurlClient())
        let path = directory("large")
        let blob = try makeLargeFile(at: path, megabytes: 64)
        var growth = Int.max
        for attempt in 0..<5 where growth > 16 << 20 {
            let before = residentMemory()
            resetPeak()
            try await store.store(blob, from: path)
            #expect(try await store.fetch(blob, to: directory("back-\(attempt)")))
            growth = min(growth, peakMemory() - before)
        }
        print("aLargeBlobTakesConstantMemory: grew by \(growth / 1024) kB, to \(peakMemory() / 1024) kB")
        try #require(peakMemory() > 1 << 20, "it is measured at all")
        #expect(growth <= 16 << 20)
    }

    private func makeLargeFile(at path: String, megabytes: Int) throws -> Digest {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        var random = SeededBytes(seed: 1)
        var hasher = SHA256Hasher()
        let block = random.bytes(1 << 20)
        for number in 0..<megabytes {
            var bytes = block
            bytes[0] = UInt8(number)
            bytes.withUnsafeBytes { hasher.update($0) }
            try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
        }
        return hasher.finalize()
    }

    private func residentMemory() -> Int { status("VmRSS:") }
    private func peakMemory() -> Int { status("VmHWM:") }

    /// In bytes.
    private func status(_ field: String) -> Int {
        guard let text = try? String(decoding: readAll("/proc/self/status"), as: UTF8.self),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(field) })
        else { return 0 }
        return (Int(line.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]) ?? 0) * 1024
    }

    /// Sets the peak back to what is resident now (proc(5), `clear_refs`).
    private func resetPeak() {
        guard let file = fopen("/proc/self/clear_refs", "w") else { return }
        fputs("5", file)
        fclose(file)
    }

    private func readAll(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = fread(&buffer, 1, buffer.count, file)
        return Array(buffer.prefix(count))
    }
}
