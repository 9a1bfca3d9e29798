import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpPlan

struct PublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Puts what is delivered where the public reads it: only what changed, the feed last.",
        usage: "epbuild publish [PATH] [--to PLACE] [--dry-run] [--prune] [--json]",
        discussion: """
            PATH is a show or some of its episodes. PLACE is the path of a directory, or s3://bucket/prefix; without it, `publish:` in show.yaml tells. \
            Nothing is built. Episodes that the feed does not name are left out.
            """)

    @Argument(help: "A show, or episodes of one show.", completion: .places)
    var words: [String] = []

    @Option(help: ArgumentHelp("Where to.", valueName: "place"))
    var to: String?

    @Flag(name: [.customShort("n"), .long], help: "Say what would be put there; put nothing.")
    var dryRun = false

    @Flag(help: "Take away what was published before and is no longer of the show.")
    var prune = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let composition = Composition()
        let places = try Words(words).places(composition)
        let shows = Set(places.map { Discovery.show(of: $0) })
        guard let show = shows.first, shows.count == 1 else {
            throw Diagnostic(.usage, "these are episodes of several shows, and each show has a place of its own", remedy: "name one show")
        }
        let desk = try composition.desk()
        let place = try place(of: show, desk, composition)
        var options = PublishOptions()
        options.isDryRun = dryRun
        options.prunes = prune
        let tells = !json
        let verb = dryRun ? "would put" : "→"
        let answer = try await desk.publish(places, of: show, to: place, options) { file in
            if tells, file.isPut { Console.say("\(verb) \(file.path) (\(Size.text(file.bytes)), \(file.number) of \(file.of))") }
        }
        for episode in answer.leftOut {
            Console.report(
                Diagnostic(
                    .badInput, "\(episode) is left out, as the feed does not name it",
                    remedy: "if it should be published, build the show: its warnings tell why", severity: .warning))
        }
        tell(answer)
    }

    private func place(of show: EpisodePlace, _ desk: Desk, _ composition: Composition) throws -> any PublicPlace {
        let settings = try desk.publishSettings(of: show)
        if let to, settings?.to != to { return try composition.place(PublishSettings(to: to), relativeTo: composition.setting.directory) }
        guard let settings else {
            throw Diagnostic(
                .usage, "where to?",
                remedy: "name a place with --to, or write `publish: s3://bucket/prefix` or `publish: DIRECTORY` in show.yaml")
        }
        return try composition.place(settings, relativeTo: show.directory)
    }

    private func tell(_ answer: PublishAnswer) {
        if json { return Console.answer(answer.value.json()) }
        let bytes = answer.put.reduce(0) { $0 + $1.bytes }
        let verb = dryRun ? "would be put there" : "put there"
        var words = ["\(Number.of(answer.put.count, "file")) \(verb) (\(Size.text(bytes)))", "\(answer.unchanged) as they were"]
        if answer.removed > 0 { words.append("\(answer.removed) removed") }
        Console.answer("\(answer.place): \(words.joined(separator: ", "))")
        guard answer.removed == 0, !answer.stale.isEmpty else { return }
        Console.report(
            Diagnostic(
                .badInput,
                "\(Number.of(answer.stale.count, "file")) there \(answer.stale.count == 1 ? "is" : "are") no longer of the show: "
                    + "\(answer.stale.prefix(8).joined(separator: ", "))\(answer.stale.count > 8 ? ", …" : "")",
                remedy: "take them away with --prune, when no app asks for them any more", severity: .warning))
    }
}
