public import EpCore
import FoundationEssentials
import Glibc

/// What every cache store must do, near or far. Each check uses digests of its own, so that one store serves them all.
public struct StoreConformance: Sendable {
    let store: any CacheStore
    let directory: TemporaryDirectory
    let uploadsThrow: Bool
    let isShared: Bool

    /// - Parameters:
    ///   - store: an empty one.
    ///   - directory: for files.
    ///   - uploadsThrow: whether an upload of a damaged file is an error, or left out with a warning.
    ///   - isShared: whether it is far away: it takes a result whose blobs it may not have.
    public init(store: any CacheStore, directory: TemporaryDirectory, uploadsThrow: Bool = true, isShared: Bool = true) {
        (self.store, self.directory, self.uploadsThrow, self.isShared) = (store, directory, uploadsThrow, isShared)
    }

    /// - Throws: `Nonconformance`.
    public func check() async throws {
        try await holdsNothingAtFirst()
        try await keepsBlobs()
        try await keepsResults()
        try await firstResultWins()
        try await incompleteResultGivesWay()
        if store.inlines { try await carriesSmallOutputs() }
        try await refusesWhatIsNotTheBlob()
        if isShared { try await leavesOtherFilesAlone() }
        try await servesManyAtOnce()
    }

    private func upload(_ bytes: [UInt8]) async throws -> Digest {
        let digest = Digest(of: bytes)
        try await store.store(digest, from: directory.write(bytes, to: "up-\(digest.short)"))
        return digest
    }

    private func holdsNothingAtFirst() async throws {
        let blob = Digest(of: [1, 2, 3])
        try await expect("a result that nobody has stored is not there") { try await store.result(for: action("nothing")) == nil }
        try await expect("the empty blob is always there, and what is asked for twice is told twice") {
            try await store.missing(of: [blob, .empty, blob]) == [blob, blob]
        }
        try await expect("of no blobs none is missing") { try await store.missing(of: []) == [] }
        try await expect("what is missing is not fetched") { try await !store.fetch(blob, to: directory("nothing")) }
        try await expect("what is missing leaves no file") { !exists(directory("nothing")) }
        try await expect("the empty blob is fetched") { try await store.fetch(.empty, to: directory("empty")) }
        try await expect("the empty blob is empty") { try contents(directory("empty")).isEmpty }
    }

    private func keepsBlobs() async throws {
        var random = SeededBytes()
        for size in [0, 1, 79, 4096, 262_144, 262_145, 1_500_000] {
            let bytes = random.bytes(size)
            let blob = try await upload(bytes)
            try await expect("what is stored twice is stored once") { try await upload(bytes) == blob }
            try await expect("the file that is stored stays") { try contents(directory("up-\(blob.short)")) == bytes }
            try await expect("what is stored is not missing") { try await store.missing(of: [blob]).isEmpty }
            try await expect("what is stored is fetched") { try await store.fetch(blob, to: directory("down-\(size)")) }
            try await expect("\(size) bytes come back as they were") { try contents(directory("down-\(size)")) == bytes }
        }
    }

    private func keepsResults() async throws {
        let stored = result([try await upload([1]), try await upload([2]), .empty])
        try await expect("the first result stands") { try await store.store(stored, for: action("kept")) == nil }
        try await expect("a result comes back as it was") { try await store.result(for: action("kept")) == stored }
        try await expect("another action has no result by that") { try await store.result(for: action("not kept")) == nil }
        try await expect("a result may have no outputs") { try await store.store(result([]), for: action("no outputs")) == nil }
        try await expect("and comes back without") { try await store.result(for: action("no outputs")) == result([]) }
    }

    private func firstResultWins() async throws {
        let first = result([try await upload([10])], servedBy: "first")
        let second = result([try await upload([11])], servedBy: "second")
        try await expect("the first result stands") { try await store.store(first, for: action("won")) == nil }
        try await expect("of a second result, the first is the answer") { try await store.store(second, for: action("won")) == first }
        try await expect("the same again is no other") { try await store.store(first, for: action("won")) == nil }
        try await expect("the first stays") { try await store.result(for: action("won")) == first }
    }

    /// A result whose blobs are gone can never be used, so it must not win.
    private func incompleteResultGivesWay() async throws {
        let dangling = result([Digest(of: Array("nobody stores this".utf8))], servedBy: "dangling")
        let complete = result([try await upload([12])], servedBy: "complete")
        if isShared {
            try await expect("a result whose blobs are not there is taken") {
                try await store.store(dangling, for: action("dangling")) == nil
            }
        } else {
            try await refuse("a result whose blobs are not there is refused", as: Diagnostic.self) {
                _ = try await store.store(dangling, for: action("dangling"))
            }
        }
        try await expect("a result whose blobs are there takes its place") {
            try await store.store(complete, for: action("dangling")) == nil
        }
        try await expect("and stands") { try await store.result(for: action("dangling")) == complete }
    }

    /// Outputs in the entry of their result, of which nobody has made a blob, or whose blob is gone.
    private func carriesSmallOutputs() async throws {
        let (large, small) = (try await upload([30]), Digest(of: [31]))
        let carried = SharedResult(result([large, small]), contents: [small: [31]])
        try await expect("an output may come with its result") { try await store.store(carried, for: action("carried")) == nil }
        try await expect("it comes back with it") { try await store.sharedResult(for: action("carried")) == carried }
        try await expect("the result is what it is without") { try await store.result(for: action("carried")) == carried.result }
        let other = SharedResult(result([large, large], servedBy: "other"))
        try await expect("such a result wins as any other") { try await store.store(other, for: action("carried")) == carried }
        let lost = result([small], servedBy: "lost")
        try await expect("a result whose blobs are not there is taken") { try await store.store(lost, for: action("lost")) == nil }
        let again = SharedResult(lost, contents: [small: [31]])
        try await expect("the same takes its place where it brings them") { try await store.store(again, for: action("lost")) == nil }
        try await expect("then they are there") { try await store.sharedResult(for: action("lost")) == again }
    }

    private func refusesWhatIsNotTheBlob() async throws {
        let wrong = try directory.write([7, 7, 7, 7], to: "wrong")
        for blob in [Digest(of: [8, 8, 8, 8]), Digest(of: [8, 8, 8]), Digest(of: [8, 8, 8, 8, 8])] {
            try await refuseUpload("a file of other bytes is no blob") { try await store.store(blob, from: wrong) }
            try await expect("what was refused is missing") { try await store.missing(of: [blob]) == [blob] }
        }
        try await refuseUpload("a file that is not there is no blob") {
            try await store.store(Digest(of: Array("nor this".utf8)), from: directory("not there"))
        }
    }

    private func refuseUpload(_ words: String, _ upload: () async throws -> Void) async throws {
        if uploadsThrow { try await refuse(words, as: Diagnostic.self, upload) } else { try await upload() }
    }

    /// The local cache puts a copy in place of what a person has; from afar, nothing comes over anything.
    private func leavesOtherFilesAlone() async throws {
        let blob = try await upload([20, 21])
        let path = try directory.write([1], to: "taken")
        try await refuse("what is fetched replaces no file", as: Diagnostic.self) { _ = try await store.fetch(blob, to: path) }
        try await expect("the file stays as it was") { try contents(path) == [1] }
        try await refuse("no directories are made", as: Diagnostic.self) { _ = try await store.fetch(blob, to: directory("no/such/place")) }
    }

    private func servesManyAtOnce() async throws {
        let blobs = (0..<64).map { number in [UInt8](repeating: UInt8(number), count: 10_000 + number) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, bytes) in blobs.enumerated() {
                group.addTask {
                    let blob = try await upload(bytes)
                    let mine = result([blob], servedBy: "\(number)")
                    let standing = try await store.store(mine, for: action("many \(number % 8)"))
                    try await expect("who has won is not told that another has") { standing != mine }
                }
            }
            try await group.waitForAll()
        }
        try await expect("all blobs are there") { try await store.missing(of: blobs.map { Digest(of: $0) }).isEmpty }
        for number in 0..<8 {
            guard let winner = try await store.result(for: action("many \(number)")) else { throw Nonconformance("one of many has won") }
            try await expect("one of those that were stored there has won") { Int(winner.servedBy).map { $0 % 8 } == number }
            try await expect("the winner's blobs are there") {
                try await store.fetch(winner.outputs[0].digest, to: directory("many-\(number)"))
            }
        }
    }
}
