import ArgumentParser
import EpCore
import EpHistory

struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Past builds and decisions, one build with what ran and why, or how failures ended.",
        usage: "epbuild log PATH… [BUILD] [--json] [--limit N] | --stats PATH…",
        discussion: "A build that found everything up to date is not recorded, unless it is the good end of a failure.")

    @Argument(help: "Episodes, shows or workspaces; then perhaps the number of a build, as the first column shows it.")
    var words: [String] = []

    @Flag(help: "How many failures were recovered from, how soon, where they happen and what helped.")
    var stats = false

    @Flag(help: "Print JSON: an object a line.")
    var json = false

    @Option(help: "How many lines, or actions of a build, to show.")
    var limit = 20

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit takes a number from 1") }
    }

    func run() async throws {
        let (paths, number) = Self.split(words)
        let question = try HistoryQuestion(paths, Composition())
        for (history, scope) in question.parts {
            if stats {
                let report = try history.recovery(in: scope)
                answer(json ? [report.value.json()] : RecoveryView(report).lines)
            } else if let number {
                try show(number, history)
            } else {
                let log = try LogView(history, scope, limit: limit)
                answer(json ? log.values.map { $0.json() } : log.lines)
            }
        }
    }

    private func show(_ number: Int64, _ history: History) throws {
        guard let build = try history.build(number) else {
            throw Diagnostic(.usage, "there is no build #\(number)", remedy: "`epbuild log` lists them")
        }
        let actions = try history.actions(of: number)
        if json {
            let members = (build.value.members ?? []) + [.init("ran", .list(actions.map(\.value)))]
            return Console.answer(Value.object(members).json())
        }
        answer(PastBuildView(build, actions, limit: limit).lines)
    }

    private func answer(_ lines: [String]) { lines.forEach(Console.answer) }

    /// A last word that is a number (`12`, `#12`) names a build.
    private static func split(_ words: [String]) -> (paths: [String], build: Int64?) {
        guard words.count > 1, let last = words.last, let number = Int64(last.hasPrefix("#") ? String(last.dropFirst()) : last) else { return (words, nil) }
        return (words.dropLast(), number)
    }
}
