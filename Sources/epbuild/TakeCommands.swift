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
        let session = try TargetSession(words, needsTarget: true)
        let inspection = try await session.inspect()
        for target in session.targets {
            for action in try session.desk.takes(of: target, in: inspection) {
                if json { Console.answer(action.value.json()) } else { action.takes.forEach { Console.answer("\(action.name)  \($0.line)") } }
            }
            if !json { inspection.sharing(actionsOf: [target]).tellAsSharing("has the same takes", "have the same takes") }
        }
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
        let session = try TargetSession(words.dropLast(), needsTarget: true)
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
        commandName: "revert", abstract: "Gives up a hand edit: the next build writes the generated text.", usage: "epbuild revert PATH TARGET")

    @Argument(help: "An episode, then a stage or an item.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        let session = try TargetSession(words, needsTarget: true)
        for target in session.targets {
            for (item, kept) in try await session.desk.revert(target, at: session.place) {
                Console.answer("\(item): the next build writes the generated text; your edit is kept in \(kept)")
            }
        }
    }
}

/// One episode, some targets, and a desk to ask about them.
struct TargetSession {
    let place: EpisodePlace
    let targets: [Target]
    let desk: Desk
    let composition = Composition()
    var builder: Builder { desk.builder }

    init(_ words: some Sequence<String>, needsTarget: Bool, warn: @escaping @Sendable (Diagnostic) -> Void = { Console.report($0) }) throws {
        let words = Array(words)
        if let first = words.first, let show = Discovery.show(at: first, from: composition.setting.directory) {
            // A show stands for the stages that it has once.
            place = show
            targets = words.dropFirst().map(Target.init(parsing:))
        } else {
            let (places, targets) = try Words(words).split(composition)
            guard places.count == 1 else {
                throw Diagnostic(.usage, "that stands for \(places.count) episodes", remedy: "name one episode")
            }
            (place, self.targets) = (places[0], targets)
        }
        if needsTarget, targets.isEmpty { throw Diagnostic(.usage, "which target?", remedy: "name a stage, or STAGE/ITEM") }
        desk = try composition.desk(warn: warn)
    }

    /// How the episode is named on a command line.
    var shown: String { composition.setting.shown(place.directory) }

    /// - Parameter forgiving: what cannot be planned is not known, and no error.
    func inspect(forgiving: Bool = false, warn: @escaping @Sendable (Diagnostic) -> Void = { _ in }) async throws -> Inspection {
        try await builder.inspect(place, forgiving: forgiving, warn: warn)
    }
}
