import ArgumentParser
import EpCore
import EpDesk
import EpEngine

struct CleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean", abstract: "Forces regeneration: the next build makes a new take.",
        usage: "epbuild clean PATH TARGET… | PATH [STAGE…] --speaker NAME | PATH …",
        discussion: "Earlier takes are kept, and `epbuild use` chooses them again at once.")

    @Argument(help: "An episode, then stages or items.", completion: .targets)
    var words: [String] = []

    @Option(help: "Every line of this speaker; of the stages that are named, or of all.")
    var speaker: String?

    @Flag(help: "Everything that failed when it was last run.")
    var failed = false

    @Option(help: "This stage, and every stage that reads it.")
    var from: String?

    @Flag(help: "Only remove what was written into the episode's out/; the next build puts it back from the cache.")
    var files = false

    @Flag(help: "Start one episode anew: a new take of everything; generated texts go, edits and cached results stay.")
    var deep = false

    func validate() throws {
        if [speaker != nil, failed, from != nil, files, deep].count(where: \.self) > 1 {
            throw ValidationError("choose one of --speaker, --failed, --from, --files and --deep")
        }
        if deep, words.count > 1 { throw ValidationError("--deep starts one whole episode anew: name no target") }
    }

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: speaker == nil && !failed && from == nil && !files && !deep)
        if files { return try removeOutputs(session) }
        if deep { return tell(try await session.desk.cleanDeep(session.place)) }
        let change = try await session.desk.clean(choice(session), at: session.place)
        tell(change.actions)
        change.alsoOf.tellAsSharing("changes with it", "change with them")
    }

    private func tell(_ cleaned: DeepClean) {
        tell(cleaned.actions)
        for text in cleaned.removed { Console.answer("removed \(text), which was generated") }
        for text in cleaned.kept { Console.answer("kept \(text), as you have edited it") }
        Console.answer("forgot what the last builds have looked at; cached results, edits, decisions and what was spent stay")
    }

    private func tell(_ actions: [(target: Target, count: Int)]) {
        for group in StageGroups.of(actions, by: \.target) {
            let count = group.elements.reduce(0) { $0 + $1.value.count }
            let items = group.elements.count == 1 ? "" : " (\(group.items))"
            Console.answer("\(group.target): the next build makes a new take of \(Number.of(count, "action"))\(items)")
        }
    }

    private func choice(_ session: TargetSession) -> CleanChoice {
        if let speaker { return .spoken(by: speaker, in: session.targets.map(\.stage)) }
        if let from { return .downstream(of: StageName(from)) }
        return failed ? .failed : .targets(session.targets)
    }

    private func removeOutputs(_ session: TargetSession) throws {
        let (removed, kept) = try session.desk.removeDelivered(of: session.place)
        if removed.isEmpty, kept.isEmpty { return Console.answer("nothing was written") }
        for output in removed { Console.answer("removed \(output)") }
        for output in kept { Console.answer("kept \(output), as it is not as it was delivered") }
    }
}
