import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine

struct CachePushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Puts what episodes are built from into the workspace's shared caches.",
        usage: "epbuild cache push PATH… [--json]")

    @OptionGroup var arguments: SharingArguments

    func run() async throws {
        try await arguments.run { desk, place in
            try await desk.push(place).map { answer in
                let pushed = answer.pushed
                var words = [
                    answer.isEmpty ? "nothing of it is built here" : "\(Number.of(pushed.shared, "result")) shared with \(pushed.cache)"
                ]
                if pushed.adopted > 0 { words.append("\(pushed.adopted) adopted, as it had others before: build to deliver them") }
                return .init(episode: answer.episode, words: words, failed: pushed.failed, value: answer.value)
            }
        }
    }
}

struct CachePullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Copies what episodes need from the shared caches; runs nothing.",
        usage: "epbuild cache pull PATH… [--json]")

    @OptionGroup var arguments: SharingArguments

    func run() async throws {
        // What a show has once is made from what its episodes have delivered: it is fetched when they are built.
        try await arguments.run(withShows: false) { desk, place in
            let answer = try await desk.pull(place)
            let rest = answer.pulled.missing > 0 ? "\(Number.of(answer.pulled.missing, "action")) must still be run" : "nothing must be run"
            let words = ["\(Number.of(answer.pulled.copied, "result")) copied", rest]
            return [.init(episode: answer.episode, words: words, failed: answer.pulled.failed, value: answer.value)]
        }
    }
}

/// What the sharing commands have in common: episodes, and how it is told what became of them.
struct SharingArguments: ParsableArguments {
    @Argument(help: "Episodes, shows or workspaces.")
    var paths: [String] = []

    @Flag(help: "Print one JSON object for each episode and shared cache.")
    var json = false

    struct Outcome {
        let episode: String
        let words: [String]
        let failed: Int
        let value: Value
    }

    /// - Parameter withShows: true if what a show has once comes behind its episodes, unless only they are named.
    /// - Throws: `EarlyEnd` with status 69 if a shared cache did not do its part.
    func run(withShows: Bool = true, _ share: (Desk, EpisodePlace) async throws -> [Outcome]) async throws {
        let composition = Composition()
        let desk = try composition.desk(isStrict: true)
        var failed = 0
        let places = try Words(paths).places(composition)
        for place in try places + (withShows ? desk.shows(of: places.filter { !isNamed($0, composition.setting) }) : []) {
            for outcome in try await share(desk, place) {
                tell(outcome)
                failed += outcome.failed
            }
        }
        if failed > 0 { throw EarlyEnd(status: .unavailable) }
    }

    /// True if a word of the command line leads to the episode itself, and not to what it lies in.
    private func isNamed(_ place: EpisodePlace, _ setting: Setting) -> Bool {
        (paths.isEmpty ? ["."] : paths).contains { Discovery.episode(around: setting.absolute($0)) == place.directory }
    }

    private func tell(_ outcome: Outcome) {
        if json { return Console.answer(outcome.value.json()) }
        let failed = outcome.failed > 0 ? ["\(outcome.failed) failed"] : []
        Console.answer("\(outcome.episode): \((outcome.words + failed).joined(separator: ", "))")
    }
}

/// Numbers of things.
enum Number {
    static func of(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }
}
