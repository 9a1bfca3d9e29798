import EpCore
import EpImport
public import EpPlan

/// `tool: adapt`: a document of whatever form becomes one list of scenes.
///
/// The document is named by `document:`, a path or a pattern below the episode, or it is what a stage hands on (`from`, `each`). What form
/// it has is told by
/// what is in it. A list of scenes comes out as it is, checked, and arranged as the stage says.
public struct AdaptTool: Tool {
    public let name = ToolName("adapt")
    public let keys = ["document", "end", "from", "language", "longest_words", "title"]

    static let pdf = Program("pdftotext", versionArguments: ["-v"], package: "poppler-utils")
    static let word = Program("pandoc", versionArguments: ["--version"], package: "pandoc")

    public init() {}

    public func references(_ stage: StageContext) throws -> [StageReference] {
        try AdaptSettings.templates(of: stage).flatMap(stage.stages)
    }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let settings = try stage.shared { try AdaptSettings(stage) }
        guard let document = try AdaptDocument(stage, settings).found(), let arrangement = try settings.arrangement(for: stage) else {
            return nil
        }
        guard let bytes = try stage.bytes(of: document.file) else { return nil }
        let kind = try DocumentKind(bytes, named: document.shown)
        // What is wrong with a list of scenes is said with its place, before anything runs.
        if kind == .scenes { _ = try SceneListReader.read(Node(parsing: bytes, file: document.shown)) }
        if kind == .answers { _ = try AnswerReader.read(Node(parsing: bytes, file: document.shown)) }
        guard let source = try text(of: document, kind, stage) else { return nil }
        let facts = AdaptFacts(kind: kind, directory: [.markdown, .html].contains(kind) ? document.directory : "", arrangement)
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "scenes", revision: DocumentReading.revision),
            inputs: [Step.Input("document", source), Step.Input("adapt.json", text: facts.value.json(indented: true))],
            outputs: ["scenes.yaml"])
        return [ArtifactRef(name: stage.stage.output ?? "scenes.yaml", source: .output(step, path: "scenes.yaml"))]
    }

    /// What is read of a document: itself, or what a program makes of it.
    /// - Returns: nil until the program's version is known.
    private func text(of document: AdaptDocument.Found, _ kind: DocumentKind, _ stage: StageContext) throws -> ArtifactSource? {
        let (program, arguments, output): (Program, [String], String)
        switch kind {
        case .pdf: (program, arguments, output) = (Self.pdf, ["-bbox-layout", "-enc", "UTF-8", "document.pdf", "words.html"], "words.html")
        // Nothing but the document is read, whatever it refers to.
        case .word:
            (program, arguments, output) = (
                Self.word,
                [
                    "--sandbox", "-f", "docx", "-t",
                    "commonmark_x-attributes-fenced_divs-bracketed_spans+pipe_tables", "--wrap=none", "-s", "document.docx", "-o",
                    "text.md",
                ], "text.md"
            )
        default: return document.file.source
        }
        guard let version = stage.version(of: program) else { return nil }
        let input = kind == .pdf ? "document.pdf" : "document.docx"
        let step = stage.add(
            "text", operation: .program(arguments: [program.name] + arguments, environment: [:]),
            inputs: [Step.Input(input, document.file.source)],
            outputs: [output],
            platform: [program.name: version])
        return .output(step, path: output)
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        guard let facts = AdaptFacts(try Node(parsing: try job.inputs.bytes("adapt.json"), file: "adapt.json").value) else {
            throw StepFailure(Diagnostic(.unavailable, "this epbuild knows no such document"))
        }
        do {
            let list = try facts.arranged(try scenes(of: try job.inputs.bytes("document"), facts))
            return JobResult(
                outputs: ["scenes.yaml": .bytes(Array((list.value.yaml() + "\n").utf8))], servedBy: "epbuild",
                messages: list.dropped.map { "left out: \($0)" })
        } catch let problem as Diagnostic {
            throw StepFailure(Diagnostic(problem.code, problem.message, at: job.step.place, remedy: problem.remedy), isFinal: true)
        } catch let list as DiagnosticList {
            throw StepFailure(list.diagnostics[0], isFinal: true)
        }
    }

    private func scenes(of bytes: [UInt8], _ facts: AdaptFacts) throws -> SceneList {
        var reading = DocumentReading()
        (reading.longestWords, reading.directory) = (facts.arrangement.longestWords, facts.directory)
        switch facts.kind {
        case .scenes: return try SceneListReader.read(Node(parsing: bytes, file: "document"))
        case .answers:
            let read = try AnswerReader.read(Node(parsing: bytes, file: "document"))
            return reading.scenes(of: read.answers, title: read.title, language: read.language)
        case .transcript:
            return try reading.scenes(of: bytes, facts.kind, value: try Node(parsing: bytes, file: "document").value, named: "document")
        default: return try reading.scenes(of: bytes, facts.kind, named: "document")
        }
    }

    /// What a program says of a document that it cannot read is about the document.
    public func oversee(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        do {
            return try await run()
        } catch let failure as StepFailure where failure.exitStatus != nil {
            let name = job.step.platform.keys.first ?? "the program"
            let said = failure.diagnostic.message.split(separator: "\n").dropFirst().map { $0.drop { $0 == " " } }.joined(separator: "; ")
            throw StepFailure(
                Diagnostic(
                    .badInput, "\(name) cannot read the document: \(said.isEmpty ? "it does not say why" : said)", at: job.step.place,
                    remedy: "make it again with the program that made it, or give it in another form"),
                isFinal: true)
        }
    }
}
