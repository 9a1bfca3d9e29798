import EpCache
import EpCore
import Synchronization
import Testing

@testable import EpEngine

/// Results on their way to a shared cache.
@Suite struct SharingTests {
    @Test(arguments: [false, true]) func aBlobOfSeveralResultsIsSentOnce(failsAtFirst: Bool) async throws {
        let directory = try TestDirectory()
        let cache = try DiskCache(path: "\(directory.path)/cache")
        let blob = try cache.stage(bytes: Array("the same".utf8))
        var results: [(ActionDigest, ActionResult)] = []
        for name in ["first", "second", "third"] {
            let action = ActionDigest(Digest(of: Array(name.utf8)))
            let result = ActionResult(outputs: [.init(path: "\(name).txt", digest: blob.digest, isExecutable: false)], servedBy: "test")
            _ = try await cache.publish(result, for: action, blobs: [blob])
            results.append((action, result))
        }
        let store = SlowStore(failsAtFirst: failsAtFirst)
        let tally = await Sharing(cache: cache, remote: store).push(results)
        #expect(store.stored == [blob.digest] && store.most == 1, "never by two at a time")
        #expect(tally.shared == (failsAtFirst ? 0 : 3) && tally.failed == (failsAtFirst ? 3 : 0))
        // Who failed tries again.
        #expect(await Sharing(cache: cache, remote: store).push(results).shared == 3)
    }

    /// Hundreds of results are one question; where a question costs as much as a small blob, it is none.
    @Test(arguments: [0, 100]) func blobsOfManyResultsAreAskedForTogether(unasked: Int64) async throws {
        let directory = try TestDirectory()
        let cache = try DiskCache(path: "\(directory.path)/cache")
        let results = (0..<700).map { number in
            let blob = Digest(of: Array("\(number)".utf8))
            return (ActionDigest(blob), ActionResult(outputs: [.init(path: "a", digest: blob, isExecutable: false)], servedBy: "test"))
        }
        let store = CountingStore(unasked)
        #expect(await Sharing(cache: cache, remote: store).push(results).shared == 700)
        #expect(store.counts.blobs == (unasked == 0 ? 350 : 700), "every second one is there")
        #expect(store.counts.questions == (unasked == 0 ? 2 : 0))
        #expect(store.counts.results == 700)
    }

    /// Where small outputs travel with their results, no blob is asked for or sent, and what comes is whole.
    @Test func smallOutputsTravelWithTheirResults() async throws {
        let directory = try TestDirectory()
        let cache = try DiskCache(path: "\(directory.path)/cache")
        let action: (String) -> ActionDigest = { ActionDigest(Digest(of: Array("action of \($0)".utf8))) }
        var results: [(ActionDigest, ActionResult)] = []
        for (name, size) in [("small", 16 << 10), ("empty", 0), ("large", (16 << 10) + 1)] {
            let blob = try cache.stage(bytes: [UInt8](repeating: 7, count: size))
            let result = ActionResult(outputs: [.init(path: name, digest: blob.digest)], servedBy: "test")
            _ = try await cache.publish(result, for: action(name), blobs: [blob])
            results.append((action(name), result))
        }
        let store = InliningStore()
        #expect(await Sharing(cache: cache, remote: store).push(results).shared == 3)
        #expect(store.blobs == [results[2].1.outputs[0].digest])
        let other = try DiskCache(path: "\(directory.path)/other")
        for (action, result) in results.prefix(2) {
            #expect(try await Sharing(cache: other, remote: store).fetch(action, requiring: result.outputs.map(\.path)) == result)
        }
        #expect(try other.bytes(results[0].1.outputs[0].digest) == [UInt8](repeating: 7, count: 16 << 10))
    }
}

/// Keeps small outputs with their results, and never gives a blob.
private final class InliningStore: CacheStore {
    let name = "a test"
    let inlines = true
    private let state = Mutex((results: [ActionDigest: SharedResult](), blobs: [Digest]()))

    var blobs: [Digest] { state.withLock { $0.blobs } }

    func result(for action: ActionDigest) async throws -> ActionResult? { try await sharedResult(for: action)?.result }
    func sharedResult(for action: ActionDigest) async throws -> SharedResult? { state.withLock { $0.results[action] } }
    func store(_ result: ActionResult, for action: ActionDigest) async throws -> ActionResult? { nil }

    func store(_ shared: SharedResult, for action: ActionDigest) async throws -> SharedResult? {
        state.withLock { $0.results[action] = shared }
        return nil
    }

    func missing(of blobs: [Digest]) async throws -> [Digest] { blobs }
    func fetch(_ blob: Digest, to path: String) async throws -> Bool { false }
    func store(_ blob: Digest, from path: String) async throws { state.withLock { $0.blobs.append(blob) } }
}

/// Has every second blob, and counts.
private final class CountingStore: CacheStore {
    let name = "a test"
    let unaskedSize: Int64
    private let state = Mutex((questions: 0, blobs: 0, results: 0))

    init(_ unaskedSize: Int64) { self.unaskedSize = unaskedSize }

    var counts: (questions: Int, blobs: Int, results: Int) { state.withLock { $0 } }

    func result(for action: ActionDigest) async throws -> ActionResult? { nil }
    func fetch(_ blob: Digest, to path: String) async throws -> Bool { false }
    func store(_ blob: Digest, from path: String) async throws { state.withLock { $0.blobs += 1 } }

    func store(_ result: ActionResult, for action: ActionDigest) async throws -> ActionResult? {
        state.withLock { $0.results += 1 }
        return nil
    }

    func missing(of blobs: [Digest]) async throws -> [Digest] {
        // That none is missing needs no question.
        if !blobs.isEmpty { state.withLock { $0.questions += 1 } }
        let numbers = Dictionary(uniqueKeysWithValues: (0..<700).map { (Digest(of: Array("\($0)".utf8)), $0) })
        return blobs.filter { (numbers[$0] ?? 0).isMultiple(of: 2) }
    }
}

/// Takes a while for each blob, and counts.
private final class SlowStore: CacheStore {
    private struct State {
        var stored: [Digest] = []
        var running = 0
        var most = 0
        var fails: Bool
    }

    let name = "a test"
    private let state: Mutex<State>

    init(failsAtFirst: Bool) { state = Mutex(State(fails: failsAtFirst)) }

    var stored: [Digest] { state.withLock { $0.stored } }
    /// Blobs that came at the same time, at most.
    var most: Int { state.withLock { $0.most } }

    func result(for action: ActionDigest) async throws -> ActionResult? { nil }
    func store(_ result: ActionResult, for action: ActionDigest) async throws -> ActionResult? { nil }
    func fetch(_ blob: Digest, to path: String) async throws -> Bool { false }
    /// As all ask before the first is there.
    func missing(of blobs: [Digest]) async throws -> [Digest] { blobs }

    func store(_ blob: Digest, from path: String) async throws {
        let fails = state.withLock { state in
            state.running += 1
            state.most = max(state.most, state.running)
            state.stored.append(blob)
            defer { state.fails = false }
            return state.fails
        }
        defer { state.withLock { $0.running -= 1 } }
        try await Task.sleep(for: .milliseconds(50))
        if fails { throw Diagnostic(.system, "no room") }
    }
}
