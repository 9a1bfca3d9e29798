/// What waits to be committed, and whether it waits for more: a value that knows neither threads nor clocks.
///
/// Two `syncfs` make any number of results durable. So as long as others are being made here, one that is finished waits for them, but not
/// for
/// long; nobody waits for a result that is not being made or about to be, and what was paid for waits for nobody.
struct CommitQueue<Order>: ~Copyable {
    private var waiting: [Order] = []
    /// Actions that are held in this process: their results are being made, or wait here.
    private var making = 0
    /// Whoever has more to make as soon as there is a place for it.
    private var expecting = 0
    private var isUrgent = false
    private(set) var isRunning = false
    /// True while its thread gives others time to come.
    private var isResting = false
    /// As many as are committed at once though others are being made: what waits holds memory, and is waited for.
    static var most: Int { 256 }

    /// What its thread is to do.
    enum Next {
        case commit([Order])
        /// Until somebody calls, or others have had their time.
        /// - isLong: true while more is about to be made: to wait costs nothing then, as the machine has enough to do.
        case rest(isLong: Bool)
        /// Nothing waits; whoever comes next starts the thread anew.
        case end
    }

    /// What whoever has changed something is to do.
    enum Call { case none, start, wake }

    mutating func add(_ order: Order, isUrgent: Bool) -> Call {
        waiting.append(order)
        if isUrgent { self.isUrgent = true }
        guard isRunning else {
            isRunning = true
            return .start
        }
        return call
    }

    /// Somebody begins to make a result.
    mutating func begin() { making += 1 }

    /// Somebody who has made one is done with it, or has failed.
    mutating func end() -> Call {
        making -= 1
        return call
    }

    /// Somebody has more to make, or has no more.
    mutating func expect(_ isMore: Bool) -> Call {
        expecting += isMore ? 1 : -1
        return call
    }

    /// - Parameter isOver: true if others have had their time.
    mutating func next(isOver: Bool) -> Next {
        isResting = false
        if waiting.isEmpty {
            isRunning = false
            return .end
        }
        guard isOver || isComplete else {
            isResting = true
            return .rest(isLong: expecting > 0)
        }
        defer { (waiting, isUrgent) = ([], false) }
        return .commit(waiting)
    }

    private var isComplete: Bool { isUrgent || (expecting == 0 && waiting.count >= making) || waiting.count >= Self.most }

    private mutating func takeRest() -> Bool {
        defer { isResting = false }
        return isResting
    }

    private var call: Call {
        mutating get { isComplete && takeRest() ? .wake : .none }
    }
}
