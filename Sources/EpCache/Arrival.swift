/// A result that is on its way here from another cache: those that arrive at the same time become durable together.
public final class Arrival: Sendable {
    private let committer: Committer?

    init(at committer: Committer?) {
        self.committer = committer
        committer?.begin()
    }

    deinit { committer?.end() }
}

extension DiskCache {
    /// As long as it lives, others that have arrived wait a moment for this one.
    public func makeArrival() -> Arrival { Arrival(at: (try? writing.get())?.committer) }
}
