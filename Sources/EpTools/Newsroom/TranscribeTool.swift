import EpCore
public import EpPlan
public import EpProviders
import EpSound

/// `tool: transcribe`: what is said in a recording, with the time of each word.
///
/// ffmpeg makes one channel of 16 kHz of it; that is cut at pauses which the sound itself decides (``SpeechCuts``), and each piece is
/// listened to in a step of its own, whose address has the piece's samples and not where it lies. So an edit of the recording is
/// listened to alone. Where the text is known, its words take the times of what was heard, and pocketsphinx finds them exactly.
public struct TranscribeTool: Tool {
    public let name = ToolName("transcribe")
    public let keys = ["formats", "language", "provider", "recording", "text"]
    public var programs: [Program] { [RecordingInput.ffmpeg] }
    public var providerKinds: [String: [ProviderKind]] { vendors.kinds(of: "transcribe") }
    public var heavyOperations: Set<String> { ["cut", "align"] }
    /// To be raised with every change to what the steps of epbuild's own put out.
    static let revision = "1"
    let vendors: Vendors
    let services: Services

    public init(_ vendors: Vendors, _ services: Services) { (self.vendors, self.services) = (vendors, services) }

    public func references(_ stage: StageContext) throws -> [StageReference] {
        try ["recording", "text"].compactMap(stage.stage(namedBy:))
    }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let setting = try TranscribeSetting(stage)
        let recording = try RecordingInput(stage)
        let text = try stage.stage(namedBy: "text").map { try KnownText($0, of: stage) }
        let transcriber = try Transcriber.of(stage, vendors, language: setting.language)
        let aligner = try text == nil ? .some(nil) : Self.aligner(in: stage, language: setting.language)
        guard let ffmpeg = stage.version(of: RecordingInput.ffmpeg), let recording, let transcriber, let aligner else { return nil }
        let known: KnownText?
        if let text {
            guard let text else { return nil }
            known = text
        } else {
            known = nil
        }
        let work = TranscribeWork(
            tool: name, recording: recording, transcriber: transcriber, known: known, aligner: aligner, services: services)
        guard let transcript = try work.add(to: stage, setting, ffmpeg: ffmpeg) else { return nil }
        return setting.formats.map { ArtifactRef(name: setting.name($0), source: .output(transcript, path: "transcript.\($0)")) }
    }

    /// The versions of the programs that find the words of a known text; none where they are not here, or it is not English.
    /// - Returns: nil until that is known.
    private static func aligner(in stage: StageContext, language: String?) throws -> [String: String]?? {
        guard language.map({ $0.lowercased().hasPrefix("en") }) ?? true else { return .some(nil) }
        var versions: [String: String] = [:]
        for program in [ForcedAligner.program, ForcedAligner.speller] {
            if stage.isMissing(program) { continue }
            guard let version = stage.version(ifThere: program) else { return nil }
            versions[program.name] = version
        }
        return .some(versions[ForcedAligner.program.name] == nil ? nil : versions)
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        guard case .builtIn(_, let operation, _) = job.step.operation else {
            throw StepFailure(Diagnostic(.actionFailed, "transcribe has no such step"))
        }
        switch operation {
        case "cut": return result(try TranscribeSteps.cut(job))
        case "pieces": return result(try TranscribeSteps.pieces(job))
        case "match": return result(try TranscribeSteps.match(job))
        case "align": return result(try await TranscribeSteps.align(job))
        case "join": return result(try TranscribeSteps.join(job))
        default: return try await listen(job, operation)
        }
    }

    private func result(_ outputs: [Path: JobResult.Content]) -> JobResult {
        JobResult(outputs: outputs, servedBy: "epbuild transcribe \(Self.revision)")
    }

    /// Listens to a piece.
    private func listen(_ job: Job, _ vendor: String) async throws -> JobResult {
        guard let vendor = vendors.transcriber(named: vendor)?.configured(by: job.step.service?.configuration),
            let settings = Value(json: try job.inputs.bytes("transcriber.json"))
        else { throw StepFailure(Diagnostic(.unavailable, "this epbuild has no such listener")) }
        let wav = try job.inputs.bytes("speech.wav")
        let recording = SpeechRecording(wav: wav, seconds: try PCM(wav: wav, named: "speech.wav").seconds, settings: settings)
        let heard = try await vendor.transcribe(recording, Serving(job, services), job.programs)
        return JobResult(
            outputs: ["heard.json": .bytes(Array(heard.value.json().utf8))], servedBy: heard.servedBy, cost: heard.cost, usage: heard.usage)
    }

    /// What ffmpeg complains of is about the recording.
    public func oversee(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        try await RecordingInput.read(job, run)
    }
}

/// The stage's own keys.
struct TranscribeSetting {
    /// Nil if nobody says.
    let language: String?
    /// The forms of the transcript that are handed on: `json`, `txt`, `srt`, `vtt`.
    let formats: [String]
    private let output: String

    static let knownFormats = ["json", "txt", "srt", "vtt"]

    init(_ stage: StageContext) throws {
        var fields = try stage.fields()
        language = fields.text("language") ?? stage.blueprint["language"]?.letters
        let asked = fields.located("formats") ?? []
        for format in asked where !Self.knownFormats.contains(format.text) {
            fields.report(
                Diagnostic(
                    .badInput, "a transcript has no form \"\(format.text)\"", at: format.location,
                    remedy: Suggestion.remedy(for: format.text, in: Self.knownFormats)))
        }
        output = stage.stage.output ?? "transcript.json"
        let own = output.split(separator: ".").last.map { $0.lowercased() } ?? ""
        formats = asked.isEmpty ? [Self.knownFormats.contains(own) ? own : "json"] : asked.map(\.text)
        if stage.stage.output != nil, !Self.knownFormats.contains(own) {
            fields.report(Diagnostic(
                .badInput, "`output` of stage \"\(stage.stage.name)\" is no form of a transcript", at: stage.stage.node["output"]?.location,
                remedy: "let it end in \(Self.knownFormats.map { ".\($0)" }.joined(separator: ", "))"))
        }
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
    }

    func name(_ format: String) -> String { "\(ArtifactRef(name: output, source: .literal([])).stem).\(format)" }
}
