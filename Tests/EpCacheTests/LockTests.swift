import EpCache
import EpCore
import EpFiles
import Synchronization
import Testing

@Suite struct LockTests {
    @Test func oneHoldsItAtATime() async throws {
        let pauses = Atomic<Int>(0)
        let pause = Pause { _ in
            pauses.add(1, ordering: .relaxed)
            await Task.yield()
        }
        let test = try TestCache(pause: pause)
        let other = try test.another(pause: pause)
        for cache in [test.cache, other] {
            let held = try await test.cache.lock(action("a"))
            let isFree = Atomic<Bool>(false)
            let waiting = Task {
                let lock = try await cache.lock(action("a"))
                let wasFree = isFree.load(ordering: .acquiring)
                #expect(wasFree)
                lock.release()
            }
            try await other.lock(action("b")).release()  // another action is free
            // Whoever waits has asked in vain.
            let before = pauses.load(ordering: .relaxed)
            while pauses.load(ordering: .relaxed) < before + 3 { await Task.yield() }
            isFree.store(true, ordering: .releasing)
            held.release()
            held.release()
            try await waiting.value
        }
    }

    @Test func waitingCanBeCancelled() async throws {
        let test = try TestCache()
        let held = try await test.cache.lock(action("a"))
        let waiting = Task { try await test.another().lock(action("a")) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        held.release()
        try await test.another().lock(action("a")).release()
    }

    @Test func aForgottenLockIsReleased() async throws {
        let test = try TestCache()
        _ = try await test.cache.lock(action("a"))
        try await test.another().lock(action("a")).release()
    }

    /// Eight instances (processes, to the kernel) of fifty tasks each run the same twenty actions.
    @Test func everyActionRunsOnceInAll() async throws {
        let test = try TestCache()
        let runs = Runs()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for instance in 0..<8 {
                let cache = try test.another()
                for task in 0..<50 {
                    group.addTask {
                        let number = (task * 7 + instance) % 20
                        let lock = try await cache.lock(action("\(number)"))
                        defer { lock.release() }
                        if case .hit = cache.lookup(action("\(number)"), requiring: ["x"]) { return }
                        runs.byAction.withLock { $0[number, default: 0] += 1 }
                        let blob = try cache.stage(bytes: Array("by \(instance)".utf8))
                        let result = ActionResult(outputs: [.init(path: "x", digest: blob.digest)], servedBy: "\(instance)")
                        #expect(try await cache.publish(result, for: action("\(number)"), blobs: [blob]).isFirst)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(runs.byAction.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, 1) }))
    }

    private final class Runs: Sendable { let byAction = Mutex<[Int: Int]>([:]) }

    /// Without locks, too, all agree on one result.
    @Test func racingPublishersAgree() async throws {
        let test = try TestCache()
        let standing = try await withThrowingTaskGroup(of: ActionResult.self) { group in
            for instance in 0..<8 {
                let cache = try test.another()
                group.addTask {
                    let blob = try cache.stage(bytes: Array("by \(instance)".utf8))
                    let result = ActionResult(outputs: [.init(path: "x", digest: blob.digest)], servedBy: "\(instance)")
                    return try await cache.publish(result, for: action("a"), blobs: [blob]).result
                }
            }
            return try await group.reduce(into: Set<ActionResult>()) { $0.insert($1) }
        }
        #expect(standing.count == 1)
        #expect(test.cache.lookup(action("a"), requiring: ["x"]) == standing.first.map(Lookup.hit))
    }
}
