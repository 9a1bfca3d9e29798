import EpCache
import EpCore
import EpPlan
import Synchronization

/// Does with one step what can be done beside others: address it, look it up, fetch it, run it, store it.
/// It holds no state of the build; the pass tells it everything.
struct StepWorker: Sendable {
    let cache: DiskCache
    let remotes: [SharedCache]
    let runner: any StepRunner
    let lock: EpisodeLock
    let versions: ProgramVersions
    let ledger: any SpendingLedger
    let sleep: @Sendable (Duration) async throws -> Void
    let times: ActionTimes
    /// True if each step that costs nothing runs twice, and must make the same.
    let checksDeterminism: Bool
    /// True if results may be used before they are stored.
    var lends = false
    /// What is known of the cache without looking into it.
    var recall: Recall?

    /// What became of a step that was not in the local cache.
    enum End: Sendable {
        /// - messages: what its program has said.
        /// - trail: how its result is found, if its program tells what it has read.
        case stored(ActionResult, BuildEvent.Origin, messages: [String] = [], trail: ReadingTrail? = nil)
        case failed(StepFailure)
        /// An input was gone: the build needs another pass.
        case damaged(String)
        /// It gave up its turn, as the build starts nothing new.
        case withdrawn
        /// Another machine was to run it, and this one is to.
        case notElsewhere(NotElsewhere)
        case cancelled
    }

    /// The digest of the command of the step that was addressed last: most run what the one before them runs.
    struct CommandMemory {
        private var last: (step: Step, digest: Digest)?

        mutating func digest(of action: Action, _ step: Step) -> ActionDigest {
            if let last, last.step.isAlike(step) { return action.digest(running: last.digest) }
            let command = action.commandDigest
            last = (step, command)
            return action.digest(running: command)
        }
    }

    /// Where the result of a step is, with the take that the lock has for it. A fallback has the take of the first.
    func address(of resolved: ResolvedStep) -> StepAddress {
        var memory = CommandMemory()
        return address(of: resolved, &memory)
    }

    private func address(of resolved: ResolvedStep, _ memory: inout CommandMemory) -> StepAddress {
        if case .stored(let action) = resolved.step.operation { return StepAddress(digest: action, takeFree: action, take: .first) }
        guard var action = Self.firstTake(of: resolved) else { preconditionFailure("only a pinned step has no action") }
        if let first = resolved.first {
            action.take = first.take
            return StepAddress(digest: memory.digest(of: action, resolved.step), takeFree: first.takeFree, take: first.take)
        }
        let takeFree = memory.digest(of: action, resolved.step)
        if !lock.accepts.isEmpty, let accepted = lock.accepts[takeFree.hex] {
            return StepAddress(digest: accepted.action, takeFree: takeFree, take: .first, isAccepted: true)
        }
        action.take = lock.take(of: takeFree)
        return StepAddress(digest: action.take == .first ? takeFree : action.digest, takeFree: takeFree, take: action.take)
    }

    /// Nil for a pinned step.
    static func firstTake(of resolved: ResolvedStep) -> Action? {
        let step = resolved.step
        let entries = zip(step.inputs, resolved.inputs).map {
            InputTree.Entry(label: $0.label, digest: $1, isExecutable: resolved.isExecutable($0))
        }
        let (arguments, environment): ([String], [String: String])
        switch step.operation {
        case .program(let words, let variables): (arguments, environment) = (words, variables)
        case .builtIn(let tool, let operation, let revision): (arguments, environment) = (["epbuild:\(tool).\(operation)", revision], [:])
        case .stored: return nil
        }
        var platform = step.platform
        // Who finds offered files beside its inputs does something else than who does not.
        if let reading = step.reading { platform["epbuild-depfile"] = reading.report }
        return Action(
            arguments: arguments, environment: environment, outputs: step.outputs,
            inputs: InputTree(entries, emptyDirectories: step.emptyDirectories),
            platform: platform)
    }

    /// What the local cache knows of a step.
    struct Found: Sendable {
        let id: StepID
        let address: StepAddress
        let lookup: Lookup
        /// If there is no result: the action that has served in its place, as a record says.
        var record: ActionDigest?
        /// True if nobody had to look.
        var isRecalled = false
        /// How it was found, or how far it was followed, if its program tells what it has read.
        var trail: ReadingTrail?
    }

    func lookUp(_ batch: [ResolvedStep]) -> [Found] {
        var memory = CommandMemory()
        return batch.map { lookUp($0, &memory) }
    }

    private func lookUp(_ resolved: ResolvedStep, _ memory: inout CommandMemory) -> Found {
        if resolved.step.reading != nil {
            let (trail, lookup, isRecalled) = trail(of: resolved)
            return Found(id: resolved.id, address: trail.first, lookup: lookup, isRecalled: isRecalled, trail: trail)
        }
        let address = address(of: resolved, &memory)
        if let known = recall?.result(of: address.digest, requiring: resolved.step.outputs) {
            return Found(id: resolved.id, address: address, lookup: .hit(known), isRecalled: true)
        }
        var found = Found(id: resolved.id, address: address, lookup: cache.lookup(address.digest, requiring: resolved.step.outputs))
        if case .hit = found.lookup { return found }
        if resolved.first == nil, resolved.step.hasFallback, !address.isAccepted {
            found.record = ServingRecord.named(for: address.digest, in: cache)
        }
        return found
    }

    /// Runs a step and stores its result, unless another process has done so meanwhile.
    ///
    /// Hundreds of results may wait for the disk at once, and what a task's functions need stays with it until it ends. So to make a result
    /// is a task of its own, which is over by then.
    /// - Parameters:
    ///   - programs: the versions that the step relies on. They must be the same when it has run.
    ///   - door: what it asks before it asks a service again.
    ///   - cluster: who runs its program; nil: this machine.
    ///   - ran: called when the step needs its place no longer; with its result, if that may be used before it is stored.
    @concurrent func execute(
        _ resolved: ResolvedStep, relyingOn programs: [Program: String], through door: any CallDoor,
        on cluster: (any ProgramCluster)? = nil,
        ran: @Sendable (ActionResult?) -> Void
    ) async -> End {
        switch await attempt(resolved, relyingOn: programs, through: door, on: cluster) {
        case .ended(let end): end
        case .made(let made): await store(made, relyingOn: programs, ran: ran)
        }
    }

    private enum Attempt: Sendable {
        case ended(End)
        case made(Unstored)
    }

    @inline(never) private func attempt(
        _ resolved: ResolvedStep, relyingOn programs: [Program: String], through door: any CallDoor, on cluster: (any ProgramCluster)?
    ) async -> Attempt {
        async let attempt = make(resolved, relyingOn: programs, through: door, on: cluster)
        do {
            return try await attempt
        } catch {
            return .ended(End(error))
        }
    }

    private func make(
        _ resolved: ResolvedStep, relyingOn programs: [Program: String], through door: any CallDoor, on cluster: (any ProgramCluster)?
    ) async throws -> Attempt {
        let address = address(of: resolved.reading([]))
        let guardian = try await cache.lock(address.digest)
        if resolved.step.reading != nil {
            let (trail, lookup, _) = trail(of: resolved)
            if case .hit(let result) = lookup { return .ended(.stored(result, .cache, trail: trail)) }
            return .made(try await run(resolved, address, trail, Hold(guardian), relyingOn: programs, through: door))
        }
        if case .hit(let result) = cache.lookup(address.digest, requiring: resolved.step.outputs) {
            try await record(resolved, address.digest, result)
            return .ended(.stored(result, .cache))
        }
        if address.isAccepted { throw Self.acceptedIsGone }
        let turn = try await turn(of: resolved, address.digest, through: door)
        if case .theirs(let result) = turn {
            try await record(resolved, address.digest, result)
            return .ended(.stored(result, .remote))
        }
        let hold = Hold(guardian, turn.lease)
        do {
            return .made(try await run(resolved, address, nil, hold, relyingOn: programs, through: door, on: cluster))
        } catch {
            await hold.end()
            throw error
        }
    }

    private static let acceptedIsGone = StepFailure(
        Diagnostic(
            .actionFailed, "its earlier result was accepted, but no cache has that", remedy: "`epbuild unaccept` lets it be made anew"),
        isFinal: true)

    private func run(
        _ resolved: ResolvedStep, _ address: StepAddress, _ trail: ReadingTrail?, _ hold: Hold,
        relyingOn programs: [Program: String], through door: any CallDoor, on cluster: (any ProgramCluster)? = nil
    ) async throws -> Unstored {
        if case .stored = resolved.step.operation {
            throw StepFailure(
                Diagnostic(
                    .actionFailed, "it is pinned, but no cache has the pinned result", remedy: "`epbuild unpin` lets it be made anew"))
        }
        let scratches = Mutex<[ScratchDirectory]>([])
        // What it has made lies elsewhere by then.
        defer { scratches.withLock { $0.forEach { $0.close() } } }
        let inputs = StoredInputs(resolved.offering, cache)
        let clock = ContinuousClock()
        let start = clock.now
        let elsewhere = elsewhere(resolved, on: cluster, programs)
        let make: @Sendable (any CallDoor) -> Job = { [cache] door in
            Job(
                step: resolved.step, inputs: inputs, take: address.take, heldDescriptors: cache.lockDescriptors, door: door,
                elsewhere: elsewhere
            ) {
                try scratches.withLock { scratches in
                    let made = try cache.makeScratch()
                    scratches.append(made)
                    return made.path
                }
            }
        }
        let outcome = try await run(resolved.step, through: door, make)
        if checksDeterminism, resolved.step.call == nil {
            try await check(outcome, of: resolved.step) { try await run(resolved.step, through: door, make) }
        }
        let duration = clock.now - start
        return try charging(outcome.cost) {
            let whole = trail.map { self.trail($0, reaching: Set(outcome.reads.map { Path($0) }), resolved) }
            return try stage(
                outcome, of: resolved, at: whole?.address.digest ?? address.digest, duration: duration, hold, along: whole,
                new: whole.flatMap { $0.records.count > trail?.records.count ?? 0 ? $0.records.last : nil })
        }
    }

    private func elsewhere(_ resolved: ResolvedStep, on cluster: (any ProgramCluster)?, _ programs: [Program: String]) -> Job.Elsewhere? {
        guard let cluster, let action = Self.firstTake(of: resolved) else { return nil }
        return Job.Elsewhere(cluster, action.inputs, programs: programs, isFresh: checksDeterminism)
    }

    private enum Race: Sendable {
        case done(JobResult)
        case timedOut(seconds: Double)
        case stalled(Stall)
    }

    /// Runs a step, and again if it stalls and that is to help.
    ///
    /// Watched is who asks a service, or of whom a person wants it: many thousand short actions need no timer each.
    private func run(_ step: Step, through door: any CallDoor, _ job: @Sendable (any CallDoor) -> Job) async throws -> JobResult {
        let retry = step.retry.over(step.service?.configuration?.retry ?? RetrySettings())
        let isWatched = step.call != nil || retry.stall != nil || retry.stallAction != nil
        let allowance = times.allowance(for: step)
        guard isWatched || allowance != nil else { return try await runner.run(job(door)) }
        let stall = isWatched ? Stall(seconds: retry.stall ?? 60, action: retry.stallAction ?? .wait) : nil
        let most = stall?.action == .retry ? retry.attempts ?? 3 : 1
        // What it had asked is answered to nobody, and perhaps billed.
        let cost = step.call.map { $0.atMost ?? .unknown } ?? .zero
        for attempt in 1... {
            if let result = try await race(job, through: door, within: allowance, stall) { return result }
            let problem = Diagnostic(
                .providerFailed, "it has given no sign of life for \(Int(stall?.seconds ?? 0)) s",
                remedy: "see what it waits for, or raise `stall_seconds`; then run the same command again")
            guard attempt < most else { throw StepFailure(problem, cost: cost, attempts: attempt) }
            let name = step.service?.name ?? step.tool.text
            try await door.again(Retry(name, attempts: attempt, of: most, after: problem, cost: cost, wait: .zero))
        }
        throw CancellationError()
    }

    /// Whoever takes too long is cancelled: a program ends with all that it has started.
    /// - Parameter stall: nil: nobody looks for signs of life.
    /// - Returns: nil if it stalled, and was ended for it.
    private func race(
        _ make: @Sendable (any CallDoor) -> Job, through door: any CallDoor, within allowance: ActionTimes.Allowance?, _ stall: Stall?
    ) async throws -> JobResult? {
        let pulse = Pulse()
        let job = make(BeatingDoor(door: door, pulse: pulse))
        return try await withThrowingTaskGroup(of: Race.self) { [runner, sleep] group in
            group.addTask { .done(try await runner.run(job)) }
            if let allowance {
                group.addTask {
                    var given = 0.0
                    try await sleep(.seconds(allowance.limit))
                    while true {
                        let extended = allowance.extended()
                        guard extended > given else { return .timedOut(seconds: allowance.limit + given) }
                        try await sleep(.seconds(extended - given))
                        given = extended
                    }
                }
            }
            if let stall {
                group.addTask {
                    try await pulse.silence(of: .seconds(stall.seconds), sleep)
                    return .stalled(stall)
                }
            }
            defer { group.cancelAll() }
            while let end = try await group.next() {
                switch end {
                case .done(let result): return result
                case .stalled(let stall):
                    door.tell(stall)
                    if stall.action != .wait { return nil }
                case .timedOut(let seconds):
                    throw StepFailure(Diagnostic(
                        .actionFailed, "it has not ended within \(Int(seconds)) s",
                        remedy: "raise `timeout_seconds` of the stage, or see what takes so long; then run the same command again"))
                }
            }
            throw CancellationError()
        }
    }
}
