import EpCore
public import EpPlan

/// `tool: command`: any program as a stage, with declared inputs and outputs.
///
/// ```yaml
/// upper: { tool: command, each: texts, run: [sh, -c, "tr a-z A-Z < in.txt > out.txt"], inputs: { in.txt: item }, outputs: [out.txt] }
/// ```
public struct CommandTool: Tool {
    public let name = ToolName("command")
    public let keys = ["run", "inputs", "outputs", "env", "version"]

    public init() {}

    public func references(_ stage: StageContext) throws -> [StageReference] {
        var fields = try stage.fields()
        return try (fields.located("run") ?? []).flatMap { stage.stages(in: try Self.template($0)) }
    }

    private static func template(_ argument: (text: String, location: SourceLocation)) throws -> Template {
        try Template(parsing: Array(argument.text.utf8), file: argument.location.file, at: argument.location)
    }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        var fields = try stage.fields()
        if let node = fields.node("run") { try Self.checkIsList(node) }
        let run = fields.required("run", fields.located("run")) ?? []
        let outputs = fields.required("outputs", fields.located("outputs")) ?? []
        let environment = try Self.environment(fields.node("env"))
        let version = fields.strings("version")
        fields.allow(["tool", "each", "from", "deliver", "output", "editable", "inputs", "gate"])
        for output in outputs where !RelativePath.isClean(output.text) {
            fields.report(Diagnostic(.badInput, "an output must be a path below the working directory, not \"\(output.text)\"", at: output.location))
        }
        try fields.finish()
        var isComplete = true
        var arguments: [String] = []
        let templates = try run.map(Self.template)
        for template in templates {
            guard let scope = try stage.scope(for: template) else {
                isComplete = false
                continue
            }
            arguments.append(try template.render(scope))
        }
        var platform: [String: String] = [:]
        if let version, let program = version.first {
            let asked = Program(program, versionArguments: Array(version.dropFirst()), package: program)
            if let line = stage.version(of: asked) { platform[program] = line } else { isComplete = false }
        }
        guard var inputs = try CommandInputs(stage).read(stage.stage.node["inputs"]), isComplete else { return nil }
        var question: Digest?
        if templates.contains(where: { $0.roots.contains { $0.name == "rejection" } }) {
            guard let asked = Self.question(arguments, inputs, stage) else { return nil }
            question = asked
            if let rejection = stage.rejection(of: asked) {
                arguments = try templates.map { try $0.render((try stage.scope(for: $0) ?? [:]).merging(["rejection": rejection]) { $1 }) }
            }
        }
        // A program that is brought along can be run, whatever its mode: a file's mode differs between machines.
        if let program = arguments.first, program.contains("/"), let index = inputs.firstIndex(where: { $0.label == program.trimmingPrefix("./") }) {
            inputs[index] = Step.Input(inputs[index].label, inputs[index].source, isExecutable: true)
        }
        let step = stage.add(
            operation: .program(arguments: arguments, environment: environment), inputs: inputs, outputs: outputs.map(\.text), platform: platform,
            question: question)
        return outputs.map { ArtifactRef(name: $0.text, source: .output(step, path: $0.text)) }
    }

    /// - Throws: `Diagnostic` for a text: it would be the name of one program, which is not what people mean by it.
    private static func checkIsList(_ node: Node) throws(Diagnostic) {
        guard case .scalar(let text, _) = node.content, !text.isEmpty else { return }
        let quoted = "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        throw Diagnostic(
            .badInput, "`run` is a list: a program and its arguments, each by itself", at: node.location,
            remedy: text.contains(where: \.isWhitespace) ? "for a shell to read it, write `run: [sh, -c, \(quoted)]`" : "write `run: [\(text)]`")
    }

    /// What a program is asked, without any rejection in it; nil if an input is not made yet.
    private static func question(_ arguments: [String], _ inputs: [Step.Input], _ stage: StageContext) -> Digest? {
        let digests = inputs.map { stage.digest(of: $0.source) }
        guard !digests.contains(nil) else { return nil }
        let parts = arguments + zip(inputs, digests).flatMap { [$0.label, $1?.hex ?? ""] }
        return Digest(of: Array(parts.joined(separator: "\0").utf8))
    }

    private static func environment(_ node: Node?) throws -> [String: String] {
        guard let node else { return [:] }
        guard case .object(let members) = node.content else {
            throw Diagnostic(.badInput, "`env` must be a mapping of texts, not \(node.kind)", at: node.location)
        }
        return try Dictionary(members.map { member in
            guard case .scalar(let text, _) = member.value.content else {
                throw Diagnostic(.badInput, "`\(member.key)` in `env` must be a text, not \(member.value.kind)", at: member.value.location)
            }
            return (member.key, text)
        }) { first, _ in first }
    }
}

/// The `inputs:` of a command: label → `item`, `item.field`, a stage, a value inside a stage's artifact, or `./file`.
struct CommandInputs {
    private let stage: StageContext

    init(_ stage: StageContext) { self.stage = stage }

    /// - Returns: nil if an input is not known yet.
    func read(_ node: Node?) throws -> [Step.Input]? {
        guard let node else { return [] }
        guard case .object(let members) = node.content else {
            throw Diagnostic(.badInput, "`inputs` must be a mapping from file names to what they hold, not \(node.kind)", at: node.location, remedy: "write `inputs: { in.txt: item }`")
        }
        var inputs: [Step.Input] = []
        var isComplete = true
        for member in members {
            guard RelativePath.isClean(member.key) else {
                throw Diagnostic(.badInput, "\"\(member.key)\" is no path below the working directory", at: member.keyLocation)
            }
            guard case .scalar(let reference, _) = member.value.content else {
                throw Diagnostic(.badInput, "an input must be `item`, a stage or `./file`, not \(member.value.kind)", at: member.value.location)
            }
            if let found = try input(member.key, reference, at: member.value.location) { inputs += found } else { isComplete = false }
        }
        guard isComplete else { return nil }
        try check(inputs, at: node.location)
        return inputs
    }

    /// - Throws: `Diagnostic` if two inputs would stand at one place in the working directory.
    private func check(_ inputs: [Step.Input], at location: SourceLocation) throws(Diagnostic) {
        var labels: Set<Substring> = []
        for input in inputs where !labels.insert(input.label[...]).inserted {
            throw Diagnostic(.badInput, "two inputs would both be \(input.label)", at: location, remedy: "give one of them another name")
        }
        for label in inputs.map(\.label) {
            for slash in label.indices where label[slash] == "/" && labels.contains(label[..<slash]) {
                throw Diagnostic(
                    .badInput, "the input \(label[..<slash]) is a file, so \(label) cannot stand below it", at: location, remedy: "give one of them another name")
            }
        }
    }

    private func input(_ label: String, _ reference: String, at location: SourceLocation) throws -> [Step.Input]? {
        if reference.hasPrefix("./") {
            return [Step.Input(label, .file(try stage.showFile(String(reference.dropFirst(2)), at: location)))]
        }
        let path = StageReference(parsing: reference, at: location)
        if path.stage.text == "item" { return try item(label, path) }
        guard let artifacts = try stage.artifacts(of: path.stage) else { return nil }
        if !path.path.isEmpty { return try value(label, reference, at: location) }
        if !artifacts.isFanOut, let file = artifacts.files.first, artifacts.files.count == 1 { return [Step.Input(label, file.source)] }
        return Self.numbered(artifacts, below: label)
    }

    private func item(_ label: String, _ reference: StageReference) throws -> [Step.Input]? {
        guard let element = stage.element else {
            throw Diagnostic(.badInput, "there is no `item`: the stage does not fan out", at: reference.location, remedy: "add `each:`")
        }
        guard reference.path.isEmpty else { return try value(label, "item." + reference.path.joined(separator: "."), at: reference.location) }
        if element.files.count == 1 { return [Step.Input(label, element.files[0].source)] }
        if !element.files.isEmpty { return element.files.map { Step.Input("\(label)/\($0.name)", $0.source) } }
        // A plain line is its own text; anything else is read as JSON.
        if let text = element.value["text"]?.string, element.value.members?.count == 1 { return [Step.Input(label, text: text)] }
        return [Step.Input(label, text: element.value.string ?? element.value.json())]
    }

    private func value(_ label: String, _ reference: String, at location: SourceLocation) throws -> [Step.Input]? {
        let template = try Template(parsing: Array("{{ \(reference) }}".utf8), file: location.file, at: location)
        return try stage.scope(for: template).map { [Step.Input(label, text: try template.render($0))] }
    }

    /// All files of a fan-out stage in their order, as `000001.txt` and so on.
    private static func numbered(_ artifacts: StageArtifacts, below label: String) -> [Step.Input] {
        artifacts.items.enumerated().flatMap { index, item in
            let digits = String(index + 1)
            let number = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
            return item.files.map { file in
                let suffix = item.files.count > 1 ? "/\(file.name)" : file.fileExtension.isEmpty ? "" : ".\(file.fileExtension)"
                return Step.Input("\(label)/\(number)\(suffix)", file.source)
            }
        }
    }
}
