import ArgumentParser
import EpCore
import EpEngine

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approves an artifact at a gate, as it is now.", usage: "epbuild approve PATH TARGET… [--note TEXT] [--by NAME]",
        discussion: "Holds for just this artifact: any change opens the gate again, and the same content closes it.")

    @Argument(help: "An episode, then stages or items.", completion: .targets)
    var words: [String] = []

    @OptionGroup var opinion: Opinion

    func run() async throws { try await opinion.record(words, isApproval: true) }
}

struct RejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Rejects an artifact at a gate: the next build makes a new take.",
        usage: "epbuild reject PATH TARGET… --note TEXT [--by NAME]",
        discussion: "The note is an input of the next take, as `{{ rejection.note }}` in the stage's prompt.")

    @Argument(help: "An episode, then stages or items.", completion: .targets)
    var words: [String] = []

    @OptionGroup var opinion: Opinion

    func run() async throws {
        guard opinion.said != nil else { throw Diagnostic(.usage, "why?", remedy: "say what to do better: --note \"…\"") }
        try await opinion.record(words, isApproval: false)
    }
}

/// What a person says with a decision.
struct Opinion: ParsableArguments {
    @Option(help: "What you think of it.")
    var note: String?

    @Option(help: "Whose decision it is (default: your name from git, else the system's).")
    var by: String?

    /// The note; nil if it says nothing.
    var said: String? { note.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 } }

    func record(_ words: [String], isApproval: Bool) async throws {
        let session = try TargetSession(words, needsTarget: true)
        let verdict = Verdict(isApproval: isApproval, by: by ?? Setting.userName, note: said ?? "", key: try Setting.signingKey())
        let log = BuildReading(EventLog(stateDirectory: session.place.stateDirectory) { Console.report($0) })
        let events = BuildEvents(of: session.place, .system, readings: [log])
        for target in session.targets {
            let inspection = try await session.inspect()
            let decided = try session.builder.decide(verdict, on: target, in: inspection)
            for target in decided {
                events.tell(.gateDecided(target, isApproval ? .approved : .rejected, by: verdict.by))
                Decisions.record(isApproval ? "approve" : "reject", target, of: session.place, note: said, by: verdict.by)
            }
            for group in Self.alike(decided, { isApproval ? "approved" : "rejected, \(consequence($0, inspection))" }) { Console.answer(group) }
            if !isApproval { inspection.tellSharing(decided, "changes with it", "change with them") }
        }
        await log.caughtUp()
        Console.say("go on with: epbuild \(session.shown)")
    }

    /// A line for all items of a stage of which the same is to be said.
    private static func alike(_ targets: [Target], _ word: (Target) -> String) -> [String] {
        let words = Dictionary(grouping: targets, by: word)
        return words.sorted { $0.key < $1.key }.flatMap { word, targets in
            StageGroups.of(targets).map { $0.elements.count == 1 ? "\($0.target): \(word)" : "\($0.stage): \($0.elements.count) items \(word) (\($0.items))" }
        }
    }

    /// What comes of a rejection.
    private func consequence(_ target: Target, _ inspection: Inspection) -> String {
        if inspection.steps(of: target).contains(where: { !$0.isPinned }) { return "the next build makes a new take" }
        return inspection.isEdited(target) ? "and your edit stands rejected: change it, or give it up with `epbuild revert`"
            : "and it is pinned: `epbuild unpin` lets it be made anew"
    }
}

struct PinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin", abstract: "Keeps an artifact whatever happens upstream.", usage: "epbuild pin PATH TARGET…")

    @Argument(help: "An episode, then stages or items.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        let session = try TargetSession(words, needsTarget: true)
        for target in session.targets {
            let pinned = try session.builder.pin(target, in: try await session.inspect())
            Decisions.record("pin", target, of: session.place)
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
        let session = try TargetSession(words, needsTarget: true)
        for target in session.targets {
            let count = try session.builder.unpin(target, in: try await session.inspect())
            Decisions.record("unpin", target, of: session.place)
            Console.answer("\(target): \(count == 1 ? "not pinned" : "\(count) items not pinned") any more")
        }
    }
}

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Makes a key to sign decisions with.", usage: "epbuild key NAME")

    @Argument(help: "Whose key it is.")
    var name: String

    func run() throws {
        guard !name.isEmpty, !name.contains(where: { $0 == ":" || $0.isWhitespace }) else {
            throw Diagnostic(.usage, "\"\(name)\" is no name for a key", remedy: "use letters, digits and `-`")
        }
        let key = SigningKey(newNamed: name)
        Console.answer("EPBUILD_SIGNING_KEY=\(key.privateText)")
        Console.say("keep the line above to yourself; put this one into epbuild.yaml, under `gates: { signed_by: [ … ] }`:")
        Console.say("  \(key.publicText)")
    }
}
