import EpCache
import EpCore
import EpPlan

/// Takes turns with other machines at what is paid for: who has the lease of an action makes its result and shares it; the others wait for
/// that.
///
/// Trouble with the store keeps nobody waiting: then it is made as without one.
struct SharedTurn: Sendable {
    let store: any CacheStore
    let leases: any LeaseStore
    let cache: DiskCache
    /// A renewal is due after a third of it.
    var patience = Duration.seconds(30)
    private static let shortestWait = Duration.milliseconds(200)
    private static let longestWait = Duration.seconds(2)

    init?(_ remotes: [SharedCache], _ cache: DiskCache) {
        guard let store = remotes.first(where: { $0.push && $0.store.leases != nil })?.store, let leases = store.leases else { return nil }
        (self.store, self.leases, self.cache) = (store, leases, cache)
    }

    enum Outcome {
        /// Somebody else has made it; it is here now.
        case theirs(ActionResult)
        /// It is this machine's to make.
        case ours(Held)
    }

    /// A lease that this machine has.
    struct Held: Sendable {
        let name: LeaseName
        fileprivate let owner: String
        fileprivate func bytes(_ beat: Int) -> [UInt8] { Array("\(owner) \(beat)\n".utf8) }
    }

    /// Waits until this machine has the lease, or another's result is here.
    ///
    /// The caller holds the local lock of the action: so a lease in the name of this cache is of a process that is no more.
    /// - Parameter tell: is told once that another machine is waited for.
    func take(
        _ action: ActionDigest, requiring outputs: [String], tell: (LeaseWait) -> Void, wait: (Duration) async throws -> Void
    ) async throws -> Outcome {
        let identity = cache.identity
        let clock = ContinuousClock()
        let start = clock.now
        var watch = LeaseWatch(patience: patience)
        var pause = Self.shortestWait
        var hasTold = false
        while true {
            let held = Held(name: LeaseName(action, generation: watch.generation), owner: "\(identity) \(UInt64.random(in: 0 ... .max))")
            if try await leases.create(held.bytes(0), at: held.name) {
                // Whoever had it before may have shared its result meanwhile.
                guard let result = await fetch(action, outputs) else { return .ours(held) }
                await release(held)
                return .theirs(result)
            }
            let standing = try await leases.lease(at: held.name)
            let isOwn = standing.map { String(decoding: $0, as: UTF8.self).hasPrefix("\(identity) ") } ?? false
            switch watch.see(standing, isOwn: isOwn, at: clock.now - start) {
            case .takeOver: watch.goOn()
            case .beginAnew, .wait:
                if standing != nil, !hasTold {
                    tell(LeaseWait(in: store.name))
                    hasTold = true
                }
                try await wait(pause)
                pause = min(pause * 3 / 2, Self.longestWait)
            }
            if let result = await fetch(action, outputs) { return .theirs(result) }
        }
    }

    /// A lease that this machine has, renewed until it is given back.
    struct Lease: Sendable {
        fileprivate let turn: SharedTurn
        fileprivate let held: Held
        private let renewal: Task<Void, any Error>

        fileprivate init(_ held: Held, of turn: SharedTurn) {
            (self.turn, self.held) = (turn, held)
            renewal = Task { [leases = turn.leases, patience = turn.patience] in
                for beat in 1... {
                    try await Task.sleep(for: patience / 3)
                    try? await leases.renew(held.bytes(beat), at: held.name)
                }
            }
        }

        /// Shares what was made, for those who wait.
        /// - Returns: what stands now: another's, if that came first.
        func share(_ result: ActionResult, of action: ActionDigest) async -> ActionResult { await turn.share(result, of: action) }

        func end() async {
            renewal.cancel()
            await turn.release(held)
        }
    }

    private func share(_ result: ActionResult, of action: ActionDigest) async -> ActionResult {
        let tally = await Sharing(cache: cache, remote: store).push([(action, result)])
        guard tally.adopted > 0, case .hit(let adopted) = cache.lookup(action, requiring: result.outputs.map(\.path)) else { return result }
        return adopted
    }

    /// Gives the lease back, whatever has become of the task that had it.
    private func release(_ held: Held) async {
        await Task { [leases] in
            // Who has taken over takes this one away, too.
            if let next = try? await leases.lease(at: LeaseName(held.name.action, generation: held.name.generation + 1)), !next.isEmpty {
                return
            }
            for generation in (0...held.name.generation).reversed() {
                try? await leases.remove(LeaseName(held.name.action, generation: generation))
            }
        }.value
    }

    private func fetch(_ action: ActionDigest, _ outputs: [String]) async -> ActionResult? {
        (try? await Sharing(cache: cache, remote: store).fetch(action, requiring: outputs)) ?? nil
    }
}

extension StepWorker {
    enum Turn {
        /// It costs nothing, or nobody else could make it: no lease is needed.
        case free
        case theirs(ActionResult)
        case ours(SharedTurn.Lease)

        var lease: SharedTurn.Lease? { if case .ours(let lease) = self { lease } else { nil } }
    }

    /// Waits until it is this machine's turn to make what is paid for; what is free is made at once.
    func turn(of resolved: ResolvedStep, _ action: ActionDigest, through door: any CallDoor) async throws -> Turn {
        guard resolved.step.call != nil, let turn = SharedTurn(remotes, cache) else { return .free }
        switch try await turn.take(action, requiring: resolved.step.outputs, tell: { door.tell($0) }, wait: { try await door.wait($0) }) {
        case .theirs(let result): return .theirs(result)
        case .ours(let held): return .ours(SharedTurn.Lease(held, of: turn))
        }
    }
}
