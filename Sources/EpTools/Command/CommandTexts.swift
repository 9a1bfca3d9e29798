import EpCore
import EpPlan

/// The texts of a command, `run`, `env` and `outputs`: templates, which are filled in for each item. One value serves all items of a stage.
final class CommandTexts {
    private struct Text {
        let template: Template
        let location: SourceLocation

        init(_ text: String, at location: SourceLocation) throws {
            template = try Template(parsing: Array(text.utf8), file: location.file, at: location)
            self.location = location
        }

        var isFilledIn: Bool { !template.roots.isEmpty }
    }

    struct Rendered {
        var arguments: [String] = []
        var environment: [String: String] = [:]
        var outputs: [String] = []
    }

    private let run: [Text]
    private let environment: [(name: String, text: Text)]
    private let outputs: [Text]
    let version: [String]?
    /// Variables of the environment that the program is given as they are.
    let passed: [String]
    /// What it may read beside its inputs.
    let reading: Step.Reading?
    /// True if it wants to know why an earlier answer was rejected.
    let asksForRejection: Bool
    /// What is filled in, if nothing in it differs between items: very many share it.
    private let constant: Rendered?

    /// - Throws: `DiagnosticList`, with all mistakes.
    init(_ stage: StageContext) throws {
        var fields = try stage.fields()
        if let node = fields.node("run") { try Self.checkIsList(node) }
        run = try (fields.required("run", fields.located("run")) ?? []).map(Text.init)
        outputs = try (fields.required("outputs", fields.located("outputs")) ?? []).map(Text.init)
        environment = try Self.environment(fields.node("env"))
        version = fields.strings("version")
        passed = try PassedVariables(&fields, beside: environment.map(\.name)).names
        let declared = CommandReading(&fields)
        fields.allow(StageDefinition.commonKeys + ["inputs"])
        if let node = fields.node("run"), run.isEmpty, fields.problems.isEmpty {
            fields.report(
                Diagnostic(
                    .badInput, "`run` names no program", at: node.location, remedy: "write a program and its arguments: `run: [PROGRAM, …]`"
                ))
        }
        if let node = fields.node("outputs"), outputs.isEmpty, fields.problems.isEmpty {
            fields.report(Diagnostic(
                .badInput, "a command without `outputs` would run once and never again, whatever it does", at: node.location,
                remedy: "let it write what it finds into a file, and name that: `outputs: [report.txt]`"))
        }
        for output in outputs where !output.isFilledIn {
            if let problem = try Self.problem(of: output.template.render([:]), at: output.location) { fields.report(problem) }
        }
        try fields.finish()
        reading = try declared?.reading(in: stage)
        asksForRejection = (run + environment.map(\.text)).contains { $0.template.roots.contains { $0.name == "rejection" } }
        constant = try Self.constant(run, environment, outputs)
    }

    /// - Returns: nil if a text is to be filled in, or is of no use: then whoever fills it in says what is wrong.
    private static func constant(_ run: [Text], _ environment: [(name: String, text: Text)], _ outputs: [Text]) throws -> Rendered? {
        guard !(run + environment.map(\.text) + outputs).contains(where: \.isFilledIn) else { return nil }
        var rendered = Rendered()
        rendered.arguments = try run.map { try $0.template.render([:]) }
        for (name, text) in environment { rendered.environment[name] = try text.template.render([:]) }
        rendered.outputs = try outputs.map { try $0.template.render([:]) }
        let texts = rendered.arguments + rendered.environment.values + rendered.outputs
        guard !texts.contains(where: { $0.utf8.contains(0) }), (try? checkOutputs(rendered.outputs, outputs)) != nil else { return nil }
        return rendered
    }

    /// The templates that can be read, for what they name. Mistakes are left to whoever fills them in.
    static func templates(of stage: StageContext) throws -> [Template] {
        var fields = try stage.fields()
        let lists = try ["run", "outputs"].flatMap { fields.located($0) ?? [] }.map { try Text($0.text, at: $0.location) }
        return try (lists + environment(fields.node("env")).map(\.text)).map(\.template)
    }

    /// True if the environment differs between items.
    var hasFilledEnvironment: Bool { environment.contains { $0.text.isFilledIn } }

    /// - Returns: nil if a value is not known yet.
    func rendered(for stage: StageContext, rejection: Value? = nil) throws -> Rendered? {
        if let constant { return constant }
        var isComplete = true
        func render(_ text: Text) throws -> String {
            guard var scope = try stage.scope(for: text.template) else {
                isComplete = false
                return ""
            }
            if let rejection { scope["rejection"] = rejection }
            let filled = try text.template.render(scope)
            guard !filled.utf8.contains(0) else {
                throw Diagnostic(
                    .badInput, "what is filled in here holds a zero byte, which no program can be given", at: text.location,
                    remedy: "hand it on in `inputs`")
            }
            return filled
        }
        var rendered = Rendered()
        rendered.arguments = try run.map(render)
        for (name, text) in environment { rendered.environment[name] = try render(text) }
        rendered.outputs = try outputs.map(render)
        guard isComplete else { return nil }
        try Self.checkOutputs(rendered.outputs, outputs)
        return rendered
    }

    private static func checkOutputs(_ paths: [String], _ outputs: [Text]) throws {
        var seen: Set<Path> = []
        for (path, text) in zip(paths, outputs) {
            if let problem = problem(of: path, at: text.location) { throw problem }
            guard seen.insert(Path(OutputPath.bare(path))).inserted else {
                throw Diagnostic(.badInput, "the output \"\(path)\" is named twice", at: text.location, remedy: "take one of them out")
            }
        }
        for directory in paths where OutputPath.isDirectory(directory) {
            guard let index = paths.firstIndex(where: { $0 != directory && $0.utf8.starts(with: directory.utf8) }) else { continue }
            throw Diagnostic(
                .badInput, "the output \"\(paths[index])\" lies in \"\(directory)\", which is an output, too", at: outputs[index].location,
                remedy: "take one of them out: the directory has all files below it")
        }
    }

    private static func problem(of output: String, at location: SourceLocation) -> Diagnostic? {
        if RelativePath.isClean(OutputPath.bare(output)) { return nil }
        return Diagnostic(.badInput, "an output must be a path below the working directory, not \"\(output)\"", at: location)
    }

    /// - Throws: `Diagnostic` for a text: it would be the name of one program, which is not what people mean by it.
    private static func checkIsList(_ node: Node) throws(Diagnostic) {
        guard case .scalar(let text, _) = node.content, !text.isEmpty else { return }
        let quoted = "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        throw Diagnostic(
            .badInput, "`run` is a list: a program and its arguments, each by itself", at: node.location,
            remedy: text.contains(where: \.isWhitespace)
                ? "for a shell to read it, write `run: [sh, -c, \(quoted)]`" : "write `run: [\(text)]`")
    }

    private static func environment(_ node: Node?) throws -> [(name: String, text: Text)] {
        guard let node else { return [] }
        guard case .object(let members) = node.content else {
            throw Diagnostic(.badInput, "`env` must be a mapping of texts, not \(node.kind)", at: node.location)
        }
        return try members.map { member in
            guard case .scalar(let text, _) = member.value.content else {
                throw Diagnostic(.badInput, "`\(member.key)` in `env` must be a text, not \(member.value.kind)", at: member.value.location)
            }
            guard !member.key.isEmpty, !member.key.contains("=") else {
                throw Diagnostic(
                    .badInput, "\"\(member.key)\" cannot be the name of a variable", at: member.keyLocation,
                    remedy: "write a name without `=`")
            }
            return (member.key, try Text(text, at: member.value.location))
        }
    }
}
