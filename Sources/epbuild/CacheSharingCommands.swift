import ArgumentParser
import EpCore
import EpEngine

struct CachePushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Puts what episodes are built from into the workspace's shared caches.", usage: "epbuild cache push PATH… [--json]")

    @OptionGroup var arguments: SharingArguments

    func run() async throws {
        try await arguments.run { builder, place in
            try await builder.push(place, warn: { Console.report($0) }).map { pushed in
                let isEmpty = pushed.shared + pushed.adopted + pushed.failed == 0
                var words = [isEmpty ? "nothing of it is built here" : "\(Number.of(pushed.shared, "result")) shared with \(pushed.cache)"]
                if pushed.adopted > 0 { words.append("\(pushed.adopted) adopted, as it had others before: build to deliver them") }
                return SharingArguments.Outcome(
                    words: words, failed: pushed.failed,
                    members: [("cache", .string(pushed.cache)), ("shared", .int(Int64(pushed.shared))), ("adopted", .int(Int64(pushed.adopted)))])
            }
        }
    }
}

struct CachePullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Copies what episodes need from the shared caches; runs nothing.", usage: "epbuild cache pull PATH… [--json]")

    @OptionGroup var arguments: SharingArguments

    func run() async throws {
        try await arguments.run { builder, place in
            let pulled = try await builder.pull(place, warn: { Console.report($0) })
            let rest = pulled.missing > 0 ? "\(Number.of(pulled.missing, "action")) must still be run" : "nothing must be run"
            return [
                SharingArguments.Outcome(
                    words: ["\(Number.of(pulled.copied, "result")) copied", rest], failed: pulled.failed,
                    members: [("copied", .int(Int64(pulled.copied))), ("missing", .int(Int64(pulled.missing)))])
            ]
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
        var words: [String]
        let failed: Int
        let members: [(key: String, value: Value)]
    }

    /// - Throws: `EarlyEnd` with status 69 if a shared cache did not do its part.
    func run(_ share: (Builder, EpisodePlace) async throws -> [Outcome]) async throws {
        let composition = Composition()
        let builder = try composition.builder(isStrict: true)
        var failed = 0
        for place in try await Words(paths).split(composition).places {
            for outcome in try await share(builder, place) {
                tell(outcome, of: composition.setting.shown(place.directory))
                failed += outcome.failed
            }
        }
        if failed > 0 { throw EarlyEnd(status: .unavailable) }
    }

    private func tell(_ outcome: Outcome, of episode: String) {
        if json {
            let members = [("episode", .string(episode))] + outcome.members + [("failed", .int(Int64(outcome.failed)))]
            return Console.answer(Value.object(members.map { Value.Member($0.0, $0.1) }).json())
        }
        let failed = outcome.failed > 0 ? ["\(outcome.failed) failed"] : []
        Console.answer("\(episode): \((outcome.words + failed).joined(separator: ", "))")
    }
}

/// Numbers of things.
enum Number {
    static func of(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }
}
