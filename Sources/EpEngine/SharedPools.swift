import EpPlan
import Synchronization

/// The places in pools that several builds of one process share, so that together they start no more steps at once than one would.
public final class SharedPools: Sendable {
    private struct State {
        var occupied: [Pool: Int] = [:]
        /// Who was refused a place: each is called once, as soon as one is free.
        var waiting: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// Takes a place.
    /// - Parameters:
    ///   - limit: how many places the pool has for whoever asks.
    ///   - wake: called when it is worth asking again, if there is none now. It must not block.
    /// - Returns: false if there is none.
    func take(_ pool: Pool, limit: Int, orWake wake: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.occupied[pool, default: 0] < limit else {
                state.waiting.append(wake)
                return false
            }
            state.occupied[pool, default: 0] += 1
            return true
        }
    }

    /// Gives places back.
    func give(_ count: Int, of pool: Pool) {
        guard count > 0 else { return }
        let waiting = state.withLock { state in
            state.occupied[pool, default: 0] -= count
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0() }
    }
}

/// Which of the shared places a build has.
struct TakenPlaces {
    let pools: SharedPools
    private var taken: [Pool: Int] = [:]
    /// True if a step could not be started for want of a place.
    private(set) var isRefused = false

    init(in pools: SharedPools) { self.pools = pools }

    mutating func begin() { isRefused = false }

    mutating func take(_ pool: Pool, limit: Int, orWake wake: @escaping @Sendable () -> Void) -> Bool {
        guard pools.take(pool, limit: limit, orWake: wake) else {
            isRefused = true
            return false
        }
        taken[pool, default: 0] += 1
        return true
    }

    /// Gives back what is occupied no longer.
    /// - Parameter occupied: how many of the build's steps have a place in a pool.
    mutating func settle(_ occupied: (Pool) -> Int) {
        for (pool, count) in taken {
            let left = occupied(pool)
            guard count > left else { continue }
            taken[pool] = left
            pools.give(count - left, of: pool)
        }
    }
}
