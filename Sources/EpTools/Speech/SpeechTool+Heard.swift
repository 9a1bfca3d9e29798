import EpCore
import EpPlan
import EpProviders
import EpScript

/// `check: heard` of a stage that speaks: every line is listened to, and kept only if it is heard as it is written.
///
/// Listening is a step of its own after the line's, so that what was spoken before is not spoken again. What is not heard right is asked
/// for anew of those who are not bound to say the same, and then of the fallbacks.
extension SpeechTool {
    /// What the step is called within its target.
    static let heard = "heard"

    /// Who listens, with the version of its program.
    struct Listening {
        let check: HeardCheck
        let version: String?

        var input: Step.Input { Step.Input("heard.json", text: check.json) }
        var platform: [String: String] { check.program.flatMap { program in version.map { [program.name: $0] } } ?? [:] }
    }

    /// What stands under `check: { heard: … }`.
    private struct Wish {
        let provider: Node?
        let tolerance: Double?
    }

    /// Nil until it is known; a list without anybody if the stage wants no check.
    func listeners(of stage: StageContext) throws -> [Listening]? {
        guard !stage.isDraft, let wish = try stage.shared({ try Self.wish(of: stage).map { [$0] } ?? [] }).first else { return [] }
        let provider = try stage.workspace.provider(
            named: wish.provider?.value.string, for: ToolName("transcribe"), at: wish.provider?.location)
        // A scene is spoken in the language of its coordinates.
        let isScene = stage.element.map { SpokenPart.isScene($0.value) } ?? false
        let language = isScene ? try stage.language() : stage.blueprint["language"]?.string
        if let provider, let vendor = vendors.transcriber(named: provider.use) {
            let check = HeardCheck(vendor, provider, language: language, tolerance: wish.tolerance)
            guard let program = check.program else { return [Listening(check: check, version: nil)] }
            return stage.version(of: program).map { [Listening(check: check, version: $0)] }
        }
        let programs = vendors.transcribers.compactMap { $0 as? any ProgramTranscriberVendor }.filter { !$0.programs.isEmpty }
        for vendor in programs where !stage.isMissing(vendor.program) {
            let check = HeardCheck(vendor, nil, language: language, tolerance: wish.tolerance)
            return stage.version(ifThere: vendor.program).map { [Listening(check: check, version: $0)] }
        }
        throw Diagnostic(
            .unavailable, "nobody on this machine can listen, as `check` of stage \"\(stage.stage.name)\" wants it",
            at: stage.stage.node["check"]?.location,
            remedy: "epbuild providers install whisper; or add a provider with `tool: transcribe` to epbuild.yaml")
    }

    private static func wish(of stage: StageContext) throws -> Wish? {
        guard let node = stage.stage.node["check"], node.value != .null else { return nil }
        if node.value.string == heard { return Wish(provider: nil, tolerance: nil) }
        guard node.value.members != nil else {
            throw Diagnostic(
                .badInput, "`check` of stage \"\(stage.stage.name)\" is nothing that a stage which speaks can be checked for",
                at: node.location,
                remedy: "write `check: heard`")
        }
        var fields = try Fields(node, subject: "`check` of stage \"\(stage.stage.name)\"")
        guard let heard = fields.node(heard), heard.value != .null, heard.value.members != nil else {
            fields.report(
                Diagnostic(
                    .badInput, "\(fields.subject) has no `heard` with settings", at: node.location,
                    remedy: "write `check: { heard: { most_errors: 0.3 } }`"))
            throw DiagnosticList(fields.problems)
        }
        try fields.finish()
        var settings = try Fields(heard, subject: "`heard` of stage \"\(stage.stage.name)\"")
        _ = settings.text("provider")
        let tolerance = settings.number("most_errors", in: 0...1)
        try settings.finish()
        return Wish(provider: heard["provider"], tolerance: tolerance)
    }

    /// Adds the step that listens to a line.
    /// - Parameters:
    ///   - line: what was spoken: its sound, and perhaps its words.
    ///   - others: who speaks if it is not heard right.
    func add(
        _ listening: Listening, to line: [ArtifactRef], saying text: String, _ asked: Asked, _ others: [Alternative], in stage: StageContext
    ) -> [ArtifactRef] {
        let call = listening.check.call(seconds: ScriptReport.seconds(speaking: text) * 2, on: services.day)
        let step = stage.add(
            Self.heard, operation: .builtIn(tool: name, operation: Self.heard, revision: listening.check.listener.revision),
            inputs: line.map { Step.Input($0.name, $0.source) } + [Step.Input("line.txt", text: text), listening.input],
            outputs: line.map(\.name),
            platform: listening.platform, pool: listening.check.provider?.pool ?? (call == nil ? .cpu : .tts),
            service: Service(asked.provider, of: asked.vendor.name, call: call, listener: listening.check.provider, isChecked: true),
            fallbacks: others)
        return line.map { ArtifactRef(name: $0.name, source: .output(step, path: $0.name)) }
    }

    /// Listens to a line that was spoken before.
    func listen(_ job: Job) async throws -> JobResult {
        let wav = try job.inputs.bytes("line.wav")
        let heard = try await check(of: job).listen(to: wav, saying: try job.inputs.text("line.txt"), job, services)
        var outputs: [Path: JobResult.Content] = ["line.wav": .bytes(wav)]
        if job.inputs.labels.contains("words.json") { outputs["words.json"] = .bytes(try job.inputs.bytes("words.json")) }
        return JobResult(outputs: outputs, servedBy: heard.servedBy, cost: heard.cost, usage: heard.usage)
    }

    /// Writes down what is heard in a line.
    func transcribe(_ job: Job) async throws -> JobResult {
        let heard = try await check(of: job).transcript(of: try job.inputs.bytes("line.wav"), job, services)
        return JobResult(outputs: [Path(LineHearing.transcript): .bytes(Array(heard.value.json().utf8))], servedBy: heard.servedBy)
    }

    func check(of job: Job) throws -> HeardCheck {
        guard let check = HeardCheck(json: try job.inputs.bytes("heard.json"), vendors, job.step.service?.listener) else {
            throw StepFailure(Diagnostic(.unavailable, "this epbuild has no such listener"), isFinal: true)
        }
        return check
    }
}

extension Job {
    /// True if what is spoken is to be listened to.
    var isToBeHeard: Bool { inputs.labels.contains("heard.json") }
}
