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

extension DiskCache {
    /// What somebody expects who is going to make results, nothing yet.
    public func makeExpectation() -> Expectation { Expectation(of: (try? writing.get())?.committer) }
}
