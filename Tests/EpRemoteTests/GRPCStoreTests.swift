import EpCore
import EpFiles
import EpHTTP
import EpRemote
import EpTesting
import Testing

/// Against a real BuildGrid.
struct GRPCStoreTests {
    let directory = TemporaryDirectory()

    private func withStore(instance: String = "main", _ body: (GRPCStore, Peer) async throws -> Void) async throws {
        guard let peer = await Peer.start(Peer.buildGrid) else { return }
        defer { peer.stop() }
        let address = try RemoteAddress("grpc://127.0.0.1:\(peer.port)/\(instance)", relativeTo: "/")
        try await body(try GRPCStore(address, client: PatientClient()), peer)
    }

    @Test func conforms() async throws {
        try await withStore { store, peer in
            #expect(store.name == "grpc://127.0.0.1:\(peer.port)/main")
            try await StoreConformance(store: store, directory: directory).check()
        }
    }

    @Test func anInstanceThatIsNotThereIsTold() async throws {
        try await withStore(instance: "other") { store, _ in
            await #expect(throws: RemoteError.self) { try await store.missing(of: [Digest(of: [1])]) }
        }
    }

    @Test func blobsOfManyMessagesComeBackAsTheyWere() async throws {
        try await withStore { store, _ in
            var random = SeededBytes()
            for size in [1 << 20, (1 << 20) + 1, 5_000_000] {
                let bytes = random.bytes(size)
                let blob = Digest(of: bytes)
                let source = try directory.write(bytes, to: "up \(size)")
                try await store.store(blob, from: source)
                // It is there already.
                try await store.store(blob, from: source)
                #expect(try await store.fetch(blob, to: directory("down \(size)")))
                #expect(try contents(directory("down \(size)")) == bytes)
            }
        }
    }

    @Test func aServerThatIsGoneIsUnreachable() async throws {
        let store = try GRPCStore(
            RemoteAddress("grpc://127.0.0.1:\(try ScriptedServer.freePort())", relativeTo: "/"), client: CurlClient(connections: 2))
        await #expect { try await store.result(for: action("any")) } throws: { ($0 as? RemoteError)?.kind == .unreachable }
    }

    /// A client keeps its connection; a server that was started anew on the same port is found again.
    @Test func manyCallsGoOverOneClient() async throws {
        try await withStore { store, _ in
            for number in 0..<50 {
                let bytes = [UInt8](repeating: UInt8(number), count: 700_000)
                let blob = Digest(of: bytes)
                try await store.store(blob, from: directory.write(bytes, to: "source"))
                #expect(try await store.missing(of: [blob]).isEmpty)
                #expect(try await store.fetch(blob, to: directory("back \(number)")))
            }
        }
    }

    /// Small blobs and large ones, results and questions: a server that is busy is asked again.
    @Test func aServerThatHasTooManyCallsIsAskedAgain() async throws {
        let store = try GRPCStore(RemoteAddress("grpc://peer:1/main", relativeTo: "/"), client: CrowdedPeer(crowd: 4), pause: .none)
        try await StoreConformance(store: store, directory: directory).check()
        let bytes = [UInt8](repeating: 7, count: 3 << 20)
        try await store.store(Digest(of: bytes), from: directory.write(bytes, to: "large"))
        #expect(try await store.fetch(Digest(of: bytes), to: directory("large back")))
    }

    /// One that has no room is given up, and said to be full.
    @Test func aServerWithoutRoomIsFull() async throws {
        let store = try GRPCStore(RemoteAddress("grpc://peer:1/main", relativeTo: "/"), client: CrowdedPeer(crowd: .max), pause: .none)
        await #expect { try await store.missing(of: [Digest(of: [1])]) } throws: { ($0 as? RemoteError)?.kind == .full }
    }

    /// Of hundreds of calls at a time none is lost, also when the server has been started anew.
    @Test func manyCallsAtOnce() async throws {
        let client = PatientClient()
        var peer = await Peer.start(Peer.buildGrid)
        guard let port = peer?.port else { return }
        defer { peer?.stop() }
        let store = try GRPCStore(RemoteAddress("grpc://127.0.0.1:\(port)/main", relativeTo: "/"), client: client)
        for round in 0..<2 {
            if round == 1 {
                peer?.stop()
                peer = await Peer.start(Peer.buildGrid, port: port)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let bytes = Array("blob \(round) \(number)".utf8)
                        let result = result([Digest(of: bytes)])
                        try await store.store(Digest(of: bytes), from: directory.write(bytes, to: "up \(round) \(number)"))
                        #expect(try await store.store(result, for: action("\(round) \(number)")) == nil)
                        #expect(try await store.result(for: action("\(round) \(number)"))?.outputs == result.outputs)
                        #expect(try await store.fetch(Digest(of: bytes), to: directory("down \(round) \(number)")))
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
