import ArgumentParser
import EpCore
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
            for action in try session.builder.takes(of: target, in: inspection) {
                let name = action.name
                if json {
                    let takes = Value.list(action.takes.map(\.value))
                    let others = inspection.sharing(actionsOf: [action.target]).map { Value.string($0.description) }
                    Console.answer(Value.object([
                        .init("target", .string(action.target.description)), .init("step", .string(action.step)), .init("takes", takes), .init("alsoOf", .list(others)),
                    ]).json())
                } else {
                    for take in action.takes { Console.answer("\(name)  \(take.line)") }
                }
            }
            if !json { inspection.tellSharing([target], "has the same takes", "have the same takes") }
        }
    }
}

extension Builder.TakeView {
    fileprivate var line: String {
        let state = result.map { "\($0.cost.text)  \(Provider.shown($0.servedBy))" } ?? "not in the local cache"
        return "take \(take)\(isUsed ? "  in use" : "")  \(state)"
    }

    fileprivate var value: Value {
        var members: [Value.Member] = [.init("take", .int(Int64(take.number))), .init("inUse", .bool(isUsed)), .init("cached", .bool(result != nil))]
        if let result {
            members += [
                .init("costUSD", .double(result.cost.usd)), .init("seconds", .double(result.duration.seconds)), .init("servedBy", .string(result.servedBy)),
            ]
        }
        return .object(members)
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
            let inspection = try await session.inspect()
            let count = try session.builder.use(Take(number), of: target, in: inspection)
            Decisions.record("use", target, of: session.place, note: "take \(number)")
            Console.answer("\(target): take \(number) of \(Number.of(count, "action")) is in use; build to hear it")
            inspection.tellSharing([target], "changes with it", "change with them")
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
            for (item, kept) in try session.builder.revert(target, in: try await session.inspect(forgiving: true)) {
                Decisions.record("revert", item, of: session.place)
                Console.answer("\(item): the next build writes the generated text; your edit is kept in \(kept)")
            }
        }
    }
}

/// One episode, some targets, and a builder to ask about them.
struct TargetSession {
    let place: EpisodePlace
    let targets: [Target]
    let builder: Builder
    let composition = Composition()

    init(_ words: some Sequence<String>, needsTarget: Bool) throws {
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
        builder = try composition.builder()
    }

    /// How the episode is named on a command line.
    var shown: String { place.shown(from: composition.setting.directory) }

    /// - Parameter forgiving: what cannot be planned is not known, and no error.
    func inspect(forgiving: Bool = false, warn: @escaping @Sendable (Diagnostic) -> Void = { _ in }) async throws -> Inspection {
        try await builder.inspect(place, forgiving: forgiving, warn: warn)
    }
}
