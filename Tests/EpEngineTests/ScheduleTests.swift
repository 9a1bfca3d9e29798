import EpPlan
import Testing

@testable import EpEngine

/// The schedule under random graphs, random orders of completion, and injected failures.
@Suite struct ScheduleTests {
    @Test(arguments: Array(1...40).map(UInt64.init) + [.random(in: 0 ... .max)])
    func everyStepEndsOnceAndInOrder(_ seed: UInt64) {
        var play = Play(seed: seed)
        play.run()
        play.check()
    }

    @Test func aPoolWithoutPlacesLeftMakesStepsWait() {
        var schedule = Schedule(limits: [.llm: 1])
        (0..<3).forEach { _ in schedule.add(dependencies: []) }
        for id in schedule.takeReady() { schedule.enqueue(id, in: .llm) }
        #expect(schedule.startNext()?.id == StepID(0))
        #expect(schedule.startNext() == nil)
        // A step that is being stored needs no place any more.
        schedule.ran(StepID(0))
        #expect(schedule.startNext()?.id == StepID(1))
        #expect(schedule.startNext() == nil)
        #expect(schedule.finish(StepID(0), .succeeded) == [StepID(0)])
        #expect(schedule.startNext() == nil)
        schedule.finish(StepID(1), .failed)
        #expect(schedule.startNext()?.id == StepID(2))
    }

    /// What may have to be made is looked up first, and by itself: whoever waits for it waits for nothing else.
    @Test func newsComeFirst() {
        var schedule = Schedule(limits: [:])
        (0..<6).forEach { _ in schedule.add(dependencies: []) }
        schedule.bringForward { [2, 5].contains($0.index) }
        #expect(schedule.newsCount == 2)
        #expect(schedule.takeNews(atMost: 4) == [StepID(2), StepID(5)])
        #expect(schedule.takeReady(atMost: 3) == [StepID(0), StepID(1), StepID(3)])
        schedule.bringForward { _ in true }
        #expect(schedule.readyCount == 1)
        schedule.stopStarting()
        #expect(schedule.readyCount == 0)
        #expect(schedule.takeNews() == [])
    }

    @Test func whatIsLentIsWaitedForByNobody() {
        var schedule = Schedule(limits: [:])
        schedule.add(dependencies: [])
        schedule.add(dependencies: [])
        schedule.add(dependencies: [StepID(0)])
        schedule.add(dependencies: [StepID(0), StepID(1)])
        for id in schedule.takeReady() { schedule.enqueue(id, in: .cpu) }
        while schedule.startNext() != nil {}
        schedule.ran(StepID(0))
        schedule.lend(StepID(0))
        #expect(schedule.takeReady() == [StepID(2)])
        #expect(schedule.states[3] == .waiting(1))
        // The plan grows while it is stored.
        schedule.add(dependencies: [StepID(0)])
        #expect(schedule.takeReady() == [StepID(4)])
        #expect(schedule.finish(StepID(0), .succeeded) == [StepID(0)])
        #expect(schedule.states[3] == .waiting(1), "it was counted twice")
        schedule.finish(StepID(1), .succeeded)
        #expect(schedule.takeReady() == [StepID(3)])
    }

    @Test func whatIsAddedAfterAFailureIsBlockedAtOnce() {
        var schedule = Schedule(limits: [:])
        schedule.add(dependencies: [])
        _ = schedule.takeReady()
        schedule.finish(StepID(0), .failed)
        schedule.add(dependencies: [StepID(0)])
        schedule.add(dependencies: [StepID(1)])
        #expect(schedule.states == [.finished(.failed), .finished(.blocked), .finished(.blocked)])
        #expect(schedule.takeReady().isEmpty)
    }

    @Test func aDryRunPassesOnThatSomethingIsMissing() {
        var schedule = Schedule(limits: [:])
        schedule.add(dependencies: [])
        schedule.add(dependencies: [StepID(0)])
        schedule.add(dependencies: [StepID(1)])
        _ = schedule.takeReady()
        #expect(schedule.finish(StepID(0), .missing) == [StepID(0), StepID(1), StepID(2)])
        #expect(schedule.states.allSatisfy { $0 == .finished(.missing) })
        #expect(schedule.finish(StepID(1), .succeeded).isEmpty)
    }

    /// As many as the scenes of a novel, and more.
    @Test(arguments: [Schedule.End.succeeded, .failed, .missing]) func aChainOfDependentsMayBeLong(_ end: Schedule.End) {
        let count = 200_000
        var schedule = Schedule(limits: [:])
        schedule.add(dependencies: [])
        for index in 1..<count { schedule.add(dependencies: [StepID(index - 1)]) }
        _ = schedule.takeReady()
        #expect(schedule.finish(StepID(0), end).count == (end == .succeeded ? 1 : count))
        #expect(schedule.states.last == (end == .succeeded ? .waiting(1) : .finished(end == .missing ? .missing : .blocked)))
    }

    @Test func stoppingTakesBackWhatHasNotStarted() {
        var schedule = Schedule(limits: [.cpu: 1])
        (0..<3).forEach { _ in schedule.add(dependencies: []) }
        for id in schedule.takeReady() { schedule.enqueue(id, in: .cpu) }
        _ = schedule.startNext()
        schedule.add(dependencies: [])
        schedule.stopStarting()
        schedule.finish(StepID(0), .succeeded)
        #expect(schedule.startNext() == nil)
        #expect(schedule.takeReady().isEmpty)
    }
}

/// One random graph, driven to its end in a random order. Knows what must come of every step by itself.
private struct Play {
    private let seed: UInt64
    private var random: Seeded
    private let dependencies: [[StepID]]
    private let pools: [Pool]
    private let fails: [Bool]
    /// Steps that need not run: their result is in the cache.
    private let isCached: [Bool]
    private let limits: [Pool: Int]
    private var schedule: Schedule
    private var added = 0
    private var ends: [StepID: Schedule.End] = [:]
    private var lookingUp: [StepID] = []
    private var running: [(id: StepID, pool: Pool, isStoring: Bool)] = []

    init(seed: UInt64) {
        self.seed = seed
        var random = Seeded(seed)
        let count = Int.random(in: 1...120, using: &random)
        let width = Int.random(in: 0...4, using: &random)
        var graph: [[StepID]] = []
        for step in 0..<count {
            let wanted = step == 0 ? 0 : Int.random(in: 0...width, using: &random)
            graph.append(Array(Set((0..<wanted).map { _ in StepID(.random(in: 0..<step, using: &random)) })).sorted())
        }
        let names = [Pool.cpu, .llm, .tts, Pool("free")]
        let failing = Int.random(in: 0...3, using: &random)
        dependencies = graph
        pools = graph.map { _ in names.randomElement(using: &random)! }
        fails = graph.map { _ in Int.random(in: 0..<20, using: &random) < failing }
        isCached = graph.map { _ in Int.random(in: 0..<4, using: &random) == 0 }
        limits = [.cpu: .random(in: 1...4, using: &random), .llm: 1, .tts: 2]
        self.random = random
        schedule = Schedule(limits: limits)
    }

    mutating func run() {
        var idle = 0
        while ends.count < dependencies.count, idle < 1000 {
            let before = (ends.count, added, lookingUp.count, running.count, running.count { $0.isStoring })
            switch Int.random(in: 0..<6, using: &random) {
            case 0: addSome()
            case 1: for id in schedule.takeReady() { readied(id) }
            case 2: lookedUp()
            case 3: start()
            case 4: ran()
            default: endOne()
            }
            idle = before == (ends.count, added, lookingUp.count, running.count, running.count { $0.isStoring }) ? idle + 1 : 0
        }
    }

    private mutating func addSome() {
        for _ in 0..<Int.random(in: 1...30, using: &random) where added < dependencies.count {
            schedule.add(dependencies: dependencies[added])
            if case .finished(let end) = schedule.states[added] { note(StepID(added), end) }
            added += 1
        }
    }

    private mutating func readied(_ id: StepID) {
        #expect(dependencies[id.index].allSatisfy { ends[$0] == .succeeded }, "seed \(seed): step \(id.index) is ready too early")
        #expect(ends[id] == nil && !lookingUp.contains(id), "seed \(seed): step \(id.index) is ready twice")
        lookingUp.append(id)
    }

    private mutating func lookedUp() {
        guard !lookingUp.isEmpty else { return }
        let id = lookingUp.remove(at: .random(in: 0..<lookingUp.count, using: &random))
        if isCached[id.index] { finish(id, .succeeded) } else { schedule.enqueue(id, in: pools[id.index]) }
    }

    private mutating func start() {
        guard let next = schedule.startNext() else { return }
        #expect(next.pool == pools[next.id.index])
        running.append((next.id, next.pool, false))
        let occupied = running.count { $0.pool == next.pool && !$0.isStoring }
        #expect(occupied <= limits[next.pool] ?? .max, "seed \(seed): \(occupied) in pool \(next.pool)")
    }

    private mutating func ran() {
        guard let index = running.indices.filter({ !running[$0].isStoring }).randomElement(using: &random) else { return }
        running[index].isStoring = true
        schedule.ran(running[index].id)
    }

    private mutating func endOne() {
        guard let index = running.indices.randomElement(using: &random) else { return }
        let id = running.remove(at: index).id
        finish(id, fails[id.index] ? .failed : .succeeded)
    }

    private mutating func finish(_ id: StepID, _ end: Schedule.End) {
        let ended = schedule.finish(id, end)
        #expect(ended.first == id)
        note(id, end)
        for blocked in ended.dropFirst() { note(blocked, .blocked) }
        #expect(schedule.finish(id, .failed).isEmpty, "seed \(seed): step \(id.index) ends twice")
    }

    private mutating func note(_ id: StepID, _ end: Schedule.End) {
        #expect(ends[id] == nil, "seed \(seed): step \(id.index) ends twice")
        ends[id] = end
    }

    func check() {
        #expect(ends.count == dependencies.count, "seed \(seed): the schedule is stuck")
        #expect(schedule.states.count == dependencies.count)
        var expected: [Schedule.End] = []
        for (index, upstream) in dependencies.enumerated() {
            let isBlocked = upstream.contains { expected[$0.index] != .succeeded }
            expected.append(isBlocked ? .blocked : fails[index] && !isCached[index] ? .failed : .succeeded)
            #expect(ends[StepID(index)] == expected[index], "seed \(seed): step \(index)")
            #expect(schedule.states[index] == .finished(expected[index]), "seed \(seed): step \(index)")
        }
    }
}
