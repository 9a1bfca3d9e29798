import EpCore
import FoundationEssentials
import Glibc
import Testing

/// What every shared cache must do, whatever it is made of.
struct StoreConformance {
    let store: any CacheStore
    let directory: TemporaryDirectory
    /// Whether an upload of a damaged file is an error, or left out with a warning.
    var uploadsThrow = true

    func check() async throws {
        try await holdsNothingAtFirst()
        try await keepsBlobs()
        try await keepsResults()
        try await firstResultWins()
        try await incompleteResultGivesWay()
        try await refusesWhatIsNotTheBlob()
        try await leavesOtherFilesAlone()
        try await servesManyAtOnce()
    }

    private func upload(_ bytes: [UInt8]) async throws -> Digest {
        let digest = Digest(of: bytes)
        try await store.store(digest, from: directory.write(bytes, to: "up-\(digest.short)"))
        return digest
    }

    private func holdsNothingAtFirst() async throws {
        let blob = Digest(of: [1, 2, 3])
        #expect(try await store.result(for: action("nothing")) == nil)
        #expect(try await store.missing(of: [blob, .empty, blob]) == [blob, blob])
        #expect(try await store.missing(of: []) == [])
        #expect(try await !store.fetch(blob, to: directory("nothing")))
        #expect(!exists(directory("nothing")))
        #expect(try await store.fetch(.empty, to: directory("empty")))
        #expect(try contents(directory("empty")).isEmpty)
    }

    private func keepsBlobs() async throws {
        var random = SeededBytes()
        for size in [0, 1, 79, 4096, 262_144, 262_145, 1_500_000] {
            let bytes = random.bytes(size)
            let blob = try await upload(bytes)
            #expect(try await upload(bytes) == blob)
            #expect(try await store.missing(of: [blob]).isEmpty)
            #expect(try await store.fetch(blob, to: directory("down-\(size)")))
            #expect(try contents(directory("down-\(size)")) == bytes)
        }
    }

    private func keepsResults() async throws {
        let stored = result([try await upload([1]), try await upload([2]), .empty])
        #expect(try await store.store(stored, for: action("kept")) == nil)
        #expect(try await store.result(for: action("kept")) == stored)
        #expect(try await store.result(for: action("not kept")) == nil)
        #expect(try await store.store(result([]), for: action("no outputs")) == nil)
        #expect(try await store.result(for: action("no outputs")) == result([]))
    }

    private func firstResultWins() async throws {
        let first = result([try await upload([10])], servedBy: "first")
        let second = result([try await upload([11])], servedBy: "second")
        #expect(try await store.store(first, for: action("won")) == nil)
        #expect(try await store.store(second, for: action("won")) == first)
        #expect(try await store.store(first, for: action("won")) == nil)
        #expect(try await store.result(for: action("won")) == first)
    }

    /// A result whose blobs are gone can never be used, so it must not win.
    private func incompleteResultGivesWay() async throws {
        let dangling = result([Digest(of: [99])], servedBy: "dangling")
        let complete = result([try await upload([12])], servedBy: "complete")
        #expect(try await store.store(dangling, for: action("dangling")) == nil)
        #expect(try await store.store(complete, for: action("dangling")) == nil)
        #expect(try await store.result(for: action("dangling")) == complete)
    }

    private func refusesWhatIsNotTheBlob() async throws {
        let wrong = try directory.write([7, 7, 7, 7], to: "wrong")
        for blob in [Digest(of: [8, 8, 8, 8]), Digest(of: [8, 8, 8]), Digest(of: [8, 8, 8, 8, 8])] {
            await refuses { try await store.store(blob, from: wrong) }
            #expect(try await store.missing(of: [blob]) == [blob])
        }
        await refuses { try await store.store(Digest(of: [9]), from: directory("not there")) }
    }

    private func refuses(_ upload: () async throws -> Void) async {
        if uploadsThrow {
            await #expect(throws: Diagnostic.self) { try await upload() }
        } else {
            await #expect(throws: Never.self) { try await upload() }
        }
    }

    private func leavesOtherFilesAlone() async throws {
        let blob = try await upload([20, 21])
        let path = try directory.write([1], to: "taken")
        await #expect(throws: Diagnostic.self) { try await store.fetch(blob, to: path) }
        #expect(try contents(path) == [1])
        await #expect(throws: Diagnostic.self) { try await store.fetch(blob, to: directory("no/such/place")) }
    }

    private func servesManyAtOnce() async throws {
        let blobs = (0..<64).map { number in [UInt8](repeating: UInt8(number), count: 10_000 + number) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, bytes) in blobs.enumerated() {
                group.addTask {
                    let blob = try await upload(bytes)
                    let mine = result([blob], servedBy: "\(number)")
                    let standing = try await store.store(mine, for: action("many \(number % 8)"))
                    #expect(standing != mine)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.missing(of: blobs.map { Digest(of: $0) }).isEmpty)
        for number in 0..<8 {
            let winner = try #require(try await store.result(for: action("many \(number)")))
            #expect(Int(winner.servedBy).map { $0 % 8 } == number)
            #expect(try await store.fetch(winner.outputs[0].digest, to: directory("many-\(number)")))
        }
    }
}

/// What every shared cache must do when what it holds is damaged.
struct DamageConformance {
    let store: any CacheStore
    let directory: TemporaryDirectory
    /// The file in which an entry (`ac`) or a blob (`cas`) is kept.
    let file: (_ space: String, _ digest: Digest) -> String

    func check() async throws {
        var random = SeededBytes()
        let bytes = random.bytes(70_000)
        let position = Int.random(in: 0..<bytes.count, using: &random)
        try await heals(bytes, "one bit flipped") { $0?[position] ^= 1 << UInt8(position % 8) }
        try await heals(bytes, "cut short") { $0?.removeLast(position + 1) }
        try await heals(bytes, "emptied") { $0 = [] }
        try await heals(bytes, "gone") { $0 = nil }
        try await heals(bytes, "longer") { $0?.append(0) }
        try await entriesAreVerified(&random)
    }

    private func heals(_ bytes: [UInt8], _ name: String, damage: (inout [UInt8]?) -> Void) async throws {
        let blob = Digest(of: bytes)
        let source = try directory.write(bytes, to: "source")
        try await store.store(blob, from: source)
        var damaged: [UInt8]? = bytes
        damage(&damaged)
        if let damaged { try overwrite(file("cas", blob), with: damaged) } else { unlink(file("cas", blob)) }

        let target = directory("fetched \(name)")
        #expect(try await !store.fetch(blob, to: target), "\(name)")
        #expect(!exists(target), "\(name)")
        #expect(try await store.missing(of: [blob]) == [blob], "\(name)")
        try await store.store(blob, from: source)
        #expect(try await store.fetch(blob, to: target), "\(name)")
        #expect(try contents(target) == bytes, "\(name)")
    }

    private func entriesAreVerified(_ random: inout SeededBytes) async throws {
        let good = result([.empty], servedBy: "somebody")
        let encoded = good.encoded(for: action("sealed"))
        for number in 0..<40 {
            try await store.store(good, for: action("sealed"))
            var bytes = encoded
            switch number {
            case 0: bytes = []
            case 1: bytes = [UInt8](repeating: 0x0a, count: (4 << 20) + 1)
            case 2: bytes.removeLast()
            default: bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1 ... 255, using: &random)
            }
            try overwrite(file("ac", action("sealed").digest), with: bytes)
            let read = try await store.result(for: action("sealed"))
            // Damage to the metadata's type may hide the seal, as if another client had written the entry; the outputs stand.
            #expect(read == nil || read?.outputs == good.outputs, "entry \(number)")
        }
    }

    private func overwrite(_ path: String, with bytes: [UInt8]) throws {
        try #require(exists(path))
        try Data(bytes).write(to: URL(filePath: path))
    }
}
