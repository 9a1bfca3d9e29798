import EpCore
import EpEngine
import EpPlan

/// One line for each thing worth telling, for logs and pipes.
final class PlainView: BuildObserver {
    private let verbose: Bool
    private let told: ToldOnce

    private struct Stage {
        let name: StageName
        var steps = 0
        /// No more steps will be known.
        var isComplete = false
        var finished = 0
        var executed = 0
        var isTold = false
    }

    /// In the order of the pipeline.
    private var stages: [Stage] = []
    private var words = ProgramWords()

    init(verbose: Bool, _ told: ToldOnce) {
        self.verbose = verbose
        self.told = told
    }

    func observe(_ event: BuildEvent) {
        words.observe(event.kind)
        switch event.kind {
        case .warning(let problem), .cacheHealed(let problem): told.tell(problem)
        case .failed(let failure): told.tell(failure.diagnostic)
        case .providerFallback(let fallback): told.say(fallback.words)
        case .actionRetried(_, let retry): told.say(retry.words)
        case .breakerChanged(let change): told.say(change.words)
        case .actionStalled(let site, let stall): told.say("\(site.target): \(stall.words)")
        case .actionStoodIn(let standIn) where verbose: Console.say("\(standIn.target): \(standIn.what) stands in: \(standIn.reason.message)")
        case .wrote(let path) where verbose: Console.say("wrote \(path)")
        case .editDetected(let target, let file): Console.say("\(target): \(file) is edited by hand and stands as it is")
        case .pinned(let target): Console.say("\(target): pinned, stands as it is")
        case .started: stages = []
        case .passRepeated(let reason):
            stages = []
            Console.say("once more: \(reason)")
        case .planned(let planned): note(planned)
        case .actionFinished(let end):
            if verbose, end.origin == .executed { Console.say("done \(end.site.label)") }
            count(end.target, end.origin)
        case .actionSaid(let site, let lines) where verbose: lines.forEach { Console.say("\(site.target) says: \($0)") }
        case .finished(let report):
            stages.indices.forEach(tell)
            report.reason.map { _ = told.tell($0) }
            if !verbose { words.lines.forEach(Console.say) }
        default: break
        }
    }

    private func note(_ planned: [(stage: StageName, steps: Int, isComplete: Bool)]) {
        stages = planned.map { name, steps, isComplete in
            var stage = stages.first { $0.name == name } ?? Stage(name: name)
            (stage.steps, stage.isComplete) = (steps, isComplete)
            return stage
        }
        stages.indices.forEach(tellIfDone)
    }

    private func count(_ target: Target, _ origin: BuildEvent.Origin) {
        guard let index = stages.firstIndex(where: { $0.name == target.stage }) else { return }
        stages[index].finished += 1
        if origin == .executed { stages[index].executed += 1 }
        tellIfDone(index)
    }

    private func tellIfDone(_ index: Int) {
        if stages[index].isComplete, stages[index].finished == stages[index].steps { tell(index) }
    }

    /// Tells of a stage once, if anything in it was made.
    private func tell(_ index: Int) {
        guard stages[index].executed > 0, !stages[index].isTold else { return }
        stages[index].isTold = true
        Console.say("\(stages[index].name): \(stages[index].executed) of \(stages[index].steps) executed")
    }
}
