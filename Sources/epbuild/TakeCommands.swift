import ArgumentParser
import EpCore
import EpDesk
import EpEngine
import Glibc

struct TakesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "takes", abstract: "Lists the takes of a target: which is in use, which are here, what each cost.",
        usage: "epbuild takes PATH TARGET [--json]")

    @Argument(help: "An episode, then a stage or an item.", completion: .targets)
    var words: [String] = []

    @Flag(help: "Print one JSON object for each action.")
    var json = false

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: true)
        let inspection = try await session.inspect()
        for target in session.targets {
            let actions = try session.desk.takes(of: target, in: inspection)
            json ? actions.forEach { Console.answer($0.value.json()) } : tell(actions)
            if !json { inspection.sharing(actionsOf: [target]).tellAsSharing("has the same takes", "have the same takes") }
        }
    }
}

extension TakesCommand {
    /// As many actions that have nothing to choose from are shown.
    private static let most = 3

    /// What there is to choose from; of a stage, what has one take alone is counted.
    private func tell(_ actions: [TakesAnswer]) {
        let single = actions.filter { $0.takes.count == 1 }
        let hidden = single.count > Self.most ? Set(single.map(\.name)) : []
        for action in actions where !hidden.contains(action.name) {
            let title = action.title.map { "  \($0.text())" } ?? ""
            for take in action.takes { Console.answer("\(action.name)\(title)  \(take.line)") }
        }
        guard let first = single.first, !hidden.isEmpty else { return }
        let here = single.count { $0.takes[0].result != nil }
        let cost = single.reduce(Cost.zero) { $0 + ($1.takes[0].result?.cost ?? .zero) }
        Console.answer(
            "\(first.target.stage): \(Number.of(single.count, "action")) with one take each, \(here == single.count ? "all" : "\(here)") "
                + "here, \(cost.text)"
        )
    }
}

extension Builder.TakeView {
    fileprivate var line: String {
        let state = result.map { "\($0.cost.text)  \(Provider.shown($0.servedBy))" } ?? "not in the local cache"
        return "take \(take)\(isUsed ? "  in use" : "")  \(state)"
    }
}

struct UseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Chooses a take; the next build takes it from the cache.", usage: "epbuild use PATH TARGET N")

    @Argument(help: "An episode, then a stage or an item, then the number of a take.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        guard let last = words.last, let number = Int(last), number >= 1 else {
            throw Diagnostic(.usage, "which take?", remedy: "epbuild use EPISODE TARGET N, where N is a number from 1")
        }
        let session = try await TargetSession(words.dropLast(), needsTarget: true)
        for target in session.targets {
            let change = try await session.desk.use(Take(number), of: target, at: session.place)
            let count = change.actions.reduce(0) { $0 + $1.count }
            Console.answer("\(target): take \(number) of \(Number.of(count, "action")) is in use; build to hear it")
            change.alsoOf.tellAsSharing("changes with it", "change with them")
        }
    }
}

struct RevertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revert", abstract: "Gives up a hand edit: the next build writes the generated text.",
        usage: "epbuild revert PATH TARGET")

    @Argument(help: "An episode, then a stage or an item.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: true)
        for target in session.targets {
            for (item, kept) in try await session.desk.revert(target, at: session.place) {
                Console.answer("\(item): the next build writes the generated text; your edit is kept in \(kept)")
            }
        }
    }
}
