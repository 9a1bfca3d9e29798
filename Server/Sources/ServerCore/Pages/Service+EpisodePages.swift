import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpHistory
import EpPlan
import EpProviders

/// One episode: its stages, its plan, its lines, its artifacts.
extension Service {
    func episodePage(_ pieces: Pieces, _ desk: Desk) async throws -> Answer {
        let entry = try pieces.call.episode()
        let path = "/episodes/\(PercentText.encoded(entry.name))"
        guard let standing = try await standings(of: [entry], desk).first else { throw Problem(404, "there is no such episode") }
        guard case .success(let answer) = standing.result else {
            if case .failure(let trouble) = standing.result { throw DiagnosticList(trouble.failures) }
            throw Problem(404, "there is no such episode")
        }
        let inspection = try await desk.builder.inspect(entry.place, forgiving: true)
        let waiting = try Waiting.all(of: entry, answer, in: inspection, desk)
        let facts = HTML.tag(
            "p", [:], Pieces.state(standing.state),
            HTML(" · \(Int(answer.overview.progress * 100)) % done · spent \(Pieces.money(answer.spent)) · "),
            .link("\(path)/script", "Script"))
        let warnings = answer.overview.warnings.map {
            HTML.tag("p", ["class": "warning"], HTML("\($0.message)"), HTML($0.remedy.map { " → \($0)" } ?? ""))
        }
        return pieces.page(
            entry.title, path,
            [facts] + warnings + (try waiting.map { try card($0, pieces, desk) }) + [
                try await planSection(entry, pieces, desk), stageSection(answer.overview, entry, try desk.builder.graph(entry.place)),
                try deliverySection(inspection, desk), try logSection(entry, desk),
            ])
    }

    private func planSection(_ entry: Catalog.Entry, _ pieces: Pieces, _ desk: Desk) async throws -> HTML {
        let plan = try await plan(of: entry.place, BuildOptions(), desk)
        let estimate = plan.estimate.value
        func money(_ key: String) -> String { estimate[key]?.number.map { Pieces.money(Cost(usd: $0)) } ?? "a sum that nobody knows" }
        let low = money("costUSDLow"), high = money("costUSDHigh")
        let waits = plan.waiting.isEmpty ? "" : " Waits for a decision on \(plan.waiting.map(\.description).joined(separator: ", "))."
        let sentence = plan.run.isEmpty && plan.dependent.isEmpty ? "Nothing runs as it stands." + waits
            : "\(plan.run.count) to run, \(plan.dependent.count) perhaps; costs \(low)\(low == high ? "" : " to \(high)")." + waits
        let rows = plan.run.prefix(50).map { [HTML($0.label), Pieces.state($0.state.rawValue), HTML($0.reasonToRun)] }
        let form =
            pieces.may(.editor)
            ? pieces.form(
                "/episodes/\(PercentText.encoded(entry.name))/build", [:],
                Pieces.button("Build", "kind", "all"), Pieces.button("Draft", "kind", "draft"),
                Pieces.button("Retry what failed", "kind", "retry")) : HTML.nothing
        return Pieces.section(
            "Plan",
            [
                .tag("p", [:], HTML(sentence)), form,
                rows.isEmpty ? .nothing : Pieces.table("What a build would run, and why", ["Target", "State", "Because"], rows),
            ])
    }

    private func stageSection(_ overview: EpisodeOverview, _ entry: Catalog.Entry, _ graph: EpisodeGraph) -> HTML {
        let path = "/episodes/\(PercentText.encoded(entry.name))/artifact?target="
        let reads = Dictionary(grouping: graph.edges, by: \.reader)
        let rows = overview.stages.map { stage -> [HTML] in
            let sources = (reads[stage.name] ?? []).map(\.source.text).joined(separator: ", ")
            return [
                .link(path + PercentText.encoded(stage.name.text), stage.name.text), Pieces.state(stage.state.rawValue),
                HTML(stage.total == 0 ? "" : "\(stage.upToDate) of \(stage.total)"), HTML(sources),
            ]
        }
        let nodes = overview.stages.map { stage in
            StageDrawing.Node(
                name: stage.name.text, state: stage.state.rawValue, detail: stage.total == 0 ? "" : "\(stage.upToDate) of \(stage.total)",
                path: path + PercentText.encoded(stage.name.text))
        }
        let drawing = StageDrawing(nodes, edges: graph.edges.map { ($0.source.text, $0.reader.text) })
        return Pieces.section(
            "Stages",
            [
                .tag(
                    "div", ["data-live": "stages"], drawing.html,
                    Pieces.table("Stages, in their order", ["Stage", "State", "Done", "Reads"], rows))
            ])
    }

    /// What there is to be heard or seen of the last stages.
    private func deliverySection(_ inspection: Inspection, _ desk: Desk) throws -> HTML {
        let found = Self.delivered(inspection)
        return found.isEmpty
            ? .nothing : Pieces.section("Listen", try player(of: found[0], inspection, desk) + found.dropFirst().map { Pieces.media($0) })
    }

    /// The finished sound or film, with its chapters.
    private func player(of blob: MadeBlob, _ inspection: Inspection, _ desk: Desk) throws -> [HTML] {
        [.tag("div", ["class": "episode-sound"], Pieces.media(blob)), try chapters(in: inspection, desk)]
    }

    private static func delivered(_ inspection: Inspection) -> [MadeBlob] {
        // Of all steps: what is packaged last is a text, and what is mixed last a part.
        inspection.stages.reversed().lazy.map { stage in
            inspection.steps(of: Target(stage: stage.definition.name)).flatMap { step in
                (step.result?.outputs ?? []).map { MadeBlob(target: step.target, name: $0.path, digest: $0.digest) }
            }.filter { $0.media.isSound || $0.media.isFilm }
        }.first { (1..<5).contains($0.count) } ?? []
    }

    private func logSection(_ entry: Catalog.Entry, _ desk: Desk) throws -> HTML {
        let rows = try desk.log(HistoryScope(entry.place), of: entry.place, limit: 15).entries.map { item -> [HTML] in
            switch item {
            case .build(let build):
                let outcome = build.value["outcome"]?.string ?? "running"
                return [HTML(item.time.iso8601Seconds), HTML("build \(build.id)"), Pieces.state(outcome), ""]
            case .decision(let decision):
                let value = decision.value
                return [
                    HTML(item.time.iso8601Seconds), HTML("\(value["decision"]?.string ?? "") \(value["target"]?.string ?? "")"),
                    HTML(value["by"]?.string ?? ""), HTML(value["note"]?.string ?? ""),
                ]
            }
        }
        return Pieces.section("Log", [Pieces.table("Builds and decisions, newest first", ["When", "What", "Outcome or who", "Note"], rows)])
    }

    // MARK: lines

    func scriptPage(_ pieces: Pieces, _ desk: Desk) async throws -> Answer {
        let entry = try pieces.call.episode()
        let path = "/episodes/\(PercentText.encoded(entry.name))"
        let inspection = try await desk.builder.inspect(entry.place, forgiving: true)
        let lines = try desk.lines(of: inspection)
        let pace = Pace(
            lines.compactMap { line in line.time.map { (line.title.speaker ?? "", line.title.words.count, $0.upperBound - $0.lowerBound) } }
        )
        let rows = lines.map { line -> HTML in
            let doubt = line.time.flatMap {
                pace.doubt(of: line.title.speaker ?? "", line.title.words.count, in: $0.upperBound - $0.lowerBound)
            }
            let sounds = MadeBlob.all(of: line.target, in: inspection).filter(\.media.isSound)
            let id = "line-\(line.target)"
            let words = line.title.words
            let editor =
                pieces.may(.editor)
                ? pieces.form(
                    "\(path)/say", ["target": line.target.description, "read": words], class: "say",
                    .tag("label", ["for": id, "class": "hidden"], HTML("Words of line \(line.number)")),
                    .tag("textarea", ["id": id, "name": "words", "rows": "2"], HTML(words)),
                    Pieces.button("Save and hear", "build", "yes", label: "Save and hear line \(line.number)"))
                : HTML.tag("p", [:], HTML(words))
            let takes =
                pieces.may(.editor)
                ? pieces.form(
                    "\(path)/take", ["target": line.target.description], class: "take",
                    Pieces.button("Another take", "verb", "clean", label: "Another take of line \(line.number)")) : HTML.nothing
            let state = line.isSkipped ? "left out" : line.state?.rawValue ?? "source"
            return .tag(
                "li",
                [
                    "class": "line", "id": "at-\(line.target)", "data-start": line.time.map { "\($0.lowerBound)" },
                    "data-end": line.time.map { "\($0.upperBound)" },
                ],
                .tag(
                    "p", ["class": "speaker"],
                    HTML("\(line.number). \(line.title.speaker ?? "")\(line.delivery.isEmpty ? "" : " (\(line.delivery))") "),
                    Pieces.state(state), HTML(" · take \(line.take.number)\(line.cost.map { " · \(Pieces.money($0))" } ?? "") · "),
                    .link("\(path)/artifact?target=\(PercentText.encoded(line.target.description))", "takes")),
                doubt.map { .tag("p", ["class": "state asks"], HTML("▲ in doubt: \($0.rawValue)")) } ?? .nothing,
                line.time == nil
                    ? .nothing
                    : .tag(
                        "button",
                        ["type": "button", "class": "from-here", "hidden": "", "aria-label": "Hear the episode from line \(line.number)"],
                        "Hear from here"),
                editor, HTML(sounds.map { Pieces.media($0) }), takes)
        }
        // What the lines' times are of; without these there is nothing to follow.
        let whole = lines.contains { $0.time != nil } ? Self.delivered(inspection).first : nil
        let sound = try whole.map { try player(of: $0, inspection, desk) } ?? []
        let content: [HTML] =
            lines.isEmpty ? [.tag("p", [:], "The script is not known yet: build it first.")] : [.tag("ol", ["class": "lines"], rows)]
        return pieces.page("Script of \(entry.title)", path, [
                .tag("p", [:], .link(path, "Back to the episode")), .tag("div", ["class": "follows"], sound + content),
            ])
    }

    /// Where the episode's chapters begin, as it delivers them: a click leads there. Without script they are a list.
    private func chapters(in inspection: Inspection, _ desk: Desk) throws -> HTML {
        // Under this name in its step: it is delivered under the episode's.
        let made = inspection.steps.lazy.flatMap { $0.result?.outputs ?? [] }.first { $0.path == "chapters.json" }
        guard let made, let bytes = try desk.builder.bytes(of: made.digest) else { return .nothing }
        let found = Value(json: bytes)?["chapters"]?.list ?? []
        let entries = found.compactMap { chapter -> HTML? in
            guard let start = chapter["startTime"]?.number, let title = chapter["title"]?.string else { return nil }
            let time = "\(Int(start) / 60):\(Int(start) % 60 < 10 ? "0" : "")\(Int(start) % 60)"
            return .tag("li", [:], .tag("button", ["type": "button", "class": "chapter", "data-at": "\(start)"], HTML("\(time) \(title)")))
        }
        return entries.isEmpty ? .nothing : .tag("nav", ["class": "chapters", "aria-label": "Chapters"], .tag("ol", [:], entries))
    }

    // MARK: artifacts

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
                try comparison(takes, target, pieces, desk),
                Pieces.section("Why", [Pieces.table("Why each action would run, or does not", ["Target", "State", "Because"], reasons)]),
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
            .flatMap { try differences($0, pair, desk) }
        let shown = found.prefix(20).map { difference -> HTML in
            let title = HTML.tag(
                "h3", [:], HTML("\(difference.action) · \(difference.pair[0].name)\(difference.isSame ? ": the same in both" : "")"))
            if let text = difference.text { return HTML([title, .tag("pre", ["tabindex": "0", "aria-label": "Difference"], HTML(text))]) }
            let sides = zip(pair, difference.pair).map { number, blob in
                HTML.tag("figure", [:], .tag("figcaption", [:], HTML("Take \(number)")), Pieces.media(blob))
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
