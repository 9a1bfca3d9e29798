import EpCore

/// What one machine has seen of the lease of an action that another has: a value without clock and I/O.
///
/// Whether an owner lives shows by its renewals: each changes the lease. One that stays as it is for as long as it may is dead. So no two
/// clocks are
/// compared; each machine measures by its own how long nothing has changed.
struct LeaseWatch {
    /// How long a lease may stay as it is.
    let patience: Duration
    /// The generation that is watched.
    private(set) var generation = 0
    private var seen: (lease: [UInt8], since: Duration)?

    init(patience: Duration) { self.patience = patience }

    enum Move: Equatable {
        /// The owner lives, as far as is known.
        case wait
        /// It is dead: who puts the next generation first takes over.
        case takeOver
        /// It is gone: whoever puts the first generation has it.
        case beginAnew
    }

    /// - Parameters:
    ///   - lease: what stands there; nil: nothing.
    ///   - isOwn: true if its owner is known to be dead: it was this machine.
    ///   - now: by any clock that goes on evenly.
    mutating func see(_ lease: [UInt8]?, isOwn: Bool, at now: Duration) -> Move {
        guard let lease else {
            (generation, seen) = (0, nil)
            return .beginAnew
        }
        if isOwn { return .takeOver }
        if seen?.lease != lease { seen = (lease, now) }
        return now - (seen?.since ?? now) >= patience ? .takeOver : .wait
    }

    /// The next generation is to be put, or somebody else has put it.
    mutating func goOn() { (generation, seen) = (generation + 1, nil) }
}
