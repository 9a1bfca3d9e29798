import EpCore
import EpDesk
import EpEngine
import EpPlan

/// The lines of an episode: to be heard, changed in place, and heard again.
extension Service {
    func scriptPage(_ pieces: Pieces, _ desk: Desk) async throws -> Answer {
        let entry = try pieces.call.episode()
        let path = "/episodes/\(PercentText.encoded(entry.name))"
        let inspection = try await desk.builder.inspect(entry.place, forgiving: true)
        let lines = try desk.lines(of: inspection)
        let pace = Pace(
            lines.compactMap { line in line.time.map { (line.title.speaker ?? "", line.title.words.count, $0.upperBound - $0.lowerBound) } }
        )
        let doubts = lines.map { line in
            line.time.flatMap { pace.doubt(of: line.title.speaker ?? "", line.title.words.count, in: $0.upperBound - $0.lowerBound) }
        }
        let steps = Dictionary(inspection.steps.map { ($0.target, $0) }) { _, last in last }
        let rows = zip(lines, doubts).map { line, doubt in
            row(line, doubt, steps[line.target], pieces, path)
        }
        // What the lines' times are of; without these there is nothing to follow.
        let whole = lines.contains { $0.time != nil } ? EpisodeDetail.delivered(inspection).first : nil
        let sound = try whole.map { Self.player(of: $0, try EpisodeDetail.chapters(in: inspection, desk)) } ?? []
        let content: [HTML] =
            lines.isEmpty
            ? [.tag("p", [:], "The script is not known yet: build it first.")]
            : [Self.attention(lines, doubts), .tag("ol", ["class": "lines"], rows)]
        return pieces.page(
            "Script of \(entry.title)", path,
            [.tag("p", [:], .link(path, "Back to the episode")), .tag("div", ["class": "follows"], sound + content)])
    }

    /// What somebody should look at: ways to each line that is in doubt, or not as it should be.
    private static func attention(_ lines: [LineAnswer], _ doubts: [Pace.Doubt?]) -> HTML {
        func links(_ which: [LineAnswer]) -> [HTML] {
            which.prefix(30).flatMap { [.link("#at-\(PercentText.encoded($0.target.description))", "\($0.number)"), " "] }
        }
        let suspect = zip(lines, doubts).compactMap { $1 == nil ? nil : $0 }
        let due = lines.filter { !$0.isSkipped && $0.state != nil && $0.state != .upToDate }
        let parts = [("in doubt", suspect), ("not up to date", due)].filter { !$0.1.isEmpty }.map { word, which in
            HTML.tag("p", [:], [HTML("\(which.count) line\(which.count == 1 ? "" : "s") \(word): ")] + links(which))
        }
        return parts.isEmpty ? .nothing : .tag("nav", ["aria-label": "Lines to look at"], parts)
    }

    private func row(_ line: LineAnswer, _ doubt: Pace.Doubt?, _ step: Inspection.StepView?, _ pieces: Pieces, _ path: String) -> HTML {
        let sounds = (step?.result?.outputs ?? []).map { MadeBlob(target: line.target, name: $0.path, digest: $0.digest) }
            .filter(\.media.isSound)
        let state = line.isSkipped ? "left out" : line.state?.rawValue ?? "source"
        let isPinned = step?.isPinned ?? false
        let takes = "\(path)/artifact?target=\(PercentText.encoded(line.target.description))"
        let compare = line.take.number < 2 ? HTML.nothing
            : HTML([" · ", .link("\(takes)&first=\(line.take.number - 1)&second=\(line.take.number)", "compare with the last take")])
        return .tag(
            "li",
            [
                "class": "line", "id": "at-\(line.target)", "data-start": line.time.map { "\($0.lowerBound)" },
                "data-end": line.time.map { "\($0.upperBound)" },
            ],
            .tag(
                "p", ["class": "speaker"],
                HTML("\(line.number). \(line.title.speaker ?? "")\(line.delivery.isEmpty ? "" : " (\(line.delivery))") "),
                Pieces.state(state),
                HTML(" · take \(line.take.number)\(isPinned ? ", pinned" : "")\(line.cost.map { " · \(Pieces.money($0))" } ?? "") · "),
                .link(takes, "takes"), compare),
            doubt.map { .tag("p", ["class": "state asks"], HTML("▲ in doubt: \($0.rawValue)")) } ?? .nothing,
            line.time == nil
                ? .nothing
                : .tag(
                    "button",
                    ["type": "button", "class": "from-here", "hidden": "", "aria-label": "Hear the episode from line \(line.number)"],
                    "Hear from here"),
            editor(line, pieces, path), HTML(sounds.map { Pieces.media($0, isOneOfMany: true) }),
            takeForm(line, isPinned: isPinned, pieces, path))
    }

    private func editor(_ line: LineAnswer, _ pieces: Pieces, _ path: String) -> HTML {
        let (words, id) = (line.title.words, "line-\(line.target)")
        guard pieces.may(.editor) else { return .tag("p", [:], HTML(words)) }
        return pieces.form(
            "\(path)/say", ["target": line.target.description, "read": words], class: "say",
            .tag("label", ["for": id, "class": "hidden"], HTML("Words of line \(line.number)")),
            .tag("textarea", ["id": id, "name": "words", "rows": "2"], HTML(words)),
            Pieces.button("Save and hear", "build", "yes", label: "Save and hear line \(line.number)"))
    }

    private func takeForm(_ line: LineAnswer, isPinned: Bool, _ pieces: Pieces, _ path: String) -> HTML {
        guard pieces.may(.editor), line.state != nil else { return .nothing }
        let pin =
            isPinned ? Pieces.button("Unpin", "verb", "unpin", label: "Unpin line \(line.number)")
            : line.state == .upToDate ? Pieces.button("Pin", "verb", "pin", label: "Pin line \(line.number)") : .nothing
        return pieces.form(
            "\(path)/take", ["target": line.target.description, "back": "script"], class: "take",
            Pieces.button("Another take", "verb", "clean", label: "Another take of line \(line.number)"), pin)
    }
}
