import ArgumentParser
import EpCore
import EpHistory

struct CostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cost", abstract: "What builds have spent, and what the cache saved: money and time.",
        usage: "epbuild cost PATH… [--by episode|stage|provider|month] [--json]",
        discussion: "The ledger only grows: what was made anew is paid anew. Builds that found everything up to date count nothing as saved.")

    @Argument(help: "Episodes, shows or workspaces.")
    var paths: [String] = []

    @Option(help: "episode, stage, provider or month.", transform: Self.heading)
    var by = CostTotal.Heading.stage

    @Flag(help: "Print one JSON object for each workspace.")
    var json = false

    func run() async throws {
        for (history, scope) in try HistoryQuestion(paths, Composition()).parts {
            let totals = try history.totals(by: by, in: scope)
            if json {
                Console.answer(Value.object([
                    .init("by", .string(by.rawValue)), .init("rows", .list(totals.map { $0.value(by) })), .init("total", totals.sum.value(nil)),
                ]).json())
            } else {
                lines(totals).forEach(Console.answer)
            }
        }
    }

    @Sendable private static func heading(_ text: String) throws -> CostTotal.Heading {
        if let heading = CostTotal.Heading(rawValue: text) { return heading }
        let known = CostTotal.Heading.allCases.map(\.rawValue)
        throw ValidationError("--by takes \(known.joined(separator: ", ")); \"\(text)\" is none of them")
    }

    private func lines(_ totals: [CostTotal]) -> [String] {
        guard !totals.isEmpty else { return ["nothing is recorded yet"] }
        var table = Table(numbers: [1, 2, 3, 4, 5, 6])
        table.add(by.rawValue, "executed", "time", "spent", "from caches", "time saved", "saved")
        for total in totals + [totals.sum] {
            table.add(
                by == .provider ? Provider.shown(total.name) : total.name, "\(total.executed)", TimeSpan.text(total.seconds), total.spent.shownOrZero, "\(total.hits)", TimeSpan.text(total.savedSeconds),
                total.saved.shownOrZero)
        }
        return table.lines()
    }
}
