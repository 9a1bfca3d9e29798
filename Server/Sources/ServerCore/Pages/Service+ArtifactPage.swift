import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpHistory
import EpPlan

/// What a target has made: to be read, heard or seen, with where it comes from and its takes.
extension Service {
    func artifactPage(_ pieces: Pieces, _ desk: Desk) async throws -> Answer {
        let (entry, target) = (try pieces.call.episode(), try pieces.call.target())
        let path = "/episodes/\(PercentText.encoded(entry.name))"
        let inspection = try await desk.builder.inspect(entry.place, forgiving: true)
        _ = try inspection.view(of: target)
        let files = MadeBlob.all(of: target, in: inspection)
        let items = items(of: target, in: inspection)
        let media = try files.prefix(items.isEmpty ? 100 : 0).map { blob in
            HTML.tag(
                "figure", [:], .tag("figcaption", [:], HTML("\(blob.target) · \(blob.name)")),
                Pieces.media(blob, text: try text(of: blob, desk)))
        }
        let edits = try desk.texts(of: inspection).filter { $0.origin == .edited && target.covers($0.target) }
        let grid = items.isEmpty ? anew(target, pieces, path) : try grid(items, of: target, pieces, path) { try text(of: $0, desk) }
        let reasons = try desk.why(target, in: inspection).values.prefix(50).map { value in
            [HTML(value["target"]?.string ?? ""), HTML(value["state"]?.string ?? ""), HTML(value["reason"]?.string ?? Self.changes(value))]
        }
        let origins = try desk.provenance(of: target, in: inspection, limit: 50)
        let takes = (try? desk.takes(of: target, in: inspection)) ?? []
        let rows = takes.prefix(50).flatMap { action in
            action.takes.map { take -> [HTML] in
                let choose =
                    pieces.may(.editor) && !take.isUsed
                    ? pieces.form(
                        "\(path)/take", ["target": action.target.description, "take": "\(take.take.number)"],
                        Pieces.button("Use", "verb", "use", label: "Use take \(take.take.number) of \(action.name)")) : HTML.nothing
                let sounds = (take.result?.outputs ?? []).map { MadeBlob(target: action.target, name: $0.path, digest: $0.digest) }.filter(
                    \.media.isSound)
                return [
                    HTML(action.name), HTML("\(take.take.number)\(take.isUsed ? ", in use" : "")"),
                    HTML(take.result?.servedBy ?? "not here"),
                    HTML(take.result.map { Pieces.money($0.cost) } ?? ""), HTML(sounds.map { Pieces.media($0) }), choose,
                ]
            }
        }
        return pieces.page(
            "\(target)", path,
            [
                .tag("p", [:], .link(path, "Back to \(entry.title)")), HTML(media), HTML(edits.prefix(100).map(Pieces.edit)), grid,
                try comparison(takes, target, pieces, desk), pinning(target, inspection, pieces, path),
                Pieces.section("Why", [Pieces.table("Why each action would run, or does not", ["Target", "State", "Because"], reasons)]),
                provenanceSection(origins),
                rows.isEmpty
                    ? .nothing
                    : Pieces.section("Takes", [Pieces.table("Takes", ["Action", "Take", "Served by", "Cost", "Sound", "Choose"], rows)]),
            ])
    }

    /// Another take of all that the target names.
    private func anew(_ target: Target, _ pieces: Pieces, _ path: String) -> HTML {
        guard pieces.may(.editor) else { return .nothing }
        return pieces.form(
            "\(path)/take", ["target": target.description],
            Pieces.button("Another take", "verb", "clean", label: "Another take of \(target)"))
    }

    /// What is pinned stays whatever happens upstream.
    private func pinning(_ target: Target, _ inspection: Inspection, _ pieces: Pieces, _ path: String) -> HTML {
        let steps = inspection.steps(of: target)
        guard pieces.may(.editor), !steps.isEmpty, steps.allSatisfy({ $0.result != nil }) else { return .nothing }
        let isPinned = steps.contains(where: \.isPinned)
        return pieces.form(
            "\(path)/take", ["target": target.description],
            isPinned ? Pieces.button("Unpin", "verb", "unpin", label: "Unpin \(target)")
                : Pieces.button("Pin", "verb", "pin", label: "Pin \(target): it stays whatever happens upstream"))
    }

    /// Who has made it, of what, when, for how much, and who has approved it.
    private func provenanceSection(_ origins: [ProvenanceAnswer]) -> HTML {
        guard !origins.isEmpty else { return .nothing }
        let rows = origins.map { origin -> [HTML] in
            let step = origin.action.action.step
            let result = step.result
            let inputs = origin.action.action.inputs.prefix(20).map { input in
                HTML.tag(
                    "li", [:], .link("/api/v1/artifacts/\(input.digest.hex)?name=\(PercentText.encoded(input.label))", input.label),
                    HTML(" (\(input.digest.size) bytes)"))
            }
            let when = origin.build.map { HTML(["build \($0.id), ", Ago.past($0.started, now: clock.now())]) }
                ?? (result == nil ? "not made yet" : "elsewhere, or long ago")
            let approvals = origin.approvals.map { record in
                HTML.tag("p", [:], HTML("\(record.by), \(record.at)\(record.note.isEmpty ? "" : ": \(record.note)")"))
            }
            return [
                HTML(step.name.isEmpty ? "\(step.target)" : "\(step.target) (\(step.name))"), HTML(result?.servedBy ?? ""),
                HTML(origin.action.command), .tag("ul", ["class": "inputs"], inputs), when,
                HTML(result.map { Pieces.money($0.cost) } ?? ""), HTML(approvals),
            ]
        }
        return Pieces.section(
            "Where it comes from",
            [
                Pieces.table(
                    "Who has made it, of what, when and for how much",
                    ["Action", "Made by", "What runs", "Inputs", "When", "Cost", "Approved by"], rows)
            ])
    }

    /// Two takes beside each other, with their difference where both are texts; a form that chooses two, without script as well.
    private func comparison(_ takes: [TakesAnswer], _ target: Target, _ pieces: Pieces, _ desk: Desk) throws -> HTML {
        let known = takes.flatMap(\.takes).filter { $0.result != nil }.map(\.take.number)
        let numbers = Set(known).sorted()
        guard numbers.count > 1 else { return .nothing }
        let query = pieces.call.request.query
        let chosen = [query["first"], query["second"]].compactMap { $0.flatMap { Int($0) } }.filter(numbers.contains)
        func choice(_ name: String, _ label: String, _ usual: Int) -> HTML {
            let options = numbers.map { HTML.tag("option", ["value": "\($0)", "selected": $0 == usual ? "" : nil], HTML("\($0)")) }
            return .tag("label", [:], HTML("\(label) "), .tag("select", ["name": "\(name)"], options))
        }
        let pair = chosen.count == 2 ? chosen : [numbers[numbers.count - 2], numbers[numbers.count - 1]]
        let form = HTML.tag(
            "form", ["method": "get"], .tag("input", ["type": "hidden", "name": "target", "value": target.description]),
            choice("first", "Take", pair[0]), choice("second", " and take", pair[1]), Pieces.button("Compare"))
        let found =
            chosen.count < 2
            ? []
            : try takes.filter { action in
                pair.allSatisfy { number in action.takes.contains { $0.take.number == number && $0.result != nil } }
            }
            .flatMap { try desk.differences(of: $0, takes: (Take(pair[0]), Take(pair[1]))) }
        let shown = found.prefix(20).map { difference -> HTML in
            let title = HTML.tag(
                "h3", [:], HTML("\(difference.action) · \(difference.name)\(difference.isSame ? ": the same in both" : "")"))
            if let text = try? difference.shownText() { return HTML([title, .tag("pre", ["tabindex": "0", "aria-label": "Difference"], HTML(text))]) }
            let sides = difference.sides.map { side in
                HTML.tag("figure", [:], .tag("figcaption", [:], HTML("Take \(side.take)")), Pieces.media(difference.blob(of: side)))
            }
            return HTML([title, .tag("div", ["class": "pair"], sides)])
        }
        return Pieces.section("Compare takes", [form] + shown)
    }

    private static func changes(_ value: Value) -> String {
        (value["changes"]?.list ?? []).map { "\($0["input"]?.string ?? ""): \($0["old"]?.string ?? "") → \($0["new"]?.string ?? "")" }
            .joined(separator: "; ")
    }
}
