public import EpCore

/// What people have decided about items and texts, by the names that stages had then.
public struct RememberedDecisions: Sendable {
    /// What was decided about, and in how many dimensions it lay; 0 for a stage as a whole.
    public typealias Subject = (target: Target, dimensions: Int)

    public var pins: [Subject]
    public var skips: [Subject]
    /// Texts that epbuild has written for people to change, relative to the episode.
    public var texts: [Path]

    public init(pins: [Subject] = [], skips: [Subject] = [], texts: [Path] = []) {
        (self.pins, self.skips, self.texts) = (pins, skips, texts)
    }
}

/// A decision about a stage that has another name by now, other dimensions, or is gone, stands for nothing: that is told, as what it kept
/// away is heard again.
extension Planner {
    func warnOfOrphanedDecisions() {
        let decisions = progress.decisions()
        warn(of: decisions.pins, which: ("is pinned", "are pinned"), undo: "unpin")
        warn(of: decisions.skips, which: ("is left out", "are left out"), undo: "unskip")
        for text in decisions.texts where !isWritten(text) {
            guard let edit = try? progress.handEdit(of: text.text, in: episode.directory), !isRead(edit, called: text) else { continue }
            warn(
                Diagnostic(
                    .badInput, "\(edit.shown) is edited by hand, and no stage writes it any more: it stands for nothing",
                    remedy: "call its stage, or that one's `output`, so again; or bring your words to where they are read, and delete it",
                    severity: .warning))
        }
    }

    private func warn(of subjects: [RememberedDecisions.Subject], which: (one: String, many: String), undo: String) {
        let orphans = Dictionary(grouping: subjects.filter { !stands($0) }.map(\.target), by: \.stage)
        for (stage, targets) in orphans.sorted(by: { $0.key.text < $1.key.text }) {
            let first = targets.min(by: Target.areInOrder) ?? Target(stage: stage)
            let what = targets.count == 1 ? "\(first) \(which.one)" : "\(first) and \(targets.count - 1) more \(which.many)"
            let isThere = definition(of: stage) != nil
            let why = isThere ? "`each` of \"\(stage)\" is another now" : "there is no stage \"\(stage)\""
            let near = isThere ? nil : Suggestion.nearest(to: stage.text, in: stages.map(\.name.text))
            warn(
                Diagnostic(
                    .badInput, "\(what), and \(why): that stands for nothing",
                    remedy: (near.map { "did you mean \"\($0)\"? Else " } ?? "") + "decide anew; `epbuild \(undo)` forgets what was",
                    severity: .warning))
        }
    }

    private func stands(_ subject: RememberedDecisions.Subject) -> Bool {
        definition(of: subject.target.stage).map { ($0.fansOut ? $0.dimensions.count : 0) == subject.dimensions } ?? false
    }

    /// True if some stage reads a file as a source, or names it.
    private func isRead(_ file: SourceFile, called name: Path) -> Bool {
        stages.contains { stage in
            if case .source(let pattern, inShow: false) = stage.kind {
                return (try? sources.glob(pattern, in: episode.directory))?.contains { Path($0.path) == Path(file.path) } == true
            }
            return stage.node.value.json().contains(name.text)
        }
    }

    /// True if some stage writes a text, or one of its items does.
    private func isWritten(_ text: Path) -> Bool {
        stages.contains { stage in
            guard stage.isEditable else { return false }
            return stage.fansOut ? text.below(stage.name.text) != nil : stage.output.map { Path($0) == text } == true
        }
    }
}
