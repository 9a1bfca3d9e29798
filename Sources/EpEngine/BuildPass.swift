import EpCache
import EpCore
import EpFiles
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
    var results: [ActionResult?] = []
    var origins: [BuildEvent.Origin?] = []
    /// Nil until the inputs are known, and while it is decided who is asked next.
    var addresses: [StepAddress?] = []
    var failures: [Failure] = []
    /// How the build is to end before all is done; nil if it is not.
    var stopped: BuildStop.Manner?
    /// Steps that somebody else is asked for, by number: the first could not, or a record says that another has served.
    var chains: [Int: Chain] = [:]
    /// How the results of steps were found whose programs tell what they have read, by number.
    var trails: [Int: ReadingTrail] = [:]
    /// Those whose chain waits for the answers of programs, and the programs that are to be asked for it.
    var held: [StepID] = []
    var questions: Set<Program> = []
    /// Programs that somebody needs and that are not there, each told of once.
    private var deplored: Set<Program> = []
    var spending: Spending
    /// Whether what was spent before is being asked for.
    enum LedgerQuestion { case unasked, due, asked }
    var ledger = LedgerQuestion.unasked
    /// Why not everything that was to run did, though nothing failed; nil: it did.
    var halt: Diagnostic?
    let pauseFile: (path: String, shown: String)
    let place: EpisodePlace
    private let now: Moment
    let forewarning: Prospect.Forewarning
    /// Whether it was told what may go wrong with what runs, and whether that is to be told as soon as all is looked up.
    var hasForewarned: Bool
    var mustForewarn = false
    /// What is to be paid for, and was missing before the rest was looked up.
    var early: [StepID] = []
    /// Tells those that wait that nothing new is started.
    private let signal: StopSignal
    /// Who runs programs for this machine; nil: nobody, or nobody any more.
    var cluster: (any ProgramCluster)?
    /// Steps that the cluster could not run.
    var staying: Set<StepID> = []
    private let journal: CallJournal
    /// Steps that a shared cache could not tell of.
    private(set) var unanswered = 0

    var worker: StepWorker
    /// Tells the cache whether more results are about to be made.
    private let expectation: Expectation
    /// How many steps had what the last build had, so that nobody looked.
    var recalled = 0
    /// True if the recall tells of this pass, too: of all that it came to, and of nothing else.
    private(set) var isAllRecalled = false
    /// The two-digit directories of the cache of which the recall held.
    private(set) var standing = CacheShards([:])
    let options: BuildOptions
    let events: BuildEvents
    private let goals: [Target]
    let knowledge: PlanKnowledge
    var schedule: Schedule
    /// Nil if no other build shares its pools.
    private var places: TakenPlaces?
    var twins = Twins()
    /// Tasks beside the loop; those among them that look steps up; and how many steps these have.
    var (inFlight, lookups, lookedFor) = (0, 0, 0)
    var endedCount = 0
    /// Called once, when nothing seems to be left to do but to wait for the last steps.
    var whileLastRun: (() -> Void)?
    var awaited = Awaited()
    var mustExpand = true
    var repeatReason: String?
    /// Results that are used and not stored yet, by the numbers of their steps.
    var ahead: [Int: ActionResult] = [:]
    /// True if one of them was not what was stored in the end.
    var hasGoneTooFar = false
    /// What a person wrote that the plan cannot go on with.
    private var problem: (any Error)?
    private var notices = DecisionNotices()
    let (messages, outbox) = AsyncStream.makeStream(of: Message.self)

    /// What a task beside the loop tells it.
    enum Message: Sendable {
        case lookedUp([StepWorker.Found])
        case fetched(StepID, StepWorker.Fetched)
        case ran(StepID, ActionResult?)
        case ended(StepID, StepWorker.End)
        case again(StepID, Retry, StepDoor.Reply)
        case version(Program, Result<ProgramVersion, Diagnostic>)
        case spentBefore(Result<StepWorker.SpentBefore, Diagnostic>)
        /// Another build has left a place in a pool.
        case placeIsFree
        case stop(BuildStop.Manner)
    }

    /// - Parameters:
    ///   - spending: what may be spent, and what an earlier pass has spent.
    ///   - pauseFile: pauses the build while it stands.
    ///   - now: the time of the build, for the ledger.
    init(
        planner: Planner, knowledge: PlanKnowledge, worker: StepWorker, options: BuildOptions, goals: [Target],
        events: BuildEvents, limits: [Pool: Int], spending: Spending, pauseFile: (path: String, shown: String), of place: EpisodePlace,
        now: Moment, surroundings: Surroundings, forewarning: @escaping Prospect.Forewarning, hasForewarned: Bool,
        cluster: (any ProgramCluster)? = nil
    ) {
        self.cluster = cluster
        (self.spending, self.pauseFile, self.place, self.now) = (spending, pauseFile, place, now)
        (self.forewarning, self.hasForewarned) = (forewarning, hasForewarned)
        signal = StopSignal(surroundings.sleep)
        journal = CallJournal(worker.ledger, place, events, surroundings.clock)
        expectation = worker.cache.makeExpectation()
        self.planner = planner
        self.knowledge = knowledge
        self.worker = worker
        self.options = options
        self.goals = goals
        self.events = events
        schedule = Schedule(limits: limits)
        places = options.pools.map(TakenPlaces.init)
        knowledge.pass = self
    }

    /// Starts nothing new from now on. May be called from any task.
    func makeStopper() -> @Sendable (BuildStop.Manner) -> Void {
        let outbox = outbox
        return { outbox.yield(.stop($0)) }
    }

    /// - Parameter recall: what is known of the cache, as soon as it is read.
    func run(_ recall: Task<Recall?, Never>? = nil) async throws -> End {
        var recall = recall
        defer {
            places?.settle { _ in 0 }
            expectation.isMore = false
        }
        try await withThrowingDiscardingTaskGroup { group in
            var inbox = messages.makeAsyncIterator()
            while true {
                if mustExpand, repeatReason == nil, problem == nil { expand(&group) }
                if let read = recall.take() { know(await read.value) }
                launch(&group)
                if inFlight == 0, places?.isRefused != true {
                    let count = planner.steps.count
                    guard !awaited.isEmpty, !isStopping else { break }
                    expand(&group)
                    if planner.steps.count == count, inFlight == 0 { break }
                    continue
                }
                // Whoever has cancelled the build's task reads no message any more.
                guard let message = await inbox.next() else {
                    stopped = .cancel
                    break
                }
                if case .stop(.cancel) = message { group.cancelAll() }
                handle(message)
            }
        }
        notices.warn(of: planner, isWhole: true, events)
        forgetAhead()
        if let recall = worker.recall {
            isAllRecalled = recall.isWhole && recalled == planner.steps.count && recall.count == addressCount
            standing = recall.standing
            // Of no use from now on, and it may be large.
            worker.recall = nil
        }
        if let problem { throw problem }
        return repeatReason.map { .repeatable(reason: $0) } ?? .finished
    }

    // MARK: the loop's parts

    /// Steps that run or are being stored at once: those that wait for the disk hold memory and locks.
    private static let maximumInFlight = 1024

    var isStopping: Bool {
        repeatReason != nil || problem != nil || planner.tells(options.seeks) || stopped != nil
            || (!failures.isEmpty && !options.keepGoing && !options.isDraft)
    }

    private func expand(_ group: inout ThrowingDiscardingTaskGroup<any Error>) {
        mustExpand = false
        // What ends the build may be explained by a warning: that is told before.
        defer { notices.warn(of: planner, isWhole: problem != nil, events) }
        do {
            _ = try planner.expand(goals: goals, thoroughly: inFlight == 0)
        } catch let damage as DamagedInput {
            repeatReason = damage.what
        } catch {
            // What runs is finished and stored: it may have been paid for.
            problem = error
        }
        // Those that were added before it came to that, too.
        addSteps()
        guard repeatReason == nil, problem == nil else { return }
        awaited = Awaited(planner.awaited.values.map(\.keys))
        notices.tell(of: planner, events)
        // Nobody serves in the place of these.
        for program in planner.awaitedPrograms where knowledge.isMissing(program) && deplored.insert(program).inserted {
            knowledge.missing[program].map { fail(Failure($0)) }
        }
        var counts: [StageName: Int] = [:]
        for step in planner.steps { counts[step.stage, default: 0] += 1 }
        events.tell(
            .planned(planner.stages.compactMap { stage in counts[stage.name].map { (stage.name, $0, planner.isKnown(stage.name)) } }))
        ask(planner.awaitedPrograms, &group)
    }

    private func ask(_ programs: Set<Program>, _ group: inout ThrowingDiscardingTaskGroup<any Error>) {
        for program in programs where knowledge.asked.insert(program).inserted {
            inFlight += 1
            let (worker, outbox) = (worker, outbox)
            group.addTask { outbox.yield(.version(program, await worker.versions.ask(program))) }
        }
    }

    private func launch(_ group: inout ThrowingDiscardingTaskGroup<any Error>) {
        if isStopping {
            schedule.stopStarting()
            signal.give()
        }
        lookUpNews()
        if !isLookingUp { knowExtent() }
        places?.begin()
        places?.settle(schedule.places)
        defer { places?.settle(schedule.places) }
        while inFlight < Self.maximumInFlight, let (id, pool) = schedule.startNext(isFree: takePlace) {
            guard pool == .fetch || mayRun(id) else { continue }
            // The cluster has gone while it waited for a place there.
            if pool == .remote, cluster == nil {
                schedule.enqueue(id, in: planner.steps[id.index].pool)
                continue
            }
            let resolved = resolve(id)
            inFlight += 1
            let (worker, outbox) = (worker, outbox)
            if pool == .fetch {
                group.addTask { outbox.yield(.fetched(id, await worker.fetch(resolved))) }
            } else {
                let number = events.tell(.actionStarted(BuildEvent.StepStart(resolved, in: pool)))
                let (precedence, build) = (options.precedence, events.build)
                let programs = knowledge.programs(of: resolved.step)
                let door = StepDoor(resolved.step.site, journal, signal) { outbox.yield(.again(id, $0, $1)) }
                let place = pool == .remote ? cluster : nil
                group.addTask {
                    await precedence?.giveWay(resolved.step, of: build, after: number)
                    let end = await worker.execute(resolved, relyingOn: programs, through: door, on: place) { outbox.yield(.ran(id, $0)) }
                    outbox.yield(.ended(id, end))
                }
            }
        }
        if areLastRunning { whileLastRun.take()?() }
        expectation.isMore = schedule.hasQueued
        if !isStopping { askWhatIsDue(&group) }
        lookUp(&group)
    }

    /// Takes a place that is shared with other builds.
    private func takePlace(in pool: Pool, of limit: Int) -> Bool {
        let outbox = outbox
        return places?.take(pool, limit: limit) { outbox.yield(.placeIsFree) } ?? true
    }

    /// What steps that are held wait for: the answers of programs, and what was spent before.
    private func askWhatIsDue(_ group: inout ThrowingDiscardingTaskGroup<any Error>) {
        ask(questions, &group)
        questions = []
        guard ledger == .due else { return }
        (ledger, inFlight) = (.asked, inFlight + 1)
        let (worker, outbox, place, now) = (worker, outbox, place, now)
        group.addTask { outbox.yield(.spentBefore(await worker.askLedger(place, now))) }
    }

    private func handle(_ message: Message) {
        switch message {
        case .lookedUp(let found):
            (lookups, lookedFor, inFlight) = (lookups - 1, lookedFor - found.count, inFlight - 1)
            takeIn(found)
        case .fetched(let id, let fetched):
            inFlight -= 1
            if case .unanswered = fetched { unanswered += 1 }
            handle(fetched, of: id)
        case .ran(let id, let result):
            schedule.ran(id)
            if let result { goAhead(with: result, of: id) }
        case .again(let id, let retry, let reply): reply.give(isStopping ? .failure(StepWithdrawn()) : mayAskAgain(id, retry))
        case .ended(let id, let end):
            inFlight -= 1
            settle(id, end)
            handle(end, of: id)
        case .spentBefore(let spent):
            inFlight -= 1
            note(spent)
        case .version(let program, .success(let version)):
            inFlight -= 1
            knowledge.versions[program] = version
            mustExpand = true
            resumeHeld()
        case .version(let program, .failure(let problem)):
            inFlight -= 1
            knowledge.missing[program] = problem
            mustExpand = true
            resumeHeld()
        case .placeIsFree: break
        case .stop(let manner): stopped = max(stopped ?? manner, manner)
        }
    }

    private func handle(_ end: StepWorker.End, of id: StepID) {
        guard bears(end, of: id) else { return }
        switch end {
        case .stored(let result, let origin, let messages, let trail):
            note(trail, of: id, isDone: true)
            if !messages.isEmpty { events.tell(.actionSaid(planner.steps[id.index].site, messages)) }
            finish(id, result, origin)
        case .failed(let failure): fail(id, failure, attempts: failure.attempts)
        case .withdrawn: schedule.hold(id)
        case .notElsewhere(let reason): runHere(id, reason)
        case .damaged(let what): repeatReason = repeatReason ?? what
        case .cancelled: stopped = stopped ?? .cancel
        }
    }
}

extension Pool {
    /// Looking into shared caches: waits for the network, not for a processor.
    static let fetch = Pool("fetch")
}
