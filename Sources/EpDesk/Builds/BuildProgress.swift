public import EpCore
public import EpEngine
import EpPlan

/// How far a build is: a value that events change, without a clock or a terminal. Times are seconds since the build's beginning.
public struct BuildProgress: Sendable {
    public struct Stage: Sendable {
        public let name: StageName
        public internal(set) var total = 0
        /// True if no more steps can become known.
        public internal(set) var isComplete = false
        public internal(set) var finished = 0
        public internal(set) var failed = 0
        /// Made by this build.
        public internal(set) var executed = 0
        /// Finished steps whose duration is recorded, and the sum of these.
        public internal(set) var timed = 0
        public internal(set) var recordedSeconds = 0.0

        fileprivate mutating func add(_ other: Stage) {
            total += other.total
            isComplete = isComplete && other.isComplete
            finished += other.finished
            failed += other.failed
            executed += other.executed
            timed += other.timed
            recordedSeconds += other.recordedSeconds
        }

        public var left: Int { max(0, total - finished - failed) }
        public var isDone: Bool { left == 0 && failed == 0 }
        /// What one step takes, as recorded of those like it.
        public var meanSeconds: Double? { timed > 0 ? recordedSeconds / Double(timed) : nil }
    }

    public struct Running: Equatable, Sendable {
        public let target: Target
        public let step: String
        public let since: Double
    }

    public private(set) var episode = ""
    /// In the order of the pipeline.
    public private(set) var stages: [Stage] = []
    /// In the order in which they were started.
    public private(set) var running: [Running] = []
    public private(set) var cost = Cost.zero
    /// Seconds of work that this build has done, and when it began with it.
    private var workedSeconds = 0.0
    private var workBegan: Double?

    public var failed: Int { stages.reduce(0) { $0 + $1.failed } }

    /// - Parameter episode: how it is shown to a person.
    public mutating func observe(_ event: BuildEvent.Kind, of episode: String, at now: Double) {
        switch event {
        case .started: self = BuildProgress(episode: episode)
        case .planned(let planned): plan(planned)
        case .actionStarted(let begun): start(begun.site.target, begun.site.step, at: now)
        case .actionFinished(let end):
            finish(
                end.target, end.site.step, isExecuted: end.origin == .executed, seconds: end.result.duration.seconds, cost: end.result.cost)
        case .failed(let failure):
            if let site = failure.site { fail(site.target, site.step) }
        case .actionStoodIn(let standIn): leave(standIn.target, standIn.site.step)
        case .providerFallback(let fallback): leave(fallback.site.target, fallback.site.step)
        case .passRepeated: repeatPass()
        default: break
        }
    }

    public init(episode: String = "") { self.episode = episode }

    /// Several builds that go on beside each other, as one.
    /// - Parameters:
    ///   - isWhole: false if more builds will come.
    init(of builds: [BuildProgress], called name: String, isWhole: Bool) {
        episode = name
        for build in builds {
            for stage in build.stages {
                let index = stages.firstIndex { $0.name == stage.name } ?? stages.endIndex
                if index == stages.endIndex { stages.append(Stage(name: stage.name, isComplete: isWhole)) }
                stages[index].add(stage)
            }
            running += build.running
            cost += build.cost
            workedSeconds += build.workedSeconds
            workBegan = [workBegan, build.workBegan].compactMap(\.self).min()
        }
    }

    mutating func plan(_ planned: [(stage: StageName, steps: Int, isComplete: Bool)]) {
        stages = planned.map { name, steps, isComplete in
            var stage = stages.first { $0.name == name } ?? Stage(name: name)
            (stage.total, stage.isComplete) = (steps, isComplete)
            return stage
        }
    }

    mutating func start(_ target: Target, _ step: String, at now: Double) {
        workBegan = workBegan ?? now
        // It may have been begun on another machine, which could not.
        leave(target, step)
        running.append(Running(target: target, step: step, since: now))
    }

    mutating func finish(_ target: Target, _ step: String, isExecuted: Bool, seconds: Double, cost: Cost) {
        leave(target, step)
        if isExecuted {
            workedSeconds += seconds
            self.cost += cost
        }
        change(target.stage) { stage in
            stage.finished += 1
            if isExecuted { stage.executed += 1 }
            if seconds > 0 {
                stage.timed += 1
                stage.recordedSeconds += seconds
            }
        }
    }

    private mutating func leave(_ target: Target, _ step: String) { running.removeAll { $0.target == target && $0.step == step } }

    mutating func fail(_ target: Target, _ step: String) {
        leave(target, step)
        change(target.stage) { $0.failed += 1 }
    }

    /// What is stored is counted anew as it is found in the cache; what it has cost stays.
    private mutating func repeatPass() { (stages, running) = ([], []) }

    private mutating func change(_ name: StageName, _ change: (inout Stage) -> Void) {
        guard let index = stages.firstIndex(where: { $0.name == name }) else { return }
        change(&stages[index])
    }
}

extension BuildProgress {
    public struct Estimate: Equatable, Sendable {
        public let secondsLeft: Double
        /// True if some of what is left is of a kind that has no recorded duration, or not known yet.
        public let isLowerBound: Bool
        /// Of the work of this build, by its duration.
        public let percent: Int
    }

    /// What is left, weighted by the recorded durations of like steps, as many at once as were so far. Nil if nothing is known.
    public func estimate(at now: Double) -> Estimate? {
        var (left, isLowerBound) = (0.0, false)
        for stage in stages where stage.left > 0 {
            guard let mean = stage.meanSeconds else {
                isLowerBound = true
                continue
            }
            let spent = running.filter { $0.target.stage == stage.name }.reduce(0.0) { $0 + min(mean, now - $1.since) }
            left += max(0, mean * Double(stage.left) - spent)
        }
        guard left > 0 else { return nil }
        let current = running.reduce(0.0) { $0 + (now - $1.since) }
        let done = workedSeconds + current
        let lines = workBegan.map { max(1, min(done / max(0.5, now - $0), Double(max(1, running.count)))) } ?? 1
        return Estimate(
            secondsLeft: left / lines, isLowerBound: isLowerBound || stages.contains { !$0.isComplete },
            percent: Int(100 * done / (done + left)))
    }
}
