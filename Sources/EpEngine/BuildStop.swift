import Synchronization

/// Stops the builds that it is given to, and no others.
public final class BuildStop: Sendable {
    private struct State {
        var isAsked = false
        var passes: [Int: @Sendable () -> Void] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    public init() {}

    public var isAsked: Bool { state.withLock(\.isAsked) }

    /// Starts no new step; those that run are finished and stored, and the builds end as interrupted. One that begins later
    /// ends so at once.
    public func ask() {
        state.withLock { state in
            state.isAsked = true
            state.passes.values.forEach { $0() }
        }
    }

    /// - Parameter stop: is called if a stop is asked for before `forget`; at once, if it has been.
    func remember(_ stop: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            if state.isAsked { stop() }
            state.next += 1
            state.passes[state.next] = stop
            return state.next
        }
    }

    func forget(_ number: Int) { state.withLock { $0.passes[number] = nil } }
}
