import EpCore
import EpEspeak
import EpPlan
import EpProviders
import EpScript

/// Lines that a service speaks.
extension SpeechTool {
    /// Adds the step of a line.
    func add(
        _ spelled: StressedText, by vendor: any RemoteVoiceVendor, _ asked: Asked, _ fallbacks: [Alternative], of speaker: String,
        in stage: StageContext
    ) throws -> [ArtifactRef] {
        guard spelled.text.count <= vendor.longest else {
            throw Diagnostic(
                .badInput,
                "this line of \(speaker) has \(spelled.text.count) characters, and \(vendor.name) speaks \(vendor.longest) at most",
                at: stage.element?.location,
                remedy: "make two lines of it: an empty line, and the speaker's name again")
        }
        let line = vendor.line(spelled, asked, asked.settings)
        if line.settings["model"]?.string == "" {
            throw Diagnostic(
                .badInput, "nobody says which model of \(vendor.name) speaks for \(speaker)",
                at: asked.place["provider"] ?? stage.element?.location,
                remedy: "add a provider with a `model` to epbuild.yaml, or `model` to the voice")
        }
        let reasons = [Step.Reason("voice of \(speaker)", line.settings.json(), of: "voice.json")]
        let outputs = ["line.wav"] + (vendor.tellsWords(line.settings) ? [WordsCommand.words] : [])
        let step = stage.add(
            operation: operation(of: vendor), inputs: inputs(line), outputs: outputs, pool: asked.provider?.pool ?? .tts, reasons: reasons,
            service: service(asked.provider, vendor, line, stage.workspace, passedOver: asked.passedOver), fallbacks: fallbacks)
        return outputs.map { ArtifactRef(name: $0, source: .output(step, path: $0)) }
    }

    /// One that serves if another fails.
    /// - Parameter settings: of its voice.
    func fallback(
        on vendor: any RemoteVoiceVendor, _ next: Asked, _ settings: Value, after classes: Set<FailureClass>, saying text: StressedText,
        _ listening: Listening?, in stage: StageContext
    ) -> Alternative? {
        guard text.text.count <= vendor.longest else { return nil }
        return alternative(vendor.line(text, next, settings), by: vendor, next.provider, after: classes, listening, in: stage)
    }

    /// The same voice once more, for a line that was not heard right. A program would say the same again.
    func again(_ text: StressedText, _ asked: Asked, _ listening: Listening, in stage: StageContext) -> [Alternative] {
        guard let vendor = asked.vendor as? any RemoteVoiceVendor else { return [] }
        return [alternative(vendor.line(text, asked, asked.settings), by: vendor, asked.provider, after: [.any], listening, in: stage)]
    }

    private func alternative(
        _ line: SpokenLine, by vendor: any RemoteVoiceVendor, _ provider: ProviderConfiguration?, after classes: Set<FailureClass>,
        _ listening: Listening?,
        in stage: StageContext
    ) -> Alternative {
        let work = Alternative.Work(
            operation(of: vendor), inputs: inputs(line) + (listening.map { [$0.input] } ?? []), platform: listening?.platform ?? [:])
        return Alternative(service(provider, vendor, line, stage.workspace, listening), after: classes, pool: provider?.pool ?? .tts) { _ in
            work
        }
    }

    /// Asks the service of a step.
    func ask(_ job: Job) async throws -> JobResult {
        guard case .builtIn(_, let operation, _) = job.step.operation,
            let vendor = vendors.voice(named: operation) as? any RemoteVoiceVendor,
            let settings = Value(json: try job.inputs.bytes("voice.json"))
        else { throw StepFailure(Diagnostic(.unavailable, "this epbuild has no such voice")) }
        let line = SpokenLine(try job.inputs.text("line.txt"), take: job.take.number, settings: settings)
        guard job.isToBeHeard else { return JobResult(try await vendor.speak(line, Serving(job, services)).timed(saying: line.text)) }
        let check = try check(of: job)
        return try await check.heard(line.text, job, services) { attempt in
            // The first rendition was not heard right: a seed that a person has written would give the same.
            let again = SpokenLine(line.text, take: line.take + attempt, settings: settings)
            return try await vendor.speak(again, Serving(job, services)).timed(saying: line.text)
        }
    }

    private func operation(of vendor: any RemoteVoiceVendor) -> Step.Operation {
        .builtIn(tool: name, operation: vendor.name, revision: vendor.revision)
    }

    private func inputs(_ line: SpokenLine) -> [Step.Input] {
        [Step.Input("line.txt", text: line.text), Step.Input("voice.json", text: line.settings.json(indented: true))]
    }

    private func service(
        _ provider: ProviderConfiguration?, _ vendor: any RemoteVoiceVendor, _ line: SpokenLine, _ workspace: Workspace,
        _ listening: Listening? = nil, passedOver: PassedOver? = nil
    ) -> Service {
        let spoken = vendor.call(line, by: provider, PriceTable(workspace.prices), on: services.day)
        let heard = listening?.check.call(seconds: ScriptReport.seconds(speaking: line.text) * 2, on: services.day)
        return Service(
            provider, of: vendor.name, call: heard.map { spoken + $0 } ?? spoken, listener: listening?.check.provider,
            passedOver: passedOver)
    }
}

extension RemoteVoiceVendor {
    /// - Parameter settings: of the voice.
    fileprivate func line(_ text: StressedText, _ asked: SpeechTool.Asked, _ settings: Value) -> SpokenLine {
        let settings = self.settings(of: asked.provider, settings, asked.manner, words: asked.wantsWords)
        return SpokenLine(text.text, settings: text.stressed.isEmpty ? settings : stressing(text.stressed, settings) ?? settings)
    }
}
