import EpCore
import EpPlan

/// A stage's prompt, with everything that it mentions put in.
struct RenderedPrompt {
    let text: String
    /// The prompt without what people said of earlier answers: rejections are kept under it.
    let question: Digest
    let reasons: [Step.Reason]

    /// A stage's template with what it recalls: read once for all of its items.
    private final class Source {
        let template: Template
        let wording: Step.Reason
        let recollection: Recollection?

        init(_ stage: StageContext) throws {
            var fields = try stage.fields()
            guard let path = fields.required("prompt", fields.string("prompt")) else { throw DiagnosticList(fields.problems) }
            let file = try stage.showFile(path, at: stage.stage.node["prompt"]?.location)
            let bytes = try stage.bytes(of: file)
            template = try Template(parsing: bytes, file: file.shown)
            Template.strays(in: String(decoding: bytes, as: UTF8.self), file: file.shown).forEach(stage.warn)
            wording = Step.Reason(
                stage.stage.node["prompt"]?.value.string ?? file.shown, String(decoding: bytes, as: UTF8.self), of: "prompt.md")
            recollection = try Recollection.of(stage)
        }
    }

    private static func source(of stage: StageContext) throws -> Source { try stage.shared { try Source(stage) } }

    /// - Returns: nil if something that the prompt mentions is not known yet.
    static func of(_ stage: StageContext) throws -> RenderedPrompt? {
        let source = try source(of: stage), template = source.template
        try checkFrom(of: stage, named: stage.stages(in: template).map(\.stage))
        try Recollection.check(stage, source.recollection, template)
        var own: [String: Value] = [:]
        var isComplete = true
        if let recollection = source.recollection {
            // Until the passages are known, the rest is asked for what it waits for all the same.
            let passages = try recollection.passages(for: stage)
            own[Recollection.name] = passages ?? .list([])
            isComplete = passages != nil
        }
        guard var scope = try stage.scope(for: template, with: own), isComplete else { return nil }
        var prompt = try rendered(template, scope, in: stage)
        let question = Digest(of: Array(prompt.utf8))
        if let rejection = stage.rejection(of: question) {
            scope["rejection"] = rejection
            prompt = try template.render(scope)
        }
        let values = template.values(in: scope).map { Step.Reason($0.path, $0.json, of: "prompt.md") }
        return RenderedPrompt(text: prompt, question: question, reasons: [source.wording] + values)
    }

    /// - Throws: `Diagnostic` where a variable is not defined: in the prompt; for a field that every show or episode should have, in that
    ///   file.
    private static func rendered(_ template: Template, _ scope: [String: Value], in stage: StageContext) throws(Diagnostic) -> String {
        do {
            return try template.render(scope)
        } catch {
            guard let path = template.path(at: error.location), path.count == 2,
                let node = ["show": stage.show.node, "episode": stage.episode.node][path[0]],
                node[path[1]] == nil, ["title", "topic"].contains(path[1])
            else { throw error }
            let members = if case .object(let members) = node.content { members } else { [Node.Member]() }
            let meant = Suggestion.nearest(to: path[1], in: members.map(\.key).filter { !["title", "topic"].contains($0) })
            let place = members.first { $0.key == meant }?.keyLocation ?? SourceLocation(file: node.location.file, line: 1, column: 1)
            throw Diagnostic(
                .badInput, "there is no `\(path[1])`, and \(error.location.map { "\($0)" } ?? "a prompt") asks for it", at: place,
                remedy: meant.map { "write `\(path[1]):` for `\($0):`" } ?? "add a line `\(path[1]): …`")
        }
    }

    /// The stages that the prompt names.
    static func references(_ stage: StageContext) throws -> [StageReference] {
        let source = try source(of: stage)
        return stage.stages(in: source.template) + (source.recollection?.references(in: stage) ?? [])
    }

    /// A stage that is named in vain would not even be built.
    private static func checkFrom(of stage: StageContext, named: [StageName]) throws(Diagnostic) {
        let named = named + stage.stage.each.map(\.list.stage)
        guard let vain = stage.stage.from.first(where: { !named.contains($0.stage) }) else { return }
        throw Diagnostic(
            .badInput, "stage \"\(stage.stage.name)\" has \"\(vain.stage)\" in its `from`, and its prompt does not name it",
            at: vain.location,
            remedy: "write {{ \(vain.stage) }} in the prompt, or take it out of `from`")
    }
}

extension StageContext {
    /// The stage's own `settings:`, which go before the provider's.
    /// - Parameter check: reads them as the vendor does.
    func ownSettings(_ check: (inout Fields) -> Void) throws -> Value? {
        guard let node = stage.node["settings"], node.value != .null else { return nil }
        var fields = try Fields(node, subject: "`settings` of stage \"\(stage.name)\"")
        check(&fields)
        try fields.finish()
        return node.value
    }
}
