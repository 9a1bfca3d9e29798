/// Puts together what is asked at the same time, so that many small questions cost few calls.
///
/// Nobody waits for others that are still to come: questions are sent while fewer than `width` calls are under way, and those that come
/// meanwhile go together.
actor Batches<Item: Sendable, Answer: Sendable> {
    private struct Waiting {
        let item: Item
        /// How much of a call's limit it takes.
        let weight: Int
        let continuation: CheckedContinuation<Answer, any Error>
    }

    private let width: Int
    private let limit: Int
    /// Answers as many as it is given, in their order.
    private let send: @Sendable ([Item]) async throws -> [Answer]
    private var waiting: [Waiting] = []
    private var running = 0

    /// - Parameters:
    ///   - width: calls at once.
    ///   - limit: the most that the items of one call may weigh together; one item goes in any case.
    init(width: Int = 2, limit: Int, send: @escaping @Sendable ([Item]) async throws -> [Answer]) {
        self.width = width
        self.limit = limit
        self.send = send
    }

    func ask(_ item: Item, weight: Int) async throws -> Answer {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            waiting.append(Waiting(item: item, weight: weight, continuation: continuation))
            start()
        }
    }

    private func start() {
        guard running < width, !waiting.isEmpty else { return }
        running += 1
        // Those who ask at this moment come before it.
        Task {
            while !waiting.isEmpty { await run(takeBatch()) }
            running -= 1
        }
    }

    private func takeBatch() -> [Waiting] {
        var weight = 0
        let count = waiting.prefix { each in
            weight += each.weight
            return weight <= limit
        }.count
        let batch = Array(waiting.prefix(max(count, 1)))
        waiting.removeFirst(batch.count)
        return batch
    }

    private func run(_ batch: [Waiting]) async {
        do {
            let answers = try await send(batch.map(\.item))
            precondition(answers.count == batch.count, "each item of a batch has an answer")
            for (waiting, answer) in zip(batch, answers) { waiting.continuation.resume(returning: answer) }
        } catch {
            for waiting in batch { waiting.continuation.resume(throwing: error) }
        }
    }
}
