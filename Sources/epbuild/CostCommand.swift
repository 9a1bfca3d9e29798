import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpHistory

struct CostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cost", abstract: "What builds have spent, and what the cache saved: money and time.",
        usage: "epbuild cost PATH… [--by episode|stage|provider|month|speaker] [--json]",
        discussion:
            "The ledger only grows: what was made anew is paid anew. Builds that found everything up to date count nothing as saved.")

    @Argument(help: "Episodes, shows or workspaces.")
    var paths: [String] = []

    @Option(
        help: "episode, stage, provider, month, or speaker: who says how much, and what the takes in use have cost.",
        transform: Self.heading)
    var by = Heading.past(.stage)

    @Flag(help: "Print one JSON object for each workspace; by speaker, for each episode.")
    var json = false

    enum Heading: Sendable {
        case past(CostTotal.Heading)
        case speaker
    }

    func run() async throws {
        let composition = Composition()
        switch by {
        case .past(let heading): try run(by: heading, composition)
        case .speaker: try await runBySpeaker(composition)
        }
    }

    private func runBySpeaker(_ composition: Composition) async throws {
        let places = try Words(paths).places(composition)
        let desk = try composition.desk { Console.report($0) }
        for place in places where !place.isShow {
            let costs = try await desk.speakerCosts(of: place)
            if json { Console.answer(costs.value.json()) } else { lines(costs, isNamed: places.count > 1).forEach(Console.answer) }
        }
    }

    private func run(by heading: CostTotal.Heading, _ composition: Composition) throws {
        let desk = try composition.desk()
        for (place, scope) in try HistoryQuestion(paths, composition).parts {
            let answer = try desk.costs(by: heading, in: scope, of: place)
            if json { Console.answer(answer.value.json()) } else { lines(answer, by: heading).forEach(Console.answer) }
        }
    }

    @Sendable private static func heading(_ text: String) throws -> Heading {
        if let heading = CostTotal.Heading(rawValue: text) { return .past(heading) }
        if text == "speaker" { return .speaker }
        let known = CostTotal.Heading.allCases.map(\.rawValue) + ["speaker"]
        throw ValidationError("--by takes \(known.joined(separator: ", ")); \"\(text)\" is none of them")
    }

    private func lines(_ costs: SpeakerCosts, isNamed: Bool) -> [String] {
        let title = isNamed ? [Console.styled(costs.episode, .bold)] : []
        guard !costs.rows.isEmpty else { return title + ["nobody says anything yet: the script is not known"] }
        var table = Table(numbers: [1, 2, 3, 4])
        table.add("speaker", "lines", "characters", "spoken", "spent on them")
        for row in costs.rows + [costs.total] {
            table.add(
                row.speaker.isEmpty ? "total" : row.speaker, "\(row.lines)", "\(row.characters)", "\(row.spoken)", row.cost.shownOrZero)
        }
        return title + table.lines()
    }

    private func lines(_ answer: CostAnswer, by heading: CostTotal.Heading) -> [String] {
        let (calls, cost) = answer.perhapsBilled
        let most = cost == .unknown ? "nobody knows how much" : "up to \(cost.text)"
        let lost = calls == 0 ? [] : ["perhaps billed beside that: \(Number.of(calls, "call")) of builds that were killed, \(most)"]
        guard !answer.rows.isEmpty else { return ["nothing is recorded yet"] + lost }
        var table = Table(numbers: [1, 2, 3, 4, 5, 6])
        table.add(heading.rawValue, "executed", "time", "spent", "from caches", "time saved", "saved")
        for total in answer.rows + [answer.total] {
            table.add(
                heading == .provider ? Provider.shown(total.name) : total.name, "\(total.executed)", TimeSpan.text(total.seconds),
                total.spent.shownOrZero, "\(total.hits)", TimeSpan.text(total.savedSeconds),
                total.saved.shownOrZero)
        }
        return table.lines() + answer.calls.lines + lost
    }
}
