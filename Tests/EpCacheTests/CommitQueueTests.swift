import EpCore
import Testing

@testable import EpCache

/// When results wait for others, and when they do not.
@Suite struct CommitQueueTests {
    private func queue() -> CommitQueue<Int> { CommitQueue<Int>() }

    /// What is committed; nil while it is rested, [] at the end.
    private func next(_ queue: inout CommitQueue<Int>, isOver: Bool = false) -> [Int]? {
        switch queue.next(isOver: isOver) {
        case .commit(let orders): orders
        case .rest: nil
        case .end: []
        }
    }

    @Test func aLoneResultWaitsForNobody() {
        var queue = queue()
        queue.begin()
        #expect(queue.add(1, isUrgent: false) == .start)
        #expect(next(&queue) == [1] && next(&queue) == [])
        #expect(queue.end() == .none)
        #expect(queue.add(2, isUrgent: false) == .start, "one that nobody holds")
    }

    @Test func aResultWaitsForThoseThatAreBeingMade() {
        var queue = queue()
        for _ in 0..<3 { queue.begin() }
        #expect(queue.add(1, isUrgent: false) == .start && next(&queue) == nil)
        #expect(queue.add(2, isUrgent: false) == .none && next(&queue) == nil)
        #expect(queue.add(3, isUrgent: false) == .wake && next(&queue) == [1, 2, 3])
    }

    @Test func oneThatFailsIsNotWaitedFor() {
        var queue = queue()
        for _ in 0..<2 { queue.begin() }
        #expect(queue.add(1, isUrgent: false) == .start && next(&queue) == nil)
        #expect(queue.end() == .wake && next(&queue) == [1])
    }

    @Test func nobodyWaitsForLong() {
        var queue = queue()
        for _ in 0..<2 { queue.begin() }
        #expect(queue.add(1, isUrgent: false) == .start && next(&queue) == nil)
        #expect(next(&queue, isOver: true) == [1])
    }

    /// Steps that wait for a place are not made yet: between one that has ended and the next one that begins, nothing is.
    @Test func whoeverExpectsMoreLetsResultsWaitLonger() {
        var queue = queue()
        queue.begin()
        #expect(queue.expect(true) == .none)
        #expect(queue.add(1, isUrgent: false) == .start)
        guard case .rest(isLong: true) = queue.next(isOver: false) else { return #expect(Bool(false), "it does not wait") }
        #expect(queue.add(2, isUrgent: false) == .none)
        #expect(queue.expect(false) == .wake && next(&queue) == [1, 2])
    }

    @Test func expectingMoreHoldsUpNothingThatWasPaidFor() {
        var queue = queue()
        queue.begin()
        #expect(queue.expect(true) == .none && queue.add(1, isUrgent: true) == .start && next(&queue) == [1])
    }

    @Test func whatWasPaidForWaitsForNobody() {
        var queue = queue()
        for _ in 0..<9 { queue.begin() }
        #expect(queue.add(1, isUrgent: false) == .start && next(&queue) == nil)
        #expect(queue.add(2, isUrgent: true) == .wake && next(&queue) == [1, 2])
        #expect(queue.add(3, isUrgent: false) == .none && next(&queue) == nil, "the next one may wait again")
    }

    @Test func manyWaitForNobody() {
        var queue = queue()
        for _ in 0..<1000 { queue.begin() }
        #expect(queue.add(0, isUrgent: false) == .start && next(&queue) == nil)
        let calls = (1..<CommitQueue<Int>.most).map { queue.add($0, isUrgent: false) }
        #expect(calls.last == .wake && calls.dropLast().allSatisfy { $0 == .none })
        #expect(next(&queue)?.count == CommitQueue<Int>.most)
    }

    /// Results of actions that are being made at once are made durable at once, however long they would wait.
    @Test func resultsShareABatch() async throws {
        let test = try TestCache(patience: .seconds(100_000))
        let locks = [try await test.cache.lock(action("a")), try await test.cache.lock(action("b")), try await test.cache.lock(action("c"))]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in ["a", "b"] { group.addTask { try await test.publish(["x": name], for: action(name)) } }
            // The third fails.
            locks[2].release()
            try await group.waitForAll()
        }
        #expect(test.cache.batches == 1)
        #expect(test.cache.lookup(action("a"), requiring: ["x"]) != .miss && test.cache.lookup(action("b"), requiring: ["x"]) != .miss)
        let paid = ActionResult(outputs: [.init(path: "x", digest: digest("a"))], servedBy: "test", cost: Cost(microUSD: 1))
        _ = try await test.cache.publish(paid, for: action("paid"))
        #expect(test.cache.batches == 2, "others are held, and it is stored all the same")
        locks.forEach { $0.release() }
    }

    /// What comes from another cache was paid for there, and is lost to nobody: it waits for what arrives at the same time.
    @Test func whatArrivesTogetherBecomesDurableTogether() async throws {
        let test = try TestCache(patience: .seconds(100_000))
        let paid = ActionResult(outputs: [], servedBy: "test", cost: Cost(microUSD: 5))
        var arrivals = (0..<3).map { _ in test.cache.makeArrival() }
        async let first = test.cache.publish(paid, for: action("first"), isCopy: true)
        async let second = test.cache.publish(paid, for: action("second"), isCopy: true)
        try await Task.sleep(for: .milliseconds(100))
        #expect(test.cache.batches == 0, "the third is on its way")
        // It is not there, after all.
        arrivals.removeLast()
        _ = try await (first, second)
        #expect(test.cache.batches == 1)
        _ = try await test.cache.publish(paid, for: action("made here"))
        #expect(test.cache.batches == 2, "what was paid for here waits for nobody")
        arrivals = []
    }
}
