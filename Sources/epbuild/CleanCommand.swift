import ArgumentParser
import EpCore
import EpEngine
import EpHistory
import Glibc

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

    func validate() throws {
        if [speaker != nil, failed, from != nil, files].count(where: \.self) > 1 {
            throw ValidationError("choose one of --speaker, --failed, --from and --files")
        }
    }

    func run() async throws {
        let session = try TargetSession(words, needsTarget: speaker == nil && !failed && from == nil && !files)
        if files { return try removeOutputs(session.place) }
        let inspection = try await session.inspect()
        let targets = try targets(session, inspection)
        let cleaned = try session.builder.clean(targets, in: inspection)
        for (target, _) in cleaned { Decisions.record("clean", target, of: session.place) }
        for group in StageGroups.of(cleaned, by: \.target) {
            let count = group.elements.reduce(0) { $0 + $1.value.count }
            let items = group.elements.count == 1 ? "" : " (\(group.items))"
            Console.answer("\(group.target): the next build makes a new take of \(Number.of(count, "action"))\(items)")
        }
        inspection.tellSharing(targets, "changes with it", "change with them")
    }

    private func targets(_ session: TargetSession, _ inspection: Inspection) throws -> [Target] {
        if let speaker { return try inspection.items(spokenBy: speaker, in: session.targets.map(\.stage)) }
        if let from {
            _ = try inspection.definition(of: Target(parsing: from))
            return inspection.stages(from: StageName(from)).map { Target(stage: $0) }
        }
        guard failed else { return session.targets }
        let failures = try History(stateDirectory: session.place.stateDirectory) { Console.report($0) }.lastFailures(of: EpisodeName(session.place))
        var seen: Set<Target> = []
        let found = failures.map(\.target).filter { seen.insert($0).inserted }
        guard !found.isEmpty else {
            throw Diagnostic(.usage, "nothing has failed", remedy: "name a target; `epbuild status` tells what is stale, and a build runs it")
        }
        return found
    }

    private func removeOutputs(_ place: EpisodePlace) throws {
        guard let report = Builder.lastReport(of: place) else { return Console.answer("nothing was written") }
        for output in report.outputs where unlink("\(place.directory)/\(output)") == 0 { Console.answer("removed \(output)") }
    }
}
