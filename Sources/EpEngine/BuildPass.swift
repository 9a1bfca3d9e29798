import EpCache
import EpCore
import EpPlan

/// One pass through the plan of one episode: expands it, drives the schedule, and collects results.
///
/// The one loop of a build. All its state is used by one task; what runs beside it only sends it messages.
final class BuildPass {
    /// How a pass ended.
    enum End {
        case finished
        /// A blob was damaged or a source changed: what is stored stands, the rest needs another pass.
        case repeatable(reason: String)
    }

    let planner: Planner
    private(set) var results: [ActionResult?] = []
    private(set) var origins: [BuildEvent.Origin?] = []
    private(set) var addresses: [StepAddress?] = []
    private(set) var failures: [Diagnostic] = []
    private(set) var isInterrupted = false
    /// What is stood in for, by the number of its step.
    private(set) var standIns: [Int: StandIn] = [:]
    /// Steps that a shared cache could not tell of.
    private(set) var unanswered = 0

    private let worker: StepWorker
    private let options: BuildOptions
    private let observer: any BuildObserver
    private let goals: [Target]
    private let knowledge: PlanKnowledge
    private(set) var schedule: Schedule
    private var twins = Twins()
    private var (inFlight, lookups) = (0, 0)
    private var awaited: [StageName: Set<StepID>] = [:]
    private var mustExpand = true
    private var repeatReason: String?
    /// What a person wrote that the plan cannot go on with.
    private var problem: (any Error)?
    private var notices = DecisionNotices()
    private let (messages, outbox) = AsyncStream.makeStream(of: Message.self)

    /// What a task beside the loop tells it.
    private enum Message: Sendable {
        case lookedUp([(id: StepID, address: StepAddress, lookup: Lookup)])
        case fetched(StepID, StepWorker.Fetched)
        case ran(StepID)
        case ended(StepID, StepWorker.End)
        case version(Program, Result<ProgramVersion, Diagnostic>)
        case stop
    }

    init(
        planner: Planner, knowledge: PlanKnowledge, worker: StepWorker, options: BuildOptions, goals: [Target],
        observer: any BuildObserver, limits: [Pool: Int]
    ) {
        self.planner = planner
        self.knowledge = knowledge
        self.worker = worker
        self.options = options
        self.goals = goals
        self.observer = observer
        schedule = Schedule(limits: limits)
        knowledge.pass = self
    }

    /// Starts nothing new from now on; what runs is finished and stored. May be called from any task.
    func makeStopper() -> @Sendable () -> Void {
        let outbox = outbox
        return { outbox.yield(.stop) }
    }

    func run() async throws -> End {
        try await withThrowingDiscardingTaskGroup { group in
            var inbox = messages.makeAsyncIterator()
            while true {
                if mustExpand, repeatReason == nil, problem == nil { expand(&group) }
                launch(&group)
                if inFlight == 0 {
                    let count = planner.steps.count
                    guard !awaited.isEmpty, !isStopping else { break }
                    expand(&group)
                    if planner.steps.count == count, inFlight == 0 { break }
                    continue
                }
                guard let message = await inbox.next() else { break }
                handle(message)
            }
        }
        if let problem { throw problem }
        return repeatReason.map { .repeatable(reason: $0) } ?? .finished
    }

    var lock: EpisodeLock { knowledge.lock }

    func state(of id: StepID) -> Schedule.State { schedule.states[id.index] }

    // MARK: the loop's parts

    /// Steps that run or are being stored at once: those that wait for the disk hold memory and locks.
    private static let maximumInFlight = 1024
    /// Steps whose addresses one task looks up, and tasks that do so at once.
    private static let lookupSize = 256
    private static let maximumLookups = 8

    private var isStopping: Bool { repeatReason != nil || problem != nil || planner.tells(options.seeks) || isInterrupted || (!failures.isEmpty && !options.keepGoing && !options.isDraft) }

    private func expand(_ group: inout ThrowingDiscardingTaskGroup<any Error>) {
        mustExpand = false
        defer { notices.warn(of: planner, observer) }
        do {
            _ = try planner.expand(goals: goals)
        } catch let damage as DamagedInput {
            repeatReason = damage.what
        } catch {
            // What runs is finished and stored: it may have been paid for.
            problem = error
        }
        // Those that were added before it came to that, too.
        addSteps()
        guard repeatReason == nil, problem == nil else { return }
        awaited = planner.awaitedSteps
        notices.tell(of: planner, observer)
        var counts: [StageName: Int] = [:]
        for step in planner.steps { counts[step.target.stage, default: 0] += 1 }
        observer.observe(.planned(planner.stages.compactMap { stage in counts[stage.name].map { (stage.name, $0, planner.artifacts[stage.name] != nil) } }))
        for program in planner.awaitedPrograms where knowledge.asked.insert(program).inserted {
            inFlight += 1
            let (worker, outbox) = (worker, outbox)
            group.addTask { outbox.yield(.version(program, await worker.versions.ask(program))) }
        }
    }

    private func addSteps() {
        reserve(planner.steps.count)
        for step in planner.steps[results.count...] {
            results.append(nil)
            origins.append(nil)
            addresses.append(nil)
            schedule.add(dependencies: step.dependencies)
        }
    }

    /// Makes room for many steps at once, as doubling what there is would leave much of it unused.
    private func reserve(_ count: Int) {
        guard count > results.count + results.count / 4 else { return }
        results.reserveCapacity(count)
        origins.reserveCapacity(count)
        addresses.reserveCapacity(count)
    }

    private func launch(_ group: inout ThrowingDiscardingTaskGroup<any Error>) {
        if isStopping { schedule.stopStarting() }
        // Addressing is work for the processors: a few hundred steps a task, and not all in memory at once.
        while lookups < Self.maximumLookups {
            let batch = schedule.takeReady(atMost: Self.lookupSize).map(resolve)
            guard !batch.isEmpty else { break }
            (lookups, inFlight) = (lookups + 1, inFlight + 1)
            let (worker, outbox) = (worker, outbox)
            group.addTask { outbox.yield(.lookedUp(batch.map(worker.lookUp))) }
        }
        while inFlight < Self.maximumInFlight, let (id, pool) = schedule.startNext() {
            let resolved = resolve(id)
            inFlight += 1
            let (worker, outbox) = (worker, outbox)
            if pool == .fetch {
                group.addTask { outbox.yield(.fetched(id, await worker.fetch(resolved))) }
            } else {
                observer.observe(.actionStarted(resolved.step.target, step: resolved.step.name, pool: pool))
                let programs = knowledge.programs(of: resolved.step)
                group.addTask {
                    outbox.yield(.ended(id, await worker.execute(resolved, relyingOn: programs) { outbox.yield(.ran(id)) }))
                }
            }
        }
    }

    private func handle(_ message: Message) {
        switch message {
        case .lookedUp(let found):
            (lookups, inFlight) = (lookups - 1, inFlight - 1)
            for (id, address, lookup) in found {
                addresses[id.index] = address
                handle(lookup, of: id)
            }
        case .fetched(let id, .found(let result)):
            inFlight -= 1
            finish(id, result, .remote)
        case .fetched(let id, let fetched):
            inFlight -= 1
            if case .unanswered = fetched { unanswered += 1 }
            miss(id, afterFetching: true)
        case .ran(let id): schedule.ran(id)
        case .ended(let id, let end):
            inFlight -= 1
            handle(end, of: id)
        case .version(let program, .success(let version)):
            inFlight -= 1
            knowledge.versions[program] = version
            mustExpand = true
        case .version(let program, .failure(let problem)) where options.isDraft:
            inFlight -= 1
            knowledge.missing[program] = problem
            mustExpand = true
        case .version(_, .failure(let problem)):
            inFlight -= 1
            failures.append(problem)
        case .stop: isInterrupted = true
        }
    }

    private func handle(_ lookup: Lookup, of id: StepID) {
        switch lookup {
        case .hit(let result): finish(id, result, .cache)
        case .miss: miss(id, afterFetching: false)
        case .damaged(let damage):
            observer.observe(.cacheHealed(damage))
            miss(id, afterFetching: false)
        }
    }

    private func miss(_ id: StepID, afterFetching: Bool) {
        let step = planner.steps[id.index]
        if !afterFetching, let action = sharedAction(of: id), twins.waits(id, for: action) { return }
        if !afterFetching, !worker.remotes.isEmpty, !step.isPlaceholder {
            schedule.enqueue(id, in: .fetch)
        } else if options.isDryRun {
            for id in [id] + endTwins(of: id) { noteEnded(schedule.finish(id, .missing)) }
        } else if let reason = reasonNotToRun(step) {
            fail(id, reason)
        } else {
            schedule.enqueue(id, in: step.pool)
        }
    }

    /// Why a draft does not even try a step; nil if it is to be run.
    private func reasonNotToRun(_ step: Step) -> Diagnostic? {
        guard options.isDraft, !step.isPlaceholder else { return nil }
        if planner.tools[step.tool]?.isPaid(step) == true {
            return Diagnostic(.unavailable, "it would cost money", remedy: "a build without --draft makes it")
        }
        return knowledge.missing.first { step.platform[$0.key.name] != nil }?.value
    }

    /// Does something else in place of a step; false if there is nothing, or this is no draft.
    private func standIn(for id: StepID, because problem: Diagnostic) -> Bool {
        guard options.isDraft, let placeholder = planner.standIn(for: id) else { return false }
        let step = planner.steps[id.index]
        let standIn = StandIn(target: step.target, step: step.name, what: placeholder.what, reason: standIns[id.index]?.reason ?? problem)
        standIns[id.index] = standIn
        schedule.restart(id)
        observer.observe(.actionStoodIn(standIn))
        return true
    }

    /// The action that other steps may do for this one. What is pinned does nothing.
    private func sharedAction(of id: StepID) -> ActionDigest? { planner.steps[id.index].isPinned ? nil : addresses[id.index]?.digest }

    /// The steps that have waited for what this one does.
    private func endTwins(of id: StepID) -> [StepID] { sharedAction(of: id).map { twins.end($0) } ?? [] }

    /// What fails would fail for its twins, too: it is not tried, and paid for, again.
    private func fail(_ id: StepID, _ problem: Diagnostic) {
        for id in [id] + endTwins(of: id) { failAlone(id, problem) }
    }

    private func failAlone(_ id: StepID, _ problem: Diagnostic) {
        if standIn(for: id, because: problem) { return }
        let problem = standIns.removeValue(forKey: id.index)?.reason ?? problem
        let step = planner.steps[id.index]
        failures.append(problem.about(step))
        observer.observe(.actionFailed(step.target, step: step.name, problem))
        let ended = schedule.finish(id, .failed)
        for blocked in ended.dropFirst() {
            observer.observe(.actionBlocked(planner.steps[blocked.index].target, step: planner.steps[blocked.index].name))
        }
        noteEnded(ended)
    }

    private func handle(_ end: StepWorker.End, of id: StepID) {
        switch end {
        case .stored(let result, let origin, let messages):
            let step = planner.steps[id.index]
            if !messages.isEmpty { observer.observe(.actionSaid(step.target, step: step.name, messages)) }
            finish(id, result, origin)
        case .failed(let problem): fail(id, problem)
        case .damaged(let what): repeatReason = repeatReason ?? what
        case .cancelled: isInterrupted = true
        }
    }

    private func finish(_ id: StepID, _ result: ActionResult, _ origin: BuildEvent.Origin) {
        finishAlone(id, result, origin)
        for twin in endTwins(of: id) { finishAlone(twin, result, .cache) }
    }

    private func finishAlone(_ id: StepID, _ result: ActionResult, _ origin: BuildEvent.Origin) {
        results[id.index] = result
        origins[id.index] = origin
        noteEnded(schedule.finish(id, .succeeded))
        let step = planner.steps[id.index]
        guard let address = addresses[id.index] else { return }
        observer.observe(.actionFinished(.init(
            target: step.target, step: step.name, tool: step.tool, origin: origin, address: address.digest, result: result)))
    }

    /// A stage whose every awaited step has ended can be expanded further.
    private func noteEnded(_ ended: [StepID]) {
        for stage in awaited.keys {
            for id in ended { awaited[stage]?.remove(id) }
            if awaited[stage]?.isEmpty == true { mustExpand = true }
        }
    }

    func resolve(_ id: StepID) -> ResolvedStep {
        resolve(id) { _, path in preconditionFailure("\(planner.steps[id.index].target) reads \(path), which its upstream step does not declare") }
    }

    /// - Parameter unknown: what stands for an output that is not there yet.
    func resolve(_ id: StepID, orElse unknown: (StepID, String) -> Digest) -> ResolvedStep {
        let step = planner.steps[id.index]
        var executables: Set<String> = []
        let inputs = step.inputs.map { input -> Digest in
            switch input.source {
            case .literal(let bytes): return Digest(of: bytes)
            case .file(let file): return file.digest
            case .output(let upstream, let path):
                guard let output = results[upstream.index]?.output(path) else { return unknown(upstream, path) }
                if output.isExecutable { executables.insert(input.label) }
                return output.digest
            }
        }
        return ResolvedStep(id: id, step: step, inputs: inputs, executables: executables)
    }
}

extension Pool {
    /// Looking into shared caches: waits for the network, not for a processor.
    static let fetch = Pool("fetch")
}

extension Diagnostic {
    /// Says which target it happened to.
    fileprivate func about(_ step: Step) -> Diagnostic {
        var copy = self
        copy.message = "\(step.target)\(step.name.isEmpty ? "" : " (\(step.name))"): \(message)"
        return copy
    }
}
