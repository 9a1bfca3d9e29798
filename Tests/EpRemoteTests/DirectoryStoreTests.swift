import EpCore
import EpRemote
import EpTesting
import FoundationEssentials
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
        #expect(try contents(file("ac", action("laid out").digest)) == result([blob]).encoded(for: action("laid out")))
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

    /// Whoever may write to a share must not reach what is outside of it.
    @Test func aLinkInPlaceOfTheTemporaryDirectoryIsNotFollowed() async throws {
        let (store, root) = makeStore()
        let outside = directory.make("outside")
        var names = ["precious", "0"]
        for name in names { try directory.write([1], to: "outside/\(name)") }
        var times = [timeval(tv_sec: 1, tv_usec: 0), timeval(tv_sec: 1, tv_usec: 0)]
        for name in names { utimes("\(outside)/\(name)", &times) }
        symlink(outside, "\(root)/tmp")
        let error = await #expect(throws: RemoteError.self) {
            try await store.store(Digest(of: [5]), from: directory.write([5], to: "five"))
        }
        #expect(error?.message == "does not work: \(root)/tmp: it is no directory of the cache: move it away")
        #expect(directory.files(below: "outside").sorted() == names.sorted())
        // A link within it, and a name that is none of ours, stay as well.
        unlink("\(root)/tmp")
        mkdir("\(root)/tmp", 0o755)
        symlink("\(outside)/precious", "\(root)/tmp/link")
        try directory.write([1], to: "share/tmp/not-ours.txt")
        utimes("\(root)/tmp/not-ours.txt", &times)
        try await DirectoryStore(path: root).store(Digest(of: [5]), from: directory.write([5], to: "five"))
        #expect(directory.files(below: "outside").sorted() == names.sorted())
        names = directory.files(below: "share/tmp").sorted()
        #expect(names == ["link", "not-ours.txt"])
    }

    /// Nothing waits, nothing fails for ever, and what is stored next takes its place.
    @Test(.timeLimit(.minutes(10)), arguments: ["directory", "full directory", "pipe", "dangling link", "link to a directory"])
    func whateverStandsInTheWayGivesWay(_ kind: String) async throws {
        for (space, isShard) in [("cas", false), ("ac", false), ("cas", true), ("ac", true)] {
            let (store, root) = (DirectoryStore(path: directory.make("share")), directory("share"))
            let blob = Digest(of: [5])
            let digest = space == "cas" ? blob : action("in the way").digest
            let path = isShard ? String(file(space, digest).dropLast(65)) : file(space, digest)
            mkdir("\(root)/\(space)", 0o755)
            if !isShard { mkdir(String(path.dropLast(65)), 0o755) }
            switch kind {
            case "pipe": mkfifo(path, 0o644)
            case "dangling link": symlink("/nowhere/at/all", path)
            case "link to a directory": symlink(directory.make("outside"), path)
            case "directory": mkdir(path, 0o755)
            default:
                mkdir(path, 0o755)
                mkdir("\(path)/full", 0o755)
            }
            #expect(try await store.result(for: action("in the way")) == nil)
            #expect(try await store.missing(of: [blob]) == [blob])
            #expect(try await !store.fetch(blob, to: directory("target")))
            // A link that leads nowhere in place of a directory is for a person to look at.
            if isShard, kind == "dangling link" { unlink(path) }
            try await store.store(blob, from: directory.write([5], to: "five"))
            #expect(try await store.store(result([blob]), for: action("in the way")) == nil, "\(space) \(isShard)")
            #expect(try await store.result(for: action("in the way")) == result([blob]))
            #expect(try await store.fetch(blob, to: directory("target")))
            for name in ["share", "target", "outside"] { try? FileManager.default.removeItem(atPath: directory(name)) }
        }
    }

    /// An entry under another action's name is not that action's.
    @Test func entriesThatHaveChangedPlacesAreNotBelieved() async throws {
        let (store, _) = makeStore()
        for number in [1, 2] as [UInt8] {
            try await store.store(Digest(of: [number]), from: directory.write([number], to: "in"))
            try await store.store(result([Digest(of: [number])]), for: action("\(number)"))
        }
        let paths = [1, 2].map { file("ac", action("\($0)").digest) }
        #expect(rename(paths[0], directory("kept")) == 0 && rename(paths[1], paths[0]) == 0 && rename(directory("kept"), paths[1]) == 0)
        #expect(try await store.result(for: action("1")) == nil)
        #expect(store.damagedAnswers == 1)
        #expect(try await store.store(result([Digest(of: [1])]), for: action("1")) == nil, "it does not stand in the way of the right one")
        #expect(try await store.result(for: action("1")) == result([Digest(of: [1])]))
    }
}
