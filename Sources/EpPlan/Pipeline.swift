public import EpCore

/// The stages of a show and how they feed each other, as `pipeline.yaml` has them.
public struct Pipeline: Sendable {
    /// In the order of the file.
    public let stages: [StageDefinition]
    /// Stages that a show has once, whatever the number of its episodes: its feed.
    public let showStages: [StageDefinition]
    public let location: SourceLocation

    /// - Parameter tools: every tool there is, by name, with the stage keys that it reads.
    /// - Throws: `DiagnosticList`, with all mistakes of the file.
    public init(_ node: Node, tools: [String: [String]]) throws {
        var fields = try Fields(node, subject: "the pipeline")
        location = node.location
        var problems: [Diagnostic] = []
        func read(_ node: Node?) -> [StageDefinition] {
            guard let node else { return [] }
            guard case .object(let members) = node.content else {
                problems.append(Diagnostic(.badInput, "stages must be a mapping from names to stages, not \(node.kind)", at: node.location))
                return []
            }
            return members.compactMap { member in
                do {
                    return try StageDefinition(member, tools: tools)
                } catch let list as DiagnosticList {
                    problems += list.diagnostics
                } catch let problem as Diagnostic {
                    problems.append(problem)
                } catch {}
                return nil
            }
        }
        stages = Dimensions.all(of: read(fields.required("stages", fields.node("stages"))))
        showStages = Dimensions.all(of: read(fields.node("show_stages")))
        problems.forEach { fields.report($0) }
        if problems.isEmpty {
            Self.check(stages, report: { fields.report($0) })
            Self.check(showStages, report: { fields.report($0) })
        }
        try fields.finish()
    }

    /// Lists that add nothing, and names that mean two things.
    private static func check(_ stage: StageDefinition, among names: [String], report: (Diagnostic) -> Void) {
        for each in stage.each {
            if each.isWritten, each.list.path.isEmpty {
                report(Diagnostic(
                    .badInput, "`each` of stage \"\(stage.name)\" names no list of the \(each.list.stage)", at: each.list.location,
                    remedy: "write `\(each.list.stage).NAME`, where NAME is a list in \(each.list.stage).yaml"))
            }
            if let name = each.name, names.contains(name), name != each.stage?.text {
                report(
                    Diagnostic(
                        .badInput, "\"\(name)\" is a stage, so no element can be called so", at: each.list.location,
                        remedy: "call it otherwise"))
            }
        }
        for each in stage.repeatedEach {
            report(
                Diagnostic(
                    .badInput, "\"\(each.list.text)\" in `each` of stage \"\(stage.name)\" adds nothing to what stands before it",
                    at: each.list.location,
                    remedy: "take it out; what the stage reads besides stands in `from`"))
        }
    }

    /// Names that are no stages.
    private static func check(_ stages: [StageDefinition], report: (Diagnostic) -> Void) {
        let names = stages.map(\.name.text)
        for stage in stages {
            // Keys differ by their bytes; to people, one name in two Unicode forms is one name.
            if let other = stages.first(where: { $0.name == stage.name }), other.location != stage.location {
                report(
                    Diagnostic(
                        .badInput, "the stage \"\(stage.name)\" stands here a second time", at: stage.location,
                        remedy: "give one of the two another name"))
            }
            if stage.isEditable, !stage.fansOut,
                let other = stages.first(where: { $0.isEditable && !$0.fansOut && $0.output == stage.output }), other.name != stage.name
            {
                report(
                    Diagnostic(
                        .badInput, "stages \"\(other.name)\" and \"\(stage.name)\" both write \(stage.output ?? "") into the episode",
                        at: stage.location,
                        remedy: "give one of them another `output`"))
            }
            if stage.isEditable, !stage.fansOut, let other = stages.first(where: { $0.isSource(of: stage.output) }) {
                report(
                    Diagnostic(
                        .badInput, "stage \"\(stage.name)\" writes \(stage.output ?? ""), which is the source of \"\(other.name)\"",
                        at: stage.location,
                        remedy: "give it another `output`; what a stage makes is read by that stage's name"))
            }
            for reference in stage.references where !names.contains(reference.stage.text) {
                report(Diagnostic(
                    .badInput, "stage \"\(stage.name)\" reads \"\(reference.stage)\", which is no stage", at: reference.location,
                    remedy: Suggestion.remedy(for: reference.stage.text, in: names.filter { $0 != stage.name.text } + stage.localNames)))
            }
            check(stage, among: names, report: report)
        }
    }
}

/// A stage, or a value inside its artifact: `outlining`, `outlining.beats`.
public struct StageReference: Sendable, Hashable {
    public let stage: StageName
    public let path: [String]
    public let location: SourceLocation

    public init(parsing text: String, at location: SourceLocation) {
        // Most name a stage, and nothing in it.
        guard text.utf8.contains(UInt8(ascii: ".")) else {
            self.init(stage: StageName(text), path: [], location: location)
            return
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        self.init(stage: StageName(parts.first ?? ""), path: Array(parts.dropFirst()), location: location)
    }

    init(stage: StageName, path: [String], location: SourceLocation) {
        self.stage = stage
        self.path = path
        self.location = location
    }

    var text: String { ([stage.text] + path).joined(separator: ".") }
}

/// A stage as `pipeline.yaml` defines it.
public struct StageDefinition: Sendable {
    public enum Kind: Sendable {
        /// Files of the person: a glob below the episode's or the show's directory.
        case source(pattern: String, inShow: Bool)
        case tool(ToolName)
    }

    public let name: StageName
    public let location: SourceLocation
    public let kind: Kind
    public let from: [StageReference]
    /// The lists that it fans out over; empty if it does not.
    public let each: [Each]
    /// The file name of the artifact; nil: the tool's own.
    public let output: String?
    /// True if the artifact is written into the episode for a person to change.
    public let isEditable: Bool
    /// True if the artifacts go to the episode's `out/`; nil: as the tool has it.
    public let deliver: Bool?
    /// True if the files of all its items stand side by side in one directory, not each item's in one of its own.
    public let deliversFlat: Bool
    public let gate: Gate?
    /// How long an action of it may run; nil: as long as it takes.
    public let timeLimit: TimeLimit?
    /// Which items it has; nil: one for each element.
    let when: Condition?
    /// Bounds how many of its actions run at once, beside others that name it; nil: the tool's own.
    public let pool: Pool?
    /// True if files need not be there: then it has none.
    let isOptional: Bool
    /// How often its actions ask services.
    public let retry: RetrySettings
    /// References in the `inputs` of a command.
    public internal(set) var inputReferences: [StageReference]
    /// What an item's name is made of, outermost first; of a stage that is files, its files.
    public internal(set) var dimensions: [Dimension] = []
    /// What templates call the elements in whose coordinates an item lies.
    public internal(set) var elementNames: [ElementName] = []
    /// Lists whose dimensions stand before them already.
    var repeatedEach: [Each] = []
    /// The whole mapping, for the tool to read its own keys from.
    public let node: Node

    /// Its tool; "source" for files of the person.
    public var tool: ToolName { if case .tool(let name) = kind { name } else { ToolName("source") } }

    public var references: [StageReference] { from + each.filter { !$0.isWritten }.map(\.list) + inputReferences }

    /// True if it is just this file of the episode.
    fileprivate func isSource(of file: String?) -> Bool {
        guard case .source(let pattern, inShow: false) = kind, let file else { return false }
        return Path(file) == Path(pattern)
    }

    /// True if it has an item for each element of a list, or for each file.
    public var fansOut: Bool { !each.isEmpty || isPattern }
    /// True if it is whatever files match a pattern.
    var isPattern: Bool { if case .source(let pattern, _) = kind { Path(pattern).parts.contains(where: Planner.isPattern) } else { false } }
    /// Names that templates and inputs may use besides those of stages.
    var localNames: [String] { each.isEmpty ? [] : ["item", "previous", "earlier"] + elementNames.map(\.name) }

    /// Keys of every stage.
    public static let commonKeys = [
        "tool", "source", "in", "from", "each", "output", "editable", "deliver", "gate", "timeout_seconds", "adaptive", "when", "pool",
        "optional",
    ]

    init(_ member: Node.Member, tools: [String: [String]]) throws {
        name = StageName(member.key)
        location = member.keyLocation
        node = member.value
        let subject = "stage \"\(member.key)\""
        var fields = try Fields(member.value, subject: subject)
        if Self.reserved.contains(member.key) {
            fields.report(
                Diagnostic(
                    .badInput, "no stage can be called \"\(member.key)\", as templates mean something else by it", at: location,
                    remedy: "give it another name"))
        } else if !Self.isName(member.key) {
            fields.report(
                Diagnostic(
                    .badInput, "\"\(member.key)\" is not a stage's name", at: location,
                    remedy: "use letters, digits, `_` and `-`, beginning with a letter"))
        }
        from = (fields.located("from") ?? []).map { StageReference(parsing: $0.text, at: $0.location) }
        if let node = member.value["from"] { Self.checkFrom(node, from, of: member.value, &fields, tools: tools) }
        each = Each.read(fields.node("each"), &fields)
        output = fields.string("output")
        isEditable = fields.bool("editable") ?? false
        deliversFlat = member.value["deliver"]?.value.string == "flat"
        deliver = deliversFlat ? true : fields.bool("deliver")
        if deliversFlat { fields.allow(["deliver"]) }
        gate = try fields.node("gate").map { try Gate($0, subject: subject) }
        let (seconds, isAdaptive) = (fields.number("timeout_seconds", in: 1...604_800), fields.bool("adaptive") ?? false)
        timeLimit = seconds == nil && !isAdaptive ? nil : TimeLimit(seconds: seconds, isAdaptive: isAdaptive)
        when = try fields.node("when").map { node throws(Diagnostic) in try Condition(node, subject: subject) }
        pool = fields.string("pool").map(Pool.init)
        isOptional = fields.bool("optional") ?? false
        kind = try Self.kind(&fields, tools: tools)
        Self.check(kind, &fields, member.value)
        let mayRetry = if case .tool(let name) = kind { tools[name.text]?.contains("retry") == true } else { false }
        retry = try mayRetry ? fields.node("retry").map { try RetrySettings($0, of: subject) } ?? RetrySettings() : RetrySettings()
        inputReferences = Self.inputReferences(member.value["inputs"])
        if isEditable, output == nil {
            fields.report(Diagnostic(
                .badInput, "\(subject) is editable, so it needs an `output`", at: member.value["editable"]?.location,
                remedy: "write `output: \(member.key).md`: the file that a person changes\(each.isEmpty ? "" : ", for each item")"))
        }
        if let output, !RelativePath.isClean(output) || output.contains("/") {
            fields.report(
                Diagnostic(.badInput, "`output` of \(subject) must be a file name, not \"\(output)\"", at: member.value["output"]?.location)
            )
        }
        try fields.finish()
    }

    /// Keys that only some stages have.
    private static func check(_ kind: Kind, _ fields: inout Fields, _ node: Node) {
        func refuse(_ key: String, _ why: String, _ remedy: String) {
            fields.report(Diagnostic(.badInput, "\(fields.subject) has `\(key)`, but \(why)", at: node[key]?.location, remedy: remedy))
        }
        let isSource = if case .source = kind { true } else { false }
        if node["when"] != nil, node["each"] == nil { refuse("when", "no items to choose from", "add `each:`, or take it out") }
        if node["pool"] != nil, isSource { refuse("pool", "runs nothing", "take it out") }
        if node["optional"] != nil, !isSource { refuse("optional", "that is for files", "take it out") }
        if node["in"] != nil, !isSource { refuse("in", "that says where the files of a `source` lie", "take it out") }
        guard isSource else { return }
        let unread = ["each", "output", "editable", "timeout_seconds", "adaptive"].filter { node[$0] != nil }
        for key in unread { refuse(key, "its files are a person's, as they are", "take it out") }
    }

    /// What tools were called.
    private static let formerNames = ["image": "cover"]

    private static func kind(_ fields: inout Fields, tools: [String: [String]]) throws -> Kind {
        let tool = fields.string("tool")
        let source = fields.string("source")
        let place = fields.string("in")
        switch (tool, source) {
        case (nil, let pattern?):
            if !RelativePath.isClean(pattern) {
                fields.report(
                    Diagnostic(
                        .badInput, "`source` of \(fields.subject) must be a path below the episode, without `..`",
                        at: fields.node("source")?.location,
                        remedy: pattern.hasPrefix("./") ? "write `\(pattern.dropFirst(2))`" : nil))
            }
            if let place, !["show", "episode"].contains(place) {
                fields.report(Diagnostic(.badInput, "`in` of \(fields.subject) must be show or episode", at: fields.node("in")?.location))
            }
            return .source(pattern: pattern, inShow: place == "show")
        case (let name?, nil):
            guard let keys = tools[name] else {
                throw Diagnostic(
                    .badInput, "there is no tool \"\(name)\"", at: fields.node("tool")?.location,
                    remedy: formerNames[name].map { "it is called `\($0)` now" } ?? Suggestion.remedy(for: name, in: tools.keys.sorted()))
            }
            fields.allow(keys)
            return .tool(ToolName(name))
        case (nil, nil):
            // A key that is no text has been told of.
            if fields.node("tool") == nil, fields.node("source") == nil {
                fields.report(
                    Diagnostic(
                        .badInput, "\(fields.subject) has neither `tool` nor `source`", at: fields.location,
                        remedy: "say which tool runs it, or which files it is"))
            }
            return .tool(ToolName(""))
        case (.some, .some):
            throw Diagnostic(
                .badInput, "\(fields.subject) has both `tool` and `source`", at: fields.location, remedy: "remove one of the two")
        }
    }

    /// What is named in vain would not even be built.
    private static func checkFrom(_ node: Node, _ from: [StageReference], of stage: Node, _ fields: inout Fields, tools: [String: [String]])
    {
        let tool = stage["tool"]?.value.string ?? "source"
        guard tool == "source" || tools[tool]?.contains("from") == false, stage["tool"] != nil || stage["source"] != nil else { return }
        let name = from.first?.stage.text ?? "STAGE"
        fields.report(
            Diagnostic(
                .badInput, "\(fields.subject) has a `from`, which `\(tool)` does not read", at: node.location,
                remedy: tools[tool]?.contains("inputs") == true
                    ? "name what it reads in `inputs`: `inputs: { \(name): \(name) }`" : "take it out"))
    }

    /// `inputs:` of a command maps labels to an element, a stage, or a file (which begins with `./`).
    private static func inputReferences(_ node: Node?) -> [StageReference] {
        guard case .object(let members) = node?.content else { return [] }
        return members.compactMap { member in
            // `{ of: STAGE, names: true }`
            let value = member.value["of"] ?? member.value
            guard case .scalar(let text, _) = value.content, !text.hasPrefix("./") else { return nil }
            let reference = StageReference(parsing: text, at: member.value.location)
            return reference.stage.text == "item" ? nil : reference
        }
    }

    /// Names that mean something else in templates.
    static let reserved = ["item", "show", "episode", "rejection", "previous", "earlier"]

    static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic, !reserved.contains(text) else { return false }
        return text.unicodeScalars.allSatisfy { $0 == "_" || $0 == "-" || $0.properties.isAlphabetic || ("0"..."9").contains($0) }
    }
}
