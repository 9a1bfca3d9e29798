import EpCore
import EpPlan
import EpProviders

/// Who writes down what is said in a piece of a recording, as a step asks them.
struct Transcriber {
    let vendor: any TranscriberVendor
    /// Nil if the workspace names none.
    let provider: ProviderConfiguration?
    private let settings: Value
    /// Of its program, by name.
    private let platform: [String: String]
    private let vendors: Vendors

    private init(
        _ vendor: any TranscriberVendor, _ provider: ProviderConfiguration?, _ vendors: Vendors, language: String?,
        platform: [String: String] = [:]
    ) {
        let vendor = vendor.configured(by: provider)
        (self.vendor, self.provider, self.vendors, self.platform) = (vendor, provider, vendors, platform)
        settings = vendor.settings(of: provider, language: language)
    }

    private var program: Program? { (vendor as? any ProgramTranscriberVendor)?.program }

    /// The stage's provider, else the workspace's first, else the first program that is here.
    /// - Returns: nil until it is known.
    /// - Throws: `Diagnostic` if there is nobody.
    static func of(_ stage: StageContext, _ vendors: Vendors, language: String?) throws -> Transcriber? {
        if let provider = try stage.provider(), let vendor = vendors.transcriber(named: provider.use) {
            let found = Transcriber(vendor, provider, vendors, language: language)
            guard let program = found.program else { return found }
            let isSpared = !stage.workspace.fallbacks(of: provider).isEmpty
            guard let version = isSpared ? stage.version(ifThere: program) : stage.version(of: program) else { return nil }
            return Transcriber(vendor, provider, vendors, language: language, platform: [program.name: version])
        }
        let isEnglish = language.map { $0.lowercased().hasPrefix("en") } ?? true
        guard isEnglish else {
            throw Diagnostic(
                .unavailable,
                "the programs that listen on this machine know English alone, and stage \"\(stage.stage.name)\" is to hear "
                    + "\"\(language ?? "")\"",
                at: stage.stage.node["language"]?.location ?? stage.stage.location,
                remedy: "add a provider with `tool: transcribe` to epbuild.yaml")
        }
        let programs = vendors.transcribers.compactMap { $0 as? any ProgramTranscriberVendor }.filter { !$0.programs.isEmpty }
        for vendor in programs where !stage.isMissing(vendor.program) {
            return stage.version(ifThere: vendor.program).map {
                Transcriber(vendor, nil, vendors, language: language, platform: [vendor.program.name: $0])
            }
        }
        throw Diagnostic(
            .unavailable, "nobody on this machine can listen, as stage \"\(stage.stage.name)\" wants it", at: stage.stage.location,
            remedy:
                "epbuild providers install whisper; or apt-get install pocketsphinx pocketsphinx-en-us; or add a provider with `tool: "
                    + "transcribe` to epbuild.yaml"
        )
    }

    /// Adds the step that listens to one piece.
    func add(
        _ name: String, _ piece: ArtifactSource, seconds: Double, to stage: StageContext, of tool: ToolName, _ services: Services
    ) -> StepID {
        let inputs = [Step.Input("speech.wav", piece), input]
        let service = service(seconds: seconds, services)
        return stage.add(
            name, operation: operation(of: tool), inputs: inputs, outputs: ["heard.json"], platform: platform, pool: pool(of: service),
            service: service,
            fallbacks: fallbacks(piece, seconds: seconds, in: stage, of: tool, services))
    }

    private var input: Step.Input { Step.Input("transcriber.json", text: settings.json(indented: true)) }
    private func operation(of tool: ToolName) -> Step.Operation { .builtIn(tool: tool, operation: vendor.name, revision: vendor.revision) }
    private func pool(of service: Service) -> Pool { provider?.pool ?? (service.call == nil ? .cpu : .tts) }

    private func service(seconds: Double, _ services: Services) -> Service {
        let recording = SpeechRecording(wav: [], seconds: seconds, settings: settings)
        return Service(
            provider, of: vendor.name, call: vendor.call(recording, by: provider, PriceTable(provider?.prices ?? []), on: services.day))
    }

    /// Who listens if that fails, each with its own settings.
    private func fallbacks(
        _ piece: ArtifactSource, seconds: Double, in stage: StageContext, of tool: ToolName, _ services: Services
    ) -> [Alternative] {
        stage.workspace.fallbacks(of: provider).compactMap { next, classes in
            guard let vendor = vendors.transcriber(named: next.use) else { return nil }
            let other = Transcriber(vendor, next, vendors, language: settings["language"]?.letters)
            let service = other.service(seconds: seconds, services)
            let inputs = [Step.Input("speech.wav", piece), other.input]
            let program = other.program
            return Alternative(service, after: classes, pool: other.pool(of: service), programs: program.map { [$0] } ?? []) { answers in
                Alternative.Work(other.operation(of: tool), inputs: inputs, platform: program.map { [$0.name: answers[$0] ?? ""] } ?? [:])
            }
        }
    }
}
