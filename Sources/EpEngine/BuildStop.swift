import Synchronization

/// Stops the builds that it is given to, and no others.
public final class BuildStop: Sendable {
    /// How a build is to end, the gentlest first.
    public enum Manner: Int, Sendable, Comparable {
        /// Starts no new step; those that run are finished and stored. To be resumed: the build ends as paused.
        case pause
        /// The same, for a person who wants it to end: as interrupted.
        case finish
        /// Ends what runs, too.
        case cancel

        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    private struct State {
        var manner: Manner?
        var passes: [Int: @Sendable (Manner) -> Void] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// Asks for the end; whoever asks for a harder one later gets that. A build that begins later ends so at once.
    public func ask(_ manner: Manner = .finish) {
        state.withLock { state in
            if let asked = state.manner, asked >= manner { return }
            state.manner = manner
            state.passes.values.forEach { $0(manner) }
        }
    }

    /// True if somebody has asked.
    public var isAsked: Bool { state.withLock { $0.manner != nil } }

    /// - Parameter stop: is called if a stop is asked for before `forget`; at once, if it has been.
    func remember(_ stop: @escaping @Sendable (Manner) -> Void) -> Int {
        state.withLock { state in
            if let manner = state.manner { stop(manner) }
            state.next += 1
            state.passes[state.next] = stop
            return state.next
        }
    }

    func forget(_ number: Int) { state.withLock { $0.passes[number] = nil } }
}
