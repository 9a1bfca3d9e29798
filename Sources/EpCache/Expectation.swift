/// Whether somebody has more results to make than there is room for at once: then those that are finished wait longer for each other, and
/// more of them become durable together. Of use by one task at a time.
public final class Expectation {
    private let committer: Committer?
    /// Whether there is more to come.
    public var isMore = false {
        didSet { if isMore != oldValue { committer?.expect(isMore) } }
    }

    init(of committer: Committer?) { self.committer = committer }

    deinit { if isMore { committer?.expect(false) } }
}

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

    /// What somebody expects who is going to make results, nothing yet.
    public func makeExpectation() -> Expectation { Expectation(of: (try? writing.get())?.committer) }
}
