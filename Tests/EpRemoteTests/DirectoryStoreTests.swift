import EpCore
import EpRemote
import Glibc
import Testing

@Suite struct DirectoryStoreTests {
    let directory = TemporaryDirectory()

    private func makeStore() -> (store: DirectoryStore, root: String) {
        let root = directory.make("share")
        return (DirectoryStore(path: root + "/"), root)
    }

    private func file(_ space: String, _ digest: Digest) -> String {
        "\(directory("share"))/\(space)/\(digest.hex.prefix(2))/\(digest.hex)"
    }

    @Test func conforms() async throws {
        let (store, root) = makeStore()
        #expect(store.name == root)
        try await StoreConformance(store: store, directory: directory).check()
        #expect(directory.files(below: "share/tmp").isEmpty, "nothing is left behind")
    }

    @Test func survivesDamage() async throws {
        try await DamageConformance(store: makeStore().store, directory: directory, file: file).check()
    }

    @Test func isLaidOutAsTheLocalCache() async throws {
        let (store, _) = makeStore()
        let blob = Digest(of: [5])
        try await store.store(blob, from: directory.write([5], to: "five"))
        try await store.store(result([blob]), for: action("laid out"))
        #expect(try contents(file("cas", blob)) == [5])
        #expect(try contents(file("ac", action("laid out").digest)) == result([blob]).encoded())
    }

    @Test func exactlyOneOfManyWins() async throws {
        let (store, root) = makeStore()
        let others = (0..<16).map { _ in DirectoryStore(path: root) }
        let returned = try await withThrowingTaskGroup(of: ActionResult?.self) { group in
            for (number, other) in others.enumerated() {
                group.addTask { try await other.store(result([.empty], servedBy: "\(number)"), for: action("race")) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let winner = try #require(try await store.result(for: action("race")))
        #expect(returned.count { $0 == nil } == 1)
        #expect(returned.compactMap { $0 }.allSatisfy { $0 == winner })
    }

    @Test func whatIsNotMountedIsNotAMiss() async throws {
        let store = DirectoryStore(path: directory("not mounted"))
        let source = try directory.write([5], to: "five")
        func fails(_ call: () async throws -> Void) async throws {
            let error = await #expect(throws: RemoteError.self) { try await call() }
            #expect(error?.kind == .unreachable)
        }
        try await fails { _ = try await store.result(for: action("any")) }
        try await fails { _ = try await store.fetch(Digest(of: [5]), to: directory("target")) }
        try await fails { _ = try await store.missing(of: [Digest(of: [5])]) }
        try await fails { try await store.store(Digest(of: [5]), from: source) }
        try await fails { try await store.store(result([]), for: action("any")) }
        #expect(!exists(directory("target")))
        #expect(!exists(directory("not mounted")), "nothing is written below a mount point")
    }

    /// A small tmpfs, where this test may mount one.
    @Test func aFullShareSaysSo() async throws {
        let root = directory.make("share")
        guard mount("tmpfs", root, "tmpfs", 0, "size=64k") == 0 else {
            print("aFullShareSaysSo: skipped, as mounting a tmpfs needs root")
            return
        }
        defer { umount2(root, Int32(MNT_DETACH)) }
        let store = DirectoryStore(path: root)
        var random = SeededBytes()
        let bytes = random.bytes(100_000)
        let source = try directory.write(bytes, to: "source")
        let error = await #expect(throws: RemoteError.self) { try await store.store(Digest(of: bytes), from: source) }
        #expect(error?.kind == .full)
        #expect(directory.files(below: "share").isEmpty, "the part that was written is removed")
    }

    /// What killed uploads leave behind must not pile up.
    @Test func oldTemporaryFilesAreSweptAway() async throws {
        let (store, root) = makeStore()
        mkdir("\(root)/tmp", 0o755)
        let old = try directory.write([1], to: "share/tmp/old")
        let young = try directory.write([1], to: "share/tmp/young")
        let day = 86_400
        var times = [timeval(tv_sec: time(nil) - 2 * day, tv_usec: 0), timeval(tv_sec: time(nil) - 2 * day, tv_usec: 0)]
        utimes(old, &times)
        try await store.store(Digest(of: [5]), from: directory.write([5], to: "five"))
        #expect(!exists(old))
        #expect(exists(young))
    }
}
