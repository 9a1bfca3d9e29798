import EpCore
import EpRemote
import EpTesting
import Glibc
import Testing

/// Whose results are taken, whatever somebody else puts into the cache.
struct ResultTrustTests {
    private let directory = TemporaryDirectory()
    private let studio = SigningKey(newNamed: "studio")
    private let stranger = SigningKey(newNamed: "stranger")
    private let blob = Digest(of: [1, 2, 3])

    private func trusted(_ key: SigningKey) throws -> TrustedKey { try #require(TrustedKey(parsing: key.publicText)) }

    /// A store in the test's directory that signs by one key and takes what others have signed.
    private func store(signing: SigningKey? = nil, trusting: [SigningKey] = []) async throws -> DirectoryStore {
        let root = directory.make("cache")
        let store = DirectoryStore(path: root, trust: ResultTrust(signer: signing, keys: try trusting.map(trusted)))
        try await store.store(blob, from: directory.write([1, 2, 3], to: "blob"))
        return store
    }

    @Test func aDirectoryConforms() async throws {
        let root = directory.make("cache")
        try await SigningConformance(directory: directory) { [trusted] signer, keys in
            DirectoryStore(path: root, trust: ResultTrust(signer: signer, keys: try keys.map(trusted)))
        }.check()
    }

    @Test(.enabled(if: Nginx.program != nil)) func aWebServerConforms() async throws {
        let nginx = try await Nginx()
        try await SigningConformance(directory: directory) { [trusted] signer, keys in
            try HTTPStore(url: nginx.url("open"), client: PatientClient(), trust: ResultTrust(signer: signer, keys: try keys.map(trusted)))
        }.check()
    }

    @Test func aGRPCServerConforms() async throws {
        guard let peer = await Peer.start(Peer.buildGrid) else { return }
        defer { peer.stop() }
        let address = try RemoteAddress("grpc://127.0.0.1:\(peer.port)/main", relativeTo: "/")
        try await SigningConformance(directory: directory) { [trusted] signer, keys in
            try GRPCStore(address, client: PatientClient(), trust: ResultTrust(signer: signer, keys: try keys.map(trusted)))
        }.check()
    }

    @Test func anObjectStoreConforms() async throws {
        guard let shop = await Bucket.open() else { return }
        defer { shop.peer.stop() }
        try await SigningConformance(directory: directory) { [trusted] signer, keys in
            try S3Store(
                RemoteAddress("s3://\(Bucket.name)/signed", relativeTo: "/"), endpoint: shop.peer.url, credentials: shop.credentials,
                client: PatientClient(),
                trust: ResultTrust(signer: signer, keys: try keys.map(trusted)))
        }.check()
    }

    @Test func whatATrustedKeyHasSignedIsTaken() async throws {
        let mine = result([blob], servedBy: "studio")
        try await store(signing: studio).store(mine, for: action("line"))
        let reader = try await store(trusting: [stranger, studio])
        #expect(try await reader.result(for: action("line")) == mine)
        #expect(reader.untrustedAnswers == 0)
        // Who trusts anyone takes it, too.
        #expect(try await store().result(for: action("line")) == mine)
    }

    @Test func whatNobodyHasSignedIsAMissAndGivesWay() async throws {
        try await store().store(result([blob], servedBy: "unsigned"), for: action("line"))
        try await store(signing: stranger).store(result([blob], servedBy: "stranger"), for: action("other"))
        let reader = try await store(signing: studio, trusting: [studio])
        #expect(try await reader.result(for: action("line")) == nil)
        #expect(try await reader.result(for: action("other")) == nil)
        #expect(reader.untrustedAnswers == 2)
        #expect(reader.damagedAnswers == 0)
        let mine = result([blob], servedBy: "studio")
        #expect(try await reader.store(mine, for: action("line")) == nil)
        #expect(try await reader.result(for: action("line")) == mine)
    }

    /// The signature of one result says nothing of another, be it of another action or of other outputs.
    @Test func aSignatureIsOfOneResultAlone() async throws {
        let reader = try await store(signing: studio, trusting: [studio])
        try await reader.store(result([blob], servedBy: "studio"), for: action("line"))
        let entry = { (name: String) in
            let hex = action(name).digest.hex
            return "\(directory("cache"))/ac/\(hex.prefix(2))/\(hex)"
        }
        try await reader.store(result([.empty], servedBy: "studio"), for: action("replayed"))
        try #require(unlink(entry("replayed")) == 0 && link(entry("line"), entry("replayed")) == 0)
        #expect(try await reader.result(for: action("replayed")) == nil)
        #expect(try await reader.result(for: action("line")) != nil)
    }

    @Test func aFalseKeyOfTheSameNameSignsNothing() async throws {
        try await store(signing: SigningKey(newNamed: "studio")).store(result([blob]), for: action("line"))
        #expect(try await store(trusting: [studio]).result(for: action("line")) == nil)
    }

    @Test func aPersonIsToldOnce() async throws {
        try await store().store(result([blob]), for: action("line"))
        let warnings = Warnings()
        let reader = ResilientStore(try await store(trusting: [studio]), handler: warnings.handler)
        for _ in 0..<3 { #expect(try await reader.result(for: action("line")) == nil) }
        #expect(warnings.all.map(\.message).count == 1)
        #expect(warnings.all.first?.message.contains("nobody has signed whom `trust` names") == true)
    }
}
