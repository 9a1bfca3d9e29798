import EpCache
import EpCore
import Glibc
import Testing

/// Something of another kind in place of each file and directory of a cache: it costs a result at most, never a build,
/// and nothing that lies outside is touched.
@Suite struct WrongKindTests {
    enum Kind: CaseIterable { case nothing, emptyFile, directory, fullDirectory, pipe, danglingLink, linkToFile, linkToDirectory, closed }

    private static let places = [
        "cas/BLOB", "cas/SHARD", "cas", "ac/ENTRY", "ac/SHARD", "ac", "locks", "tmp", "gc", "gc/lock", "gc/damaged", "gc/adopted",
        "gc/last-builds", "gc/last-builds/ROOT",
    ]

    @Test(.timeLimit(.minutes(10)), arguments: Kind.allCases) func isMovedOutOfTheWay(_ kind: Kind) async throws {
        for place in Self.places {
            let test = try TestCache()
            let (name, outside) = (action("a"), Outside(test.directory))
            let published = try await test.publish(["x": "content"], for: name)
            try test.cache.remember(next: { nil }, others: [name], of: test.directory)
            try await test.cache.adopt(published.result, for: name, blobs: [])
            let path = "\(test.cache.path)/\(Self.path(of: place, name, test))"
            Self.put(kind, in: path, outside)

            let cache = try DiskCache(path: test.cache.path) { _ in }
            _ = cache.lookup(name, requiring: ["x"])
            let blob = try cache.stage(bytes: Array("content".utf8))
            let result = try await cache.publish(published.result, for: name, blobs: [blob]).result
            #expect(cache.lookup(name, requiring: ["x"]) == .hit(result), "\(kind) in place of \(place)")
            #expect(try cache.bytes(digest("content")) == Array("content".utf8), "\(kind) in place of \(place)")
            #expect(try cache.copyOut(digest("content"), to: "\(test.directory)/copy"))
            try await cache.lock(name).release()
            try cache.remember(next: { nil }, others: [name], of: test.directory)
            #expect(try cache.remembered().actions == [name], "\(kind) in place of \(place)")
            try await cache.adopt(result, for: name, blobs: [])
            _ = try await cache.verify()
            #expect(try await cache.verify().isSound, "\(kind) in place of \(place)")
            _ = try cache.gc(maxBytes: 0, protecting: [name], sparing: .zero)
            #expect(cache.lookup(name, requiring: ["x"]) == .hit(result), "\(kind) in place of \(place)")
            #expect(outside.isUntouched, "\(kind) in place of \(place)")
        }
    }

    /// It is told of by those who look for it, too.
    @Test func verifyFindsWhatIsNoFile() async throws {
        let test = try TestCache()
        try await test.publish(["x": "content"], for: action("a"))
        Self.put(.pipe, in: test.cache.blobPath(digest("content")), Outside(test.directory))
        let found = try await test.cache.verify()
        #expect(
            found.damage.map(\.message).filter { $0.contains("cannot be read (it is no plain file) and was set aside") }.count == 1,
            "\(found)")
        #expect(found.danglingEntries == 1)
        #expect(try await test.cache.verify().isSound)
    }

    private static func path(of place: String, _ action: ActionDigest, _ test: TestCache) -> String {
        let blob = digest("content").hex
        return place.replacing("BLOB", with: "\(blob.prefix(2))/\(blob)").replacing("ENTRY", with: "\(action.hex.prefix(2))/\(action.hex)")
            .replacing("ROOT", with: digest(test.directory).hex).replacing(
                "SHARD", with: place.hasPrefix("cas") ? blob.prefix(2) : action.hex.prefix(2))
    }

    private static func put(_ kind: Kind, in path: String, _ outside: Outside) {
        if kind == .closed { return _ = chmod(path, 0) }
        if rename(path, "\(outside.directory)-\(UInt64.random(in: 0 ... .max))") != 0 { precondition(errno == ENOENT, path) }
        switch kind {
        case .nothing, .closed: break
        case .emptyFile: Disk.write([], path)
        case .directory: mkdir(path, 0o755)
        case .fullDirectory:
            mkdir(path, 0o755)
            Disk.write([1], "\(path)/something")
        case .pipe: mkfifo(path, 0o644)
        case .danglingLink: symlink("/nowhere/at/all", path)
        case .linkToFile: symlink("\(outside.directory)/precious", path)
        case .linkToDirectory: symlink(outside.directory, path)
        }
    }

    /// Somebody's files, of which some look as old as what trimming removes.
    private struct Outside {
        let directory: String

        init(_ parent: String) {
            directory = "\(parent)/outside"
            mkdir(directory, 0o755)
            for name in ["precious", "1-abc", "notes.txt"] {
                Disk.write(Array(name.utf8), "\(directory)/\(name)")
                Disk.age("\(directory)/\(name)", seconds: 30 * 24 * 3600)
            }
            mkdir("\(directory)/within", 0o755)
            Disk.write(Array("deep".utf8), "\(directory)/within/deep")
        }

        var isUntouched: Bool {
            ["precious", "1-abc", "notes.txt"].allSatisfy { Disk.read("\(directory)/\($0)") == Array($0.utf8) }
                && Disk.read("\(directory)/within/deep") == Array("deep".utf8)
        }
    }
}
