import EpCore
import EpPlan
import EpSQLite

/// `recall:` of a stage with a prompt: the passages that match a question best, of what stages have made.
///
/// It is a part of planning and no step, as `previous` is: an index is made in memory of what is known, and nothing of it is kept. What
/// enters an address is what the prompt says of the passages, so a text that was changed makes stale only what its passages really reach.
struct Recollection {
    /// What templates call the passages.
    static let name = "recall"

    private let sources: [StageReference]
    private let query: Template
    private let location: SourceLocation
    private let limit: Int
    private let shelves = Shelves()

    /// - Returns: nil if the stage recalls nothing.
    /// - Throws: `DiagnosticList`, with all that is wrong with it.
    static func of(_ stage: StageContext) throws -> Recollection? {
        guard let node = stage.stage.node[name], node.value != .null else { return nil }
        return try Recollection(node, stage)
    }

    private init(_ node: Node, _ stage: StageContext) throws {
        let subject = "`recall` of stage \"\(stage.stage.name)\""
        var fields = try Fields(node, subject: subject)
        sources = (fields.required("from", fields.located("from")) ?? []).map { StageReference(parsing: $0.text, at: $0.location) }
        let text = fields.required("query", fields.string("query")) ?? ""
        location = node["query"]?.location ?? node.location
        limit = fields.int("limit", in: 1...100) ?? 5
        for source in sources {
            if let problem = Self.problem(of: source, in: stage, subject) { fields.report(problem) }
        }
        if fields.problems.isEmpty, sources.isEmpty {
            fields.report(Diagnostic(.badInput, "\(subject) names no stage", at: node["from"]?.location, remedy: "write `from: [STAGE]`"))
        }
        if stage.stageNames.contains(StageName(Self.name)) {
            fields.report(
                Diagnostic(
                    .badInput, "\(subject) and the stage \"\(Self.name)\" have one name in its prompt", at: node.location,
                    remedy: "call the stage otherwise"))
        }
        try fields.finish()
        query = try Template(parsing: Array(text.utf8), file: location.file, at: location)
        if let root = query.roots.first(where: { $0.name == Self.name }) {
            throw Diagnostic(
                .badInput, "the question of \(subject) cannot name what answers it", at: root.location,
                remedy: "name what is known before, such as `item.summary`")
        }
    }

    private static func problem(of source: StageReference, in stage: StageContext, _ subject: String) -> Diagnostic? {
        let name = source.stage
        if stage.definition(of: name) == nil {
            return Diagnostic(
                .badInput, "\(subject) reads \"\(name)\", which is no stage", at: source.location,
                remedy: Suggestion.remedy(for: name.text, in: stage.stageNames.map(\.text)))
        }
        if !source.path.isEmpty {
            return Diagnostic(
                .badInput, "\(subject) reads whole stages, not a part of \"\(name)\"", at: source.location, remedy: "write `\(name)`")
        }
        if name == stage.stage.name, !stage.stage.fansOut {
            return Diagnostic(
                .badInput, "\(subject) reads its own stage, which has one item, so nothing comes before it", at: source.location,
                remedy: "name another stage")
        }
        return nil
    }

    /// - Throws: `Diagnostic` where a prompt names passages that nobody looks for, or does not name those that somebody does.
    static func check(_ stage: StageContext, _ recollection: Recollection?, _ template: Template) throws(Diagnostic) {
        let mention = template.roots.first { $0.name == name }
        if let recollection, mention == nil {
            throw Diagnostic(
                .badInput, "stage \"\(stage.stage.name)\" has a `recall`, and its prompt does not name it",
                at: stage.stage.node[name]?.location ?? recollection.location,
                remedy: "write {{#each recall as passage}} {{ passage.text }} {{/each}} in the prompt, or take it out")
        }
        if recollection == nil, let mention, !stage.hasElement(called: name), !stage.stageNames.contains(StageName(name)) {
            throw Diagnostic(
                .badInput, "`recall` is not defined: stage \"\(stage.stage.name)\" recalls nothing", at: mention.location,
                remedy: "add `recall: { from: [STAGE], query: \"{{ item.summary }}\" }` to the stage, or take it out of the prompt")
        }
    }

    /// What must be there before it; of its own stage only what comes before an item, so that is no circle.
    func references(in stage: StageContext) -> [StageReference] {
        sources.filter { $0.stage != stage.stage.name } + stage.stages(in: query)
    }

    /// A list of `text` and `name`, the best first.
    /// - Returns: nil if the question, or a text, is not known yet.
    func passages(for stage: StageContext) throws -> Value? {
        // Most that wait do so for the item before them: nothing else is looked at then.
        if sources.contains(where: { $0.stage == stage.stage.name }), try stage.before(all: false) == nil { return nil }
        let scope = try stage.scope(for: query)
        guard let texts = try texts(for: stage), let scope else { return nil }
        let question = try query.render(scope)
        do {
            let shelf = try shelves.shelf(for: texts.first?.text.source)
            try shelf.hold(texts.map(\.text)) { Passages(texts[$0].value) }
            let twins = Set(texts.indices.filter { texts[$0].isTwin })
            return .list(
                try shelf.find(question, limit: limit, without: twins).map { found in
                    ["text": .string(found.passage), "name": .string(texts[found.text].text.name)]
                })
        } catch let problem as SQLiteError {
            throw Diagnostic(.system, "the passages for stage \"\(stage.stage.name)\" cannot be searched: \(problem.message)", at: location)
        }
    }

    private struct Found {
        let text: PassageShelf.Text
        let value: Value
        /// It is about the very element that the prompt is about, and no news to it.
        let isTwin: Bool
    }

    /// What is looked through, in the order of `from`.
    private func texts(for stage: StageContext) throws -> [Found]? {
        var found: [Found] = []
        var isComplete = true
        for source in sources {
            let isOwn = source.stage == stage.stage.name
            guard let items = isOwn ? try stage.before(all: true) : try stage.wholeArtifacts(of: source.stage)?.items else {
                isComplete = false
                continue
            }
            for item in items {
                for file in item.files {
                    guard let value = try stage.value(of: file, of: source.stage) else {
                        isComplete = false
                        continue
                    }
                    let name = Target(stage: source.stage, item: item.item).description
                    found.append(
                        Found(text: .init(source: file.source, name: name), value: value, isTwin: stage.isTwin(item, of: source.stage)))
                }
            }
        }
        return isComplete ? found : nil
    }
}

/// The shelves of one stage: one for each variant, as German texts are not looked through for English ones.
private final class Shelves {
    private var all: [ArtifactSource?: PassageShelf] = [:]

    func shelf(for key: ArtifactSource?) throws -> PassageShelf {
        if let known = all[key] { return known }
        let shelf = try PassageShelf()
        all[key] = shelf
        return shelf
    }
}
