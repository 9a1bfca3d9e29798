import EpPlan

/// Which step may go on: the states of all steps, and the limits of their pools.
///
/// A pure value: no clock, no task, no lock. The builder asks it what to do and tells it what happened.
struct Schedule {
    enum State: Equatable {
        /// Some dependencies have not finished.
        case waiting(Int)
        /// Its inputs are known: its address can be looked up.
        case ready
        case lookingUp
        /// Not in the cache; waits for a place in a pool.
        case queued
        case running
        /// It ran, and is being stored: it needs no place any more.
        case publishing
        case finished(End)
    }

    enum End: Equatable {
        case succeeded, failed
        /// Something that it depends on failed.
        case blocked
        /// Its result is not there, and nothing may be run (a dry run).
        case missing
    }

    /// Places in each pool; a pool that is not named has no limit.
    let limits: [Pool: Int]
    private(set) var states: [State] = []
    private var dependents: [[Int32]] = []
    private var ready = Queue()
    /// Those among them that are likely to be made.
    private var news = Queue()
    private var queues: [Pool: Queue] = [:]
    private var occupied: [Pool: Int] = [:]
    private var pools: [StepID: Pool] = [:]
    /// Steps whose results are used while they are stored.
    private var lent: Set<StepID> = []

    init(limits: [Pool: Int]) { self.limits = limits }

    /// Makes room for so many steps in all.
    mutating func reserve(_ count: Int) {
        states.reserveCapacity(count)
        dependents.reserveCapacity(count)
    }

    /// Adds the next step. Steps are added in the order of their numbers.
    mutating func add(dependencies: [StepID]) {
        let id = StepID(states.count)
        dependents.append([])
        var open = 0
        var worst: End?
        for dependency in dependencies {
            precondition(dependency < id, "a step's dependencies are added before it")
            switch states[dependency.index] {
            case .finished(.succeeded): break
            case .finished(let end): worst = Self.inherited(end)
            case .publishing where lent.contains(dependency): break
            default:
                open += 1
                dependents[dependency.index].append(Int32(id.index))
            }
        }
        if let worst {
            states.append(.finished(worst))
        } else if open > 0 {
            states.append(.waiting(open))
        } else {
            states.append(.ready)
            ready.append(id)
        }
    }

    /// Of the steps whose address can be looked up, some are taken by themselves.
    mutating func bringForward(where isNew: (StepID) -> Bool) {
        var others = Queue()
        while let id = ready.popFirst() { if isNew(id) { news.append(id) } else { others.append(id) } }
        ready = others
    }

    /// Steps whose address can be looked up, in order; they count as being looked up from now on.
    mutating func takeReady(atMost count: Int = .max) -> [StepID] { take(count, from: \.ready) }

    /// The same of those that were brought forward.
    mutating func takeNews(atMost count: Int = .max) -> [StepID] { take(count, from: \.news) }

    private mutating func take(_ count: Int, from queue: WritableKeyPath<Self, Queue>) -> [StepID] {
        var taken: [StepID] = []
        while taken.count < count, let id = self[keyPath: queue].popFirst() {
            states[id.index] = .lookingUp
            taken.append(id)
        }
        return taken
    }

    /// How many of those that were brought forward wait.
    var newsCount: Int { news.count }

    /// How many steps wait to be looked up.
    var readyCount: Int { ready.count + news.count }

    /// The step is not in the cache and waits for its turn in a pool.
    mutating func enqueue(_ id: StepID, in pool: Pool) {
        release(id)
        states[id.index] = .queued
        queues[pool, default: Queue()].append(id)
    }

    /// Whether a step that is to run waits for a place.
    var hasQueued: Bool { queues.contains { $0.key != .fetch && !$0.value.isEmpty } }

    /// How many steps have a place in a pool.
    func places(in pool: Pool) -> Int { occupied[pool, default: 0] }

    /// The next step that a pool has a place for.
    /// - Parameter isFree: whether others that share a pool of so many places leave one; asked when a step would take it.
    mutating func startNext(isFree: (Pool, Int) -> Bool = { _, _ in true }) -> (id: StepID, pool: Pool)? {
        for pool in queues.keys.sorted(by: { $0.name < $1.name }) {
            let limit = limits[pool] ?? .max
            guard occupied[pool, default: 0] < limit, queues[pool]?.isEmpty == false, isFree(pool, limit), let id = queues[pool]?.popFirst()
            else { continue }
            occupied[pool, default: 0] += 1
            pools[id] = pool
            states[id.index] = .running
            return (id, pool)
        }
        return nil
    }

    /// The step has run; its place is free, though it is not stored yet.
    mutating func ran(_ id: StepID) {
        release(id)
        states[id.index] = .publishing
    }

    /// What a step has made may be used though it is being stored: nothing waits for it any more.
    mutating func lend(_ id: StepID) {
        precondition(states[id.index] == .publishing, "what is lent has been made")
        lent.insert(id)
        for index in dependents[id.index] { release(dependent: StepID(Int(index))) }
        dependents[id.index] = []
    }

    /// Takes a step aside: it goes on when it is known how, and needs no place until then.
    mutating func hold(_ id: StepID) {
        release(id)
        states[id.index] = .lookingUp
    }

    /// Puts a step back that did not come out: another action is done in its place.
    mutating func restart(_ id: StepID) {
        release(id)
        states[id.index] = .ready
        ready.append(id)
    }

    /// Ends a step, and everything that depends on it if it did not succeed.
    /// - Returns: the steps that ended with it, itself first.
    @discardableResult
    mutating func finish(_ id: StepID, _ end: End) -> [StepID] {
        if case .finished = states[id.index] { return [] }
        release(id)
        lent.remove(id)
        var ended = [id]
        states[id.index] = .finished(end)
        // A list of what has ended and not of calls: a novel's chain of dependents is as long as the novel.
        var next = 0
        while next < ended.count {
            let id = ended[next]
            for index in dependents[id.index] {
                let dependent = StepID(Int(index))
                guard case .waiting = states[dependent.index] else { continue }
                if end != .succeeded {
                    states[dependent.index] = .finished(Self.inherited(end))
                    ended.append(dependent)
                } else {
                    release(dependent: dependent)
                }
            }
            dependents[id.index] = []
            next += 1
        }
        return ended
    }

    /// Takes back everything that has not started. What runs goes on.
    mutating func stopStarting() {
        (ready, news) = (Queue(), Queue())
        queues.removeAll()
    }

    /// One of those that it waits for is there.
    private mutating func release(dependent id: StepID) {
        guard case .waiting(let open) = states[id.index] else { return }
        states[id.index] = open == 1 ? .ready : .waiting(open - 1)
        if open == 1 { ready.append(id) }
    }

    private static func inherited(_ end: End) -> End { end == .missing ? .missing : .blocked }

    private mutating func release(_ id: StepID) {
        if let pool = pools.removeValue(forKey: id) { occupied[pool, default: 1] -= 1 }
    }

    /// First in, first out, without moving the rest.
    private struct Queue {
        private var items: [StepID] = []
        private var head = 0

        var count: Int { items.count - head }
        var isEmpty: Bool { head == items.count }

        mutating func append(_ id: StepID) { items.append(id) }

        mutating func popFirst() -> StepID? {
            guard head < items.count else { return nil }
            let first = items[head]
            head += 1
            if isEmpty { self = Queue() }
            return first
        }
    }
}
