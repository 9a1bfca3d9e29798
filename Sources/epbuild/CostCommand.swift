import ArgumentParser
import EpComposition
import EpCore
import EpDesk
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
        let composition = Composition()
        let desk = try composition.desk()
        for (place, scope) in try HistoryQuestion(paths, composition).parts {
            let answer = try desk.costs(by: by, in: scope, of: place)
            if json { Console.answer(answer.value.json()) } else { lines(answer).forEach(Console.answer) }
        }
    }

    @Sendable private static func heading(_ text: String) throws -> CostTotal.Heading {
        if let heading = CostTotal.Heading(rawValue: text) { return heading }
        let known = CostTotal.Heading.allCases.map(\.rawValue)
        throw ValidationError("--by takes \(known.joined(separator: ", ")); \"\(text)\" is none of them")
    }

    private func lines(_ answer: CostAnswer) -> [String] {
        let (calls, cost) = answer.perhapsBilled
        let most = cost == .unknown ? "nobody knows how much" : "up to \(cost.text)"
        let lost = calls == 0 ? [] : ["perhaps billed beside that: \(Number.of(calls, "call")) of builds that were killed, \(most)"]
        guard !answer.rows.isEmpty else { return ["nothing is recorded yet"] + lost }
        var table = Table(numbers: [1, 2, 3, 4, 5, 6])
        table.add(by.rawValue, "executed", "time", "spent", "from caches", "time saved", "saved")
        for total in answer.rows + [answer.total] {
            table.add(
                by == .provider ? Provider.shown(total.name) : total.name, "\(total.executed)", TimeSpan.text(total.seconds), total.spent.shownOrZero, "\(total.hits)", TimeSpan.text(total.savedSeconds),
                total.saved.shownOrZero)
        }
        return table.lines() + answer.calls.lines + lost
    }
}
