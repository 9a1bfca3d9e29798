import EpCore
import EpEngine

/// One line for each thing worth telling, for logs and pipes.
final class PlainView: BuildObserver {
    private let verbose: Bool

    private var steps: [StageName: Int] = [:]
    private var finished: [StageName: (all: Int, executed: Int)] = [:]

    init(verbose: Bool) { self.verbose = verbose }

    func observe(_ event: BuildEvent) {
        switch event {
        case .actionFinished(let end) where verbose && end.origin == .executed:
            Console.say("done \(end.target)\(end.step.isEmpty ? "" : " (\(end.step))")")
        case .cacheHealed(let problem), .warning(let problem): Console.report(problem)
        case .wrote(let path) where verbose: Console.say("wrote \(path)")
        case .editDetected(let stage, let file): Console.say("\(stage): \(file) is edited by hand and stands as it is")
        case .pinned(let target): Console.say("\(target): pinned, stands as it is")
        case .passRepeated(let reason): Console.say("once more: \(reason)")
        case .planned(let stages): told(stages)
        case .actionFinished(let end): count(end.target, end.origin)
        default: break
        }
    }

    private func told(_ stages: [(stage: StageName, steps: Int)]) {
        for (stage, count) in stages { steps[stage] = count }
    }

    /// Tells of a stage when its last step has ended, if anything in it was made.
    private func count(_ target: Target, _ origin: BuildEvent.Origin) {
        var numbers = finished[target.stage] ?? (0, 0)
        numbers.all += 1
        if origin == .executed { numbers.executed += 1 }
        finished[target.stage] = numbers
        if numbers.all == steps[target.stage], numbers.executed > 0 {
            Console.say("\(target.stage): \(numbers.executed) of \(numbers.all) executed")
        }
    }
}
