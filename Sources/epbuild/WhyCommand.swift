import ArgumentParser
import EpCore
import EpEngine
import EpPlan

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Names the inputs that changed, old and new.", usage: "epbuild why PATH TARGET")

    @Argument(help: "An episode, then a target.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        let composition = Composition()
        let (places, targets) = try Words(words).split(composition)
        guard let place = places.first, let target = targets.first, targets.count == 1 else {
            throw Diagnostic(.usage, "which target?", remedy: "epbuild why EPISODE STAGE or STAGE/ITEM")
        }
        let inspection = try await composition.builder().inspect(place, observer: Unobserved())
        let steps = inspection.steps(of: target)
        guard !steps.isEmpty else { return Console.answer(try silence(target, inspection)) }
        let due = steps.filter { $0.state != .upToDate }
        if due.isEmpty { Console.answer("\(target) is up to date: none of its inputs changed") }
        for step in due {
            Console.answer("\(step.label): \(step.state.rawValue)")
            switch step.state {
            case .unknown: Console.answer("  what it depends on is not built: see `epbuild plan`")
            case .stale where step.changes.isEmpty: Console.answer("  its inputs are the same; its result is not in the cache, or another take is asked for")
            default: break
            }
            for change in step.changes { Console.answer("  \(change.label)\n    - \(change.old)\n    + \(change.new)") }
        }
    }

    private func silence(_ target: Target, _ inspection: Inspection) throws -> String {
        let stage = try inspection.view(of: target)
        if stage.isEdited { return "\(target) is edited by hand: nothing generates it" }
        switch stage.knowledge {
        case .known: return "\(target) runs nothing"
        case .notYet: return "\(target) is not known before what it depends on is built: see `epbuild plan`"
        case .notNeeded: return "\(target) is not needed: an edit stands for what would read it"
        }
    }
}
