import EpCore
import EpDelivery
public import EpPlan
import EpProviders

/// `tool: captions`: what is said and when, as captions that can be read in time, in SubRip and WebVTT.
///
/// From the scenes of a film, as they lie in it; or from what was heard in a recording, word by word.
public struct CaptionsTool: Tool {
    public let name = ToolName("captions")
    public let keys = ["from", "line_characters"]
    static let revision = "1"
    private static let files = ["captions.srt", "captions.vtt"]

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let width = try stage.shared {
            var fields = try stage.fields()
            let width = fields.int("line_characters", in: 16...80) ?? CaptionLayout.captions.lineCharacters
            if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
            return width
        }
        guard let (inputs, names) = try Self.inputs(stage) else { return nil }
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "captions", revision: Self.revision),
            inputs: inputs + [Step.Input("line_characters", text: String(width))], outputs: Self.files, reasons: names)
        let files = Self.files.map { ArtifactRef(name: $0, source: .output(step, path: $0)) }
        // A text that a person may change is one file.
        guard let output = stage.stage.output else { return files }
        let wanted = ArtifactRef(name: output, source: .literal([])).fileExtension
        guard let file = files.first(where: { $0.fileExtension == wanted }) else {
            throw Diagnostic(
                .badInput, "`output` of \(stage.stage.name) is \(output), and captions are .srt or .vtt",
                at: stage.stage.node["output"]?.location, remedy: "write `output: captions.srt`")
        }
        return [ArtifactRef(name: output, source: file.source)]
    }

    /// - Returns: nil if something is not known yet.
    private static func inputs(_ stage: StageContext) throws -> (inputs: [Step.Input], names: [Step.Reason])? {
        guard let upstreams = try stage.upstreams() else { return nil }
        var (scenes, words) = ([Step.Input](), [Step.Input]())
        /// How messages call the files of words.
        var names: [Step.Reason] = []
        var count = 0
        for (name, artifacts) in upstreams {
            for item in artifacts.items {
                let isScene = item.files.contains { $0.name == SceneFacts.name }
                count += 1
                for file in item.files {
                    if isScene {
                        guard [SceneFacts.name, SceneSources.wordsFile].contains(file.name) else { continue }
                        scenes.append(Step.Input("scenes/\(MixTool.number(count))/\(file.name)", file.source))
                    } else if file.fileExtension == "json" {
                        let label = "words/\(MixTool.number(words.count + 1)).json"
                        words.append(Step.Input(label, file.source))
                        names.append(Step.Reason(label, stage.shown(file, of: name), of: label))
                    } else {
                        stage.warn(
                            "\(stage.stage.name) makes nothing of \(stage.shown(file, of: name))", at: stage.stage.location,
                            remedy: "`from` of captions names the scenes of a film (`tool: video`), or words with their times")
                    }
                }
            }
        }
        guard scenes.isEmpty != words.isEmpty else {
            throw Diagnostic(
                .badInput, "captions need the scenes of a film, or words with their times" + (scenes.isEmpty ? "" : ", and not both"),
                at: stage.stage.location,
                remedy: "write `from: [SCENES]`, where SCENES is a stage of the tool video, or `from: [WORDS]`, where WORDS hands on JSON")
        }
        return (scenes + words, names)
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        let transcript = try Self.transcript(job)
        let width = Int(try job.inputs.text("line_characters")) ?? CaptionLayout.captions.lineCharacters
        let layout = CaptionLayout(lineCharacters: width, lines: 2, longest: CaptionLayout.captions.longest)
        let texts: [Path: String] = ["captions.srt": transcript.subRip(layout), "captions.vtt": transcript.webVTT(layout)]
        return JobResult(outputs: texts.mapValues { .bytes(Array($0.utf8)) }, servedBy: "epbuild captions \(Self.revision)")
    }

    private static func transcript(_ job: Job) throws -> Transcript {
        let words = job.inputs.labels.filter { $0.hasPrefix("words/") }
        guard words.isEmpty else { return Transcript(try words.flatMap { try heard(job.inputs.bytes($0), named: name(of: $0, in: job)) }) }
        let labels = job.inputs.labels.filter { $0.hasPrefix("scenes/") }
        let scenes = try labels.filter { $0.hasSuffix(SceneFacts.name) }.map { label -> (facts: SceneFacts, words: Value?) in
            guard let facts = Value(json: try job.inputs.bytes(label)).flatMap(SceneFacts.init) else { throw DamagedInput(label) }
            let times = label.replacing(SceneFacts.name, with: SceneSources.wordsFile)
            return (facts, labels.contains(times) ? Value(json: try job.inputs.bytes(times)) : nil)
        }
        guard let first = scenes.first else { throw DamagedInput("the scenes of a film") }
        return FilmTimeline(rate: first.facts.rate, scenes: scenes.map { $0.facts.scene(words: $0.words) }).transcript
    }

    private static func name(of label: String, in job: Job) -> String { job.step.reasons.first { $0.label == label }?.text ?? label }

    /// Words as `words.json` has them, or a value that holds such a list under `words`.
    private static func heard(_ bytes: [UInt8], named name: String) throws -> [HeardWord] {
        guard let value = Value(json: bytes), let list = value.list ?? value["words"]?.list else {
            throw StepFailure(
                Diagnostic(
                    .badInput, "this is no list of words with their times", at: SourceLocation(file: name),
                    remedy:
                        "captions read JSON: a list of mappings with `word`, `start`, `end` in seconds, or a mapping with such a list "
                            + "under `words`"
                ))
        }
        return try list.enumerated().map { index, word in
            guard let timed = TimedWord(word) else {
                throw StepFailure(
                    Diagnostic(
                        .badInput, "word \(index + 1) has no `word`, `start` and `end`", at: SourceLocation(file: name),
                        remedy: "see the stage that makes it"))
            }
            return HeardWord(timed.text, speaker: word["speaker"]?.string ?? "", from: timed.start, to: timed.end)
        }
    }
}
