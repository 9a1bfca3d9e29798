import EpCore
import EpEngine
import EpPlan

/// One line for each thing worth telling, for logs and pipes.
final class PlainView: BuildObserver {
    private let verbose: Bool
    private let told: ToldOnce

    fileprivate struct Stage {
        let name: StageName
        var steps = 0
        /// No more steps will be known.
        var isComplete = false
        var finished = 0
        var executed = 0
        var isTold = false
    }

    /// What is known of one build.
    fileprivate struct Seen {
        /// In the order of the pipeline.
        var stages: [Stage] = []
        var words = ProgramWords()
        /// What a line about it begins with.
        var prefix = ""
    }

    /// Of those that go on.
    private var builds: [BuildID: Seen] = [:]
    private let prefix: @Sendable (String) -> String

    /// - Parameter prefix: what lines about an episode begin with, by its directory: who builds several tells them apart.
    init(verbose: Bool, _ told: ToldOnce, prefix: @escaping @Sendable (String) -> String = { _ in "" }) {
        self.verbose = verbose
        self.told = told
        self.prefix = prefix
    }

    func observe(_ event: BuildEvent) {
        var seen = builds[event.build] ?? Seen(prefix: prefix(event.episode))
        defer { if case .finished = event.kind { builds[event.build] = nil } else { builds[event.build] = seen } }
        seen.words.observe(event.kind)
        let start = seen.prefix
        let say = { (words: String) in Console.say(start + words) }
        switch event.kind {
        case .warning(let problem), .cacheHealed(let problem): told.tell(problem)
        case .failed(let failure): told.tell(failure.diagnostic)
        case .providerFallback(let fallback): told.say(fallback.words)
        case .actionRetried(_, let retry): told.say(retry.words)
        case .breakerChanged(let change): told.say(change.words)
        case .leaseWaiting(_, let wait): told.say(wait.words)
        case .actionStalled(let site, let stall): told.say("\(site.target): \(stall.words)")
        case .actionRemote(let site, let stage) where verbose: say("\(site.label) \(stage.words)")
        case .actionStoodIn(let standIn) where verbose: say("\(standIn.target): \(standIn.what) stands in: \(standIn.reason.message)")
        case .wrote(let path) where verbose: Console.say("wrote \(path)")
        case .editDetected(let target, let file): say("\(target): \(file) is edited by hand and stands as it is")
        case .pinned(let target): say("\(target): pinned, stands as it is")
        case .started: seen.stages = []
        case .passRepeated(let reason):
            seen.stages = []
            say("once more: \(reason)")
        case .planned(let planned): seen.note(planned)
        case .actionFinished(let end):
            if verbose, end.origin == .executed { say("done \(end.site.label)") }
            seen.count(end.target, end.origin)
        case .actionSaid(let site, let lines) where verbose: lines.forEach { say("\(site.target) says: \($0)") }
        case .finished(let report):
            for index in seen.stages.indices { seen.tell(index) }
            report.reason.map { _ = told.tell($0) }
            if !verbose { seen.words.lines.forEach(say) }
        default: break
        }
    }
}

extension PlainView.Seen {
    fileprivate mutating func note(_ planned: [(stage: StageName, steps: Int, isComplete: Bool)]) {
        stages = planned.map { name, steps, isComplete in
            var stage = stages.first { $0.name == name } ?? .init(name: name)
            (stage.steps, stage.isComplete) = (steps, isComplete)
            return stage
        }
        for index in stages.indices { tellIfDone(index) }
    }

    fileprivate mutating func count(_ target: Target, _ origin: BuildEvent.Origin) {
        guard let index = stages.firstIndex(where: { $0.name == target.stage }) else { return }
        stages[index].finished += 1
        if origin == .executed { stages[index].executed += 1 }
        tellIfDone(index)
    }

    private mutating func tellIfDone(_ index: Int) {
        if stages[index].isComplete, stages[index].finished == stages[index].steps { tell(index) }
    }

    /// Tells of a stage once, if anything in it was made.
    fileprivate mutating func tell(_ index: Int) {
        guard stages[index].executed > 0, !stages[index].isTold else { return }
        stages[index].isTold = true
        Console.say("\(prefix)\(stages[index].name): \(stages[index].executed) of \(stages[index].steps) executed")
    }
}
