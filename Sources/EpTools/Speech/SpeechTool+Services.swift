import EpCore
import EpPlan
import EpProviders

/// Lines that a service speaks.
extension SpeechTool {
    /// Adds the step of a line.
    /// - Parameter place: where the speaker's voice is written down.
    func add(
        _ text: String, by vendor: any RemoteVoiceVendor, _ asked: Asked, _ fallbacks: [Alternative], of speaker: String, at place: VoicePlace, in stage: StageContext
    ) throws -> [ArtifactRef] {
        guard text.count <= vendor.longest else {
            throw Diagnostic(
                .badInput, "this line of \(speaker) has \(text.count) characters, and \(vendor.name) speaks \(vendor.longest) at most", at: stage.element?.location,
                remedy: "make two lines of it: an empty line, and the speaker's name again")
        }
        warn(of: asked.manner, vendor, of: speaker, in: stage)
        let line = SpokenLine(text, settings: vendor.settings(of: asked.provider, asked.settings, asked.manner))
        if line.settings["model"]?.string == "" {
            throw Diagnostic(
                .badInput, "nobody says which model of \(vendor.name) speaks for \(speaker)", at: place["provider"] ?? stage.element?.location,
                remedy: "add a provider with a `model` to epbuild.yaml, or `model` to the voice")
        }
        let reasons = [Step.Reason("voice of \(speaker)", line.settings.json(), of: "voice.json")]
        let step = stage.add(
            operation: operation(of: vendor), inputs: inputs(line), outputs: ["line.wav"], pool: asked.provider?.pool ?? .tts, reasons: reasons,
            service: service(asked.provider, vendor, line, stage.workspace), fallbacks: fallbacks)
        return [ArtifactRef(name: "line.wav", source: .output(step, path: "line.wav"))]
    }

    /// One that serves if another fails. It has its own voice: the character's is the first one's.
    func fallback(
        on vendor: any RemoteVoiceVendor, _ provider: ProviderConfiguration, after classes: Set<FailureClass>, _ manner: Manner, saying text: String, in stage: StageContext
    ) -> Alternative? {
        guard text.count <= vendor.longest else { return nil }
        let line = SpokenLine(text, settings: vendor.settings(of: provider, [:], manner))
        let work = Alternative.Work(operation(of: vendor), inputs: inputs(line))
        return Alternative(service(provider, vendor, line, stage.workspace), after: classes, pool: provider.pool ?? .tts) { _ in work }
    }

    /// Asks the service of a step.
    func ask(_ job: Job) async throws -> JobResult {
        guard case .builtIn(_, let operation, _) = job.step.operation, let vendor = vendors.voice(named: operation) as? any RemoteVoiceVendor,
            let settings = Value(json: try job.inputs.bytes("voice.json"))
        else { throw StepFailure(Diagnostic(.unavailable, "this epbuild has no such voice")) }
        let line = SpokenLine(try job.inputs.text("line.txt"), take: job.take.number, settings: settings)
        let spoken = try await vendor.speak(line, Serving(job, services))
        return JobResult(outputs: ["line.wav": .bytes(spoken.wav)], servedBy: spoken.servedBy, cost: spoken.cost, usage: spoken.usage)
    }

    private func operation(of vendor: any RemoteVoiceVendor) -> Step.Operation {
        .builtIn(tool: name, operation: vendor.name, revision: vendor.revision)
    }

    private func inputs(_ line: SpokenLine) -> [Step.Input] {
        [Step.Input("line.txt", text: line.text), Step.Input("voice.json", text: line.settings.json(indented: true))]
    }

    private func service(_ provider: ProviderConfiguration?, _ vendor: any RemoteVoiceVendor, _ line: SpokenLine, _ workspace: Workspace) -> Service {
        Service(provider, of: vendor.name, call: vendor.call(line, by: provider, PriceTable(workspace.prices), on: services.day))
    }

    /// What a parenthetical asks for and the voice cannot do is said.
    private func warn(of manner: Manner, _ vendor: any RemoteVoiceVendor, of speaker: String, in stage: StageContext) {
        let cannot = (manner.pitch != 0 ? ["another pitch"] : []) + (manner.rate != 0 && vendor.speeds == nil ? ["another speed"] : [])
        guard !cannot.isEmpty else { return }
        stage.warn(
            "\(vendor.name) has no voice of \(cannot.joined(separator: " or ")): what `delivery` says of it is left out", at: stage.element?.location,
            remedy: "give \(speaker) another voice, or take it out of `delivery` in show.yaml")
    }
}
