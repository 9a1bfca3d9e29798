import EpCore
import EpFiles
import EpRemote
import EpTesting
import Testing

/// What every store in which machines agree who runs an action does alike.
struct LeaseStoreTests {
    private let directory = TemporaryDirectory()

    @Test func aDirectoryConforms() async throws { try await check(DirectoryStore(path: directory.make("share"))) }

    @Test func anObjectStoreConforms() async throws {
        guard let bucket = await Bucket.open() else { return }
        defer { bucket.peer.stop() }
        try await check(bucket.store())
    }

    @Test func aResilientStoreHasThoseOfWhatItKeeps() async throws {
        let store = DirectoryStore(path: directory.make("share"))
        try await check(#require(ResilientStore(store, handler: { _ in }).leases))
        #expect(ResilientStore(store, uploads: false, handler: { _ in }).leases == nil)
    }

    /// Nobody waits for a store that is away.
    @Test func aStoreThatIsAwayLetsEveryoneGoOn() async throws {
        let store = ResilientStore(DirectoryStore(path: directory("away")), pause: .none, handler: { _ in })
        #expect(try await store.create([1], at: LeaseName(action("line"), generation: 0)))
    }

    private func check(_ leases: any LeaseStore) async throws {
        let name = LeaseName(action("line"), generation: 0)
        #expect(try await leases.lease(at: name) == nil)
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for machine in 0..<16 { group.addTask { try await leases.create([UInt8(machine)], at: name) } }
            return try await group.reduce(into: 0) { if $1 { $0 += 1 } }
        }
        #expect(winners == 1, "one alone has it")
        let first = try await leases.lease(at: name)
        #expect(first?.count == 1)
        try await leases.renew([77], at: name)
        #expect(try await leases.lease(at: name) == [77])
        #expect(try await leases.create([1], at: LeaseName(action("line"), generation: 1)))
        #expect(try await leases.lease(at: name) == [77])
        try await leases.remove(name)
        try await leases.remove(name)
        #expect(try await leases.lease(at: name) == nil)
        #expect(try await leases.create([2], at: name))
        try await leases.remove(LeaseName(action("line"), generation: 1))
    }
}
