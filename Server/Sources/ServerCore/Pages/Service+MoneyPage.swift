import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpHistory
import EpPlan

/// What was spent, what caches have saved, and what may be spent yet.
extension Service {
    func moneyPage(_ pieces: Pieces, _ desk: Desk) throws -> Answer {
        var content: [HTML] = []
        for (name, place) in pieces.call.catalog.workspaces {
            content.append(try moneySummary(name, place, desk))
            for heading in [CostTotal.Heading.episode, .stage, .provider, .month] {
                let answer = try desk.costs(by: heading, in: .everything, of: place)
                content.append(Self.totals(of: name, answer))
            }
            content.append(Self.statistics(of: name, try desk.statistics(of: place)))
        }
        return pieces.page("Money", "/money", content)
    }

    private static func totals(of name: String, _ answer: CostAnswer) -> HTML {
        let rows = answer.rows.map { row -> [HTML] in
            [
                HTML(row.name), HTML(Pieces.money(row.spent)), HTML("\(row.executed)"), HTML("\(row.hits)"), HTML(Pieces.money(row.saved)),
                HTML(seconds(row.savedSeconds)),
            ]
        }
        let heads = ["Name", "Spent", "Executed", "From caches", "Saved money", "Saved time"]
        return Pieces.table("\(name) by \(answer.heading.rawValue)", heads, rows)
    }

    /// All of it in some sentences: spent and saved, the budget, and what may be billed yet.
    private func moneySummary(_ name: String, _ place: EpisodePlace, _ desk: Desk) throws -> HTML {
        let answer = try desk.costs(by: .month, in: .everything, of: place)
        let month = String(clock.now().iso8601.prefix(7))
        let now = answer.rows.first { $0.name == month }?.spent ?? .zero
        let budget = budget(of: place)
        var sentences = [
            "\(Pieces.money(answer.total.spent)) spent, \(Pieces.money(now)) of it this month. "
                + "Caches have saved \(Pieces.money(answer.total.saved)) and \(Self.seconds(answer.total.savedSeconds)).",
        ]
        if let most = budget?.month { sentences.append("A month may cost \(Pieces.money(most)).") }
        if let most = budget?.episode { sentences.append("An episode may cost \(Pieces.money(most)).") }
        if let budget, budget.month == nil, budget.episode == nil { sentences.append("There is no budget: builds stop at none.") }
        let (calls, cost) = answer.perhapsBilled
        let doubt = calls == 0 ? HTML.nothing : HTML.tag(
            "p", ["class": "warning"],
            HTML("\(calls) call\(calls == 1 ? "" : "s") had no answer: up to \(Pieces.money(cost)) more is perhaps billed."))
        return Pieces.section(name, [.tag("p", [:], HTML(sentences.joined(separator: " "))), doubt])
    }

    /// Nil while the workspace cannot be read: the page of its health tells why.
    private func budget(of place: EpisodePlace) -> Budget? {
        let path = "\(place.workspace)/epbuild.yaml"
        return try? Workspace(directory: place.workspace, FileStatus(path) == nil ? nil : Node(fileAt: path)).budget
    }

    static func seconds(_ value: Double) -> String {
        value < 120 ? "\((value * 10).rounded() / 10) s" : Ago.words(value)
    }

    private static func statistics(of name: String, _ answers: [StatisticsAnswer]) -> HTML {
        let rows = answers.map { answer -> [HTML] in
            let (low, high) = (Pieces.money(answer.record.costs.lowerBound), Pieces.money(answer.record.costs.upperBound))
            return [
                HTML("\(answer.kind.stage) \(answer.kind.step)"), HTML("\(answer.record.count)"), HTML(seconds(answer.record.mean)),
                HTML(seconds(answer.record.p90)), HTML(low == high ? low : "\(low) to \(high)"),
            ]
        }
        return Pieces.table(
            "\(name): how long actions take, and what one costs", ["Action", "Times", "Mean", "Nine in ten within", "Cost of one"], rows)
    }
}
