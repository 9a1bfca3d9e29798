import ArgumentParser
import EpComposition
import EpCore
import EpDesk

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approves an artifact at a gate, as it is now.",
        usage: "epbuild approve PATH TARGET… [--note TEXT] [--by NAME]",
        discussion: "Holds for just this artifact: any change opens the gate again, and the same content closes it.")

    @Argument(help: "An episode, then stages or items.", completion: .targets)
    var words: [String] = []

    @OptionGroup var opinion: OpinionWords

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: true)
        try await session.desk.approve(session.targets, at: session.place, opinion.spoken()) { answer in
            answer.lines.forEach(Console.answer)
        }
        Console.say("go on with: epbuild \(session.shown)")
    }
}

struct RejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Rejects an artifact at a gate: the next build makes a new take.",
        usage: "epbuild reject PATH TARGET… --note TEXT [--by NAME]",
        discussion: "The note is an input of the next take, as `{{ rejection.note }}` in the stage's prompt.")

    @Argument(help: "An episode, then stages or items.", completion: .targets)
    var words: [String] = []

    @OptionGroup var opinion: OpinionWords

    func run() async throws {
        guard opinion.said != nil else { throw Diagnostic(.usage, "why?", remedy: "say what to do better: --note \"…\"") }
        let session = try await TargetSession(words, needsTarget: true)
        try await session.desk.reject(session.targets, at: session.place, opinion.spoken()) { answer in
            answer.lines.forEach(Console.answer)
            answer.alsoOf.tellAsSharing("changes with it", "change with them")
        }
        Console.say("go on with: epbuild \(session.shown)")
    }
}

/// What a person says with a decision.
struct OpinionWords: ParsableArguments {
    @Option(help: "What you think of it.")
    var note: String?

    @Option(help: "Whose decision it is (default: your name from git, else the system's).")
    var by: String?

    /// The note; nil if it says nothing.
    var said: String? { note.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 } }

    /// - Throws: `Diagnostic` (usage) if the person's key is none.
    func spoken() throws(Diagnostic) -> Opinion { Opinion(note: said ?? "", by: by, key: try Setting.signingKey()) }
}

extension GateAnswer {
    /// A line for all items of a stage of which the same is to be said.
    fileprivate var lines: [String] {
        let words = Dictionary(grouping: decided, by: \.consequence.text).mapValues { $0.map(\.target) }
        return words.sorted { $0.key < $1.key }.flatMap { word, targets in
            StageGroups.of(targets).map {
                $0.elements.count == 1 ? "\($0.target): \(word)" : "\($0.stage): \($0.elements.count) items \(word) (\($0.items))"
            }
        }
    }
}

extension GateAnswer.Consequence {
    fileprivate var text: String {
        switch self {
        case .approved: "approved"
        case .alreadyApproved(let by, let at): "approved already, by \(by) on \(at.prefix(10)); nothing is changed"
        case .newTake: "rejected, the next build makes a new take"
        case .editStands: "rejected, and your edit stands rejected: change it, or give it up with `epbuild revert`"
        case .pinStands: "rejected, and it is pinned: `epbuild unpin` lets it be made anew"
        }
    }
}

struct PinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin", abstract: "Keeps an artifact whatever happens upstream.", usage: "epbuild pin PATH TARGET…")

    @Argument(help: "An episode, then stages or items.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: true)
        for target in session.targets {
            let pinned = try await session.desk.pin(target, at: session.place)
            Console.answer("\(target): \(pinned.count == 1 ? "pinned" : "\(pinned.count) items pinned"); `epbuild unpin` lets go")
        }
    }
}

struct UnpinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin", abstract: "Lets a pinned artifact be made anew.", usage: "epbuild unpin PATH TARGET…")

    @Argument(help: "An episode, then stages or items.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: true)
        for target in session.targets {
            let count = try await session.desk.unpin(target, at: session.place)
            Console.answer("\(target): \(count == 1 ? "not pinned" : "\(count) items not pinned") any more")
        }
    }
}

struct SkipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip", abstract: "Leaves an item out: what reads its stage goes on without it.",
        usage: "epbuild skip PATH STAGE/ITEM…")

    @Argument(help: "An episode, then items.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: true)
        for target in session.targets {
            let skipped = try await session.desk.skip(target, at: session.place)
            Console.answer(
                "\(target): \(skipped.count == 1 ? "left out" : "\(skipped.count) items left out"); `epbuild unskip` takes "
                    + "\(skipped.count == 1 ? "it" : "them") in again"
            )
        }
    }
}

struct UnskipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unskip", abstract: "Takes an item in again that was left out.", usage: "epbuild unskip PATH STAGE/ITEM…")

    @Argument(help: "An episode, then items.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: true)
        for target in session.targets {
            let count = try await session.desk.unskip(target, at: session.place)
            Console.answer("\(target): \(count == 1 ? "left out" : "\(count) items left out") no longer")
        }
    }
}

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Makes a key to sign decisions with.", usage: "epbuild key NAME")

    @Argument(help: "Whose key it is.")
    var name: String

    /// - Throws: `Diagnostic` (usage) for a name that cannot stand before a colon.
    static func key(named name: String) throws(Diagnostic) -> SigningKey {
        guard !name.isEmpty, !name.contains(where: { $0 == ":" || $0.isWhitespace }) else {
            throw Diagnostic(.usage, "\"\(name)\" is no name for a key", remedy: "use letters, digits and `-`")
        }
        return SigningKey(newNamed: name)
    }

    func run() throws {
        let key = try Self.key(named: name)
        Console.answer("EPBUILD_SIGNING_KEY=\(key.privateText)")
        Console.say("keep the line above to yourself; put this one into epbuild.yaml, under `gates: { signed_by: [ … ] }`:")
        Console.say("  \(key.publicText)")
    }
}
