import ArgumentParser
import EpComposition
import EpCore
import EpDesk
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
        let composition = Composition()
        let question = try HistoryQuestion(paths, composition)
        let desk = try composition.desk()
        for (place, scope) in question.parts {
            if stats {
                let report = try desk.recovery(in: scope, of: place)
                answer(json ? [report.value.json()] : RecoveryView(report).lines)
            } else if let number {
                let past = try desk.pastBuild(number, of: place)
                answer(json ? [past.value.json()] : PastBuildView(past, limit: limit).lines)
            } else {
                let log = try desk.log(scope, of: place, limit: limit)
                answer(json ? log.entries.map { $0.value.json() } : log.lines)
            }
        }
    }

    private func answer(_ lines: [String]) { lines.forEach(Console.answer) }

    /// A last word that is a number (`12`, `#12`) names a build.
    private static func split(_ words: [String]) -> (paths: [String], build: Int64?) {
        guard words.count > 1, let last = words.last, let number = Int64(last.hasPrefix("#") ? String(last.dropFirst()) : last) else {
            return (words, nil)
        }
        return (words.dropLast(), number)
    }
}
