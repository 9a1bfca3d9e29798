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
