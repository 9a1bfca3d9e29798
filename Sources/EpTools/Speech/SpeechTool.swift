public import EpCore
public import EpPlan
public import EpProviders
import EpScript
import EpSound

/// `tool: tts`: one line of a script, spoken.
///
/// A line's address holds its text, its voice, rate and pitch, and the program's version; not the script, the
/// speaker's name or the line's place. What is known of a vendor stands with the vendor.
public struct SpeechTool: Tool {
    public let name = ToolName("tts")
    public let keys = ["check", "provider", "words"]
    public var providerKinds: [String: [ProviderKind]] { vendors.kinds(of: "tts", "transcribe") }
    let vendors: Vendors

    let services: Services

    public init(_ vendors: Vendors, _ services: Services) { (self.vendors, self.services) = (vendors, services) }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let part = try SpokenPart(stage), (text, speaker) = (part.text, part.speaker)
        if let seconds = try part.silence(stage) { return silence(seconds, in: stage) }
        if let problem = SpeechMarkup.problem(in: text, at: stage.element?.location) { throw problem }
        guard let asked = try SpeakerVoices.of(stage).asked(for: part, { try asked(for: part, in: stage) }) else { return nil }
        let spelled = try Self.spelled(
            try said(part, by: asked.vendor, asked.provider, in: stage), by: asked.vendor, asked.voice.name, of: speaker, in: stage)
        warn(ofStressed: spelled, asked, in: stage)
        warn(ofMannerOf: speaker, asked, in: stage)
        guard let listener = try listeners(of: stage) else { return nil }
        let fallbacks = try fallbacks(of: asked, saying: part, nil, in: stage)
        // A draft must know every voice that is here: one may have to speak for another.
        guard !stage.isDraft || programVoices.map({ stage.version(of: $0.program) }).allSatisfy({ $0 != nil }) else { return nil }
        guard let line = try spoken(spelled, asked, fallbacks, of: speaker, in: stage) else { return nil }
        guard let listening = listener.first else { return timed(line, saying: spelled, asked, of: speaker, in: stage) }
        let others = again(spelled, asked, listening, in: stage) + (try self.fallbacks(of: asked, saying: part, listening, in: stage))
        let heard = add(listening, to: line, saying: spelled.text, asked, others, in: stage)
        return timed(heard, saying: spelled, asked, of: speaker, in: stage)
    }

    /// Adds the step that speaks a line.
    /// - Returns: nil if something about the voice is not known yet.
    private func spoken(
        _ spelled: StressedText, _ asked: Asked, _ fallbacks: [Alternative], of speaker: String, in stage: StageContext
    ) throws -> [ArtifactRef]? {
        let place = asked.place
        if let vendor = asked.vendor as? any RemoteVoiceVendor {
            return try add(spelled, by: vendor, asked, fallbacks, of: speaker, in: stage)
        }
        guard let vendor = asked.vendor as? any ProgramVoiceVendor else {
            throw Diagnostic(
                .unavailable, "\(asked.vendor.name) is neither a program nor a service", at: place["provider"] ?? stage.element?.location)
        }
        let voice = asked.voice, isSpared = !fallbacks.isEmpty
        guard let version = Self.version(of: vendor.program, isSpared: isSpared, in: stage),
            try stage.isMissing(vendor.program)
                || hasVoice(voice, vendor, of: speaker, in: stage, at: place["voice"] ?? stage.element?.location, isSpared: isSpared)
        else { return nil }
        let work = vendor.speaking(spelled, voice)
        let step = stage.add(
            operation: work.operation, inputs: work.inputs, outputs: ["line.wav"], platform: [vendor.program.name: version],
            pool: asked.provider?.pool ?? .cpu, reasons: voice.reasons(for: speaker, vendor),
            service: Service(asked.provider, of: vendor.name, isChecked: vendor.programs.isEmpty, passedOver: asked.passedOver),
            fallbacks: fallbacks)
        return [ArtifactRef(name: "line.wav", source: .output(step, path: "line.wav"))]
    }

    /// A line as the show's `lexicon:` has a voice say it.
    func said(
        _ part: SpokenPart, by vendor: any VoiceVendor, _ provider: ProviderConfiguration?, in stage: StageContext
    ) throws -> StressedText {
        guard stage.blueprint["lexicon"] != nil else { return part.said() }
        let language = part.isScene ? try stage.language() : stage.blueprint["language"]?.string
        let names = [part.speaker, provider?.name, vendor.name].compactMap(\.self)
        return part.said(SpeakerVoices.of(stage).lexicon(for: names, language: language ?? "", in: stage).said)
    }

    /// Those that are programs whatever the workspace says.
    private var programVoices: [any ProgramVoiceVendor] {
        vendors.voices.compactMap { $0 as? any ProgramVoiceVendor }.filter { !$0.programs.isEmpty }
    }

    /// - Parameter isSpared: another speaks if the program is not there.
    private static func version(of program: Program, isSpared: Bool, in stage: StageContext) -> String? {
        isSpared ? stage.version(ifThere: program) : stage.version(of: program)
    }

    /// What is wrong with the voices of a blueprint, each at its place.
    public func problems(in blueprint: Node, of workspace: Workspace) -> [Diagnostic] {
        let first = workspace.providers.first { $0.tool == name.text }
        let speakers = VoicePlace.characters(in: blueprint)
        let names = speakers + workspace.providers.filter { $0.tool == name.text }.map(\.name) + vendors.voices.map(\.name)
        return Lexicon.problems(in: blueprint, names: names)
            + (VoicePlace.voices(in: blueprint) + VoicePlace.languageVoices(in: blueprint)).flatMap { _, shown, voice in
                WishedVoice.problems(of: voice, shown) { try check($0, "the voice of \(shown)", first, in: workspace) }
            }
    }

    /// - Throws: `DiagnosticList` with what is wrong in one voice.
    private func check(_ voice: Node, _ subject: String, _ first: ProviderConfiguration?, in workspace: Workspace) throws {
        var fields = try Fields(voice, subject: subject)
        let provider = fields.text("provider")
        // Of one that is not there, the line says so that is to be spoken with it.
        let usual = first.flatMap { vendors.voice(named: $0.use)?.configured(by: $0) } ?? vendors.voices.first
        guard let vendor = provider.map({ vendors.voice(of: $0, in: workspace) }) ?? usual else {
            if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
            return
        }
        vendor.checkVoice(&fields)
        try fields.finish()
    }

    /// - Throws: `Diagnostic` at the line if it cannot be spoken, or not all of it.
    private static func spelled(
        _ said: StressedText, by vendor: any VoiceVendor, _ voice: String, of speaker: String, in stage: StageContext
    ) throws -> StressedText {
        do {
            return try said.spelled(by: vendor, voice: voice)
        } catch .nothing {
            throw Diagnostic(
                .badInput, "nothing in this line of \(speaker) can be spoken: \"\(said.text)\"", at: stage.element?.location,
                remedy: "write it in words, or take the line out")
        } catch .words(let words) {
            let shown =
                words.prefix(3).map { "\"\($0)\"" }.joined(separator: ", ") + (words.count > 3 ? " and \(words.count - 3) more" : "")
            let other = vendor.name == "espeak" ? "" : ", such as espeak's"
            throw Diagnostic(
                .badInput, "\(vendor.name) cannot speak \(shown), and would leave it out", at: stage.element?.location,
                remedy: "give \(speaker) another voice (`characters` in show.yaml)\(other), or write it in Latin letters and words")
        }
    }

    /// Whether the program has a voice: where it does not know one, it would speak with another and say nothing.
    /// - Parameter location: where the voice is named.
    /// - Returns: false until the program has been asked. Of one that is not there, whose part another may play, nothing can be said.
    /// - Throws: `Diagnostic` if it has no such voice.
    private func hasVoice(
        _ voice: Voice, _ vendor: any ProgramVoiceVendor, of speaker: String, in stage: StageContext, at location: SourceLocation?,
        isSpared: Bool
    ) throws -> Bool {
        let programs = vendor.lists(for: voice)
        let lists = programs.map { Self.version(of: $0, isSpared: isSpared, in: stage) }
        guard !lists.contains(nil) else { return false }
        guard !programs.contains(where: stage.isMissing), let problem = vendor.problem(of: voice, in: lists.compactMap { $0 }) else {
            return true
        }
        throw Self.unknown(problem, vendor, of: speaker, at: location)
    }

    /// Another voice of this machine, else silence for about as long as the line would last.
    public func placeholders(for step: Step, in stage: StageContext) -> [Alternative] {
        let part = try? SpokenPart(stage)
        let others = programVoices.filter { step.platform[$0.program.name] == nil && !stage.isMissing($0.program) }
        let voices = others.compactMap { vendor -> Alternative? in
            guard let part, let asked = try? asked(for: part, in: stage), let version = stage.version(of: vendor.program),
                let spelled = try? said(part, by: vendor, nil, in: stage).spelled(by: vendor, voice: vendor.usualVoice)
            else { return nil }
            let work = vendor.speaking(spelled, asked.voice.spoken(by: vendor.usualVoice))
            return Alternative(
                placeholder: "the voice of \(vendor.program.name)", operation: work.operation, inputs: work.inputs,
                platform: [vendor.program.name: version])
        }
        return voices + [Alternative(placeholder: "silence", by: name, "silence", inputs: step.inputs)]
    }

    /// What a program has spoken of which nothing is known is kept as WAV, if it can be speech at all, and is heard right.
    public func oversee(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        guard job.step.service?.isChecked == true else { return try await speak(job, run).wordless(for: job.step) }
        let text = try job.inputs.text("line.txt"), name = job.step.service?.name ?? job.step.platform.keys.min() ?? "the program"
        return try await ProgramAttempts(job, services).run({ try await speak(job, run) }) { result in
            guard let sound = try result.bytes(of: "line.wav") else { return result }
            let wav = try SpokenCheck.wav(ofProgram: sound, saying: text, by: name)
            if job.isToBeHeard { _ = try await check(of: job).listen(to: wav, saying: text, job, services) }
            var kept = result.wordless(for: job.step)
            if wav != sound { kept.outputs["line.wav"] = .bytes(wav) }
            return kept
        }
    }

    /// Makes the silence of a placeholder, listens, or asks a service: anything else is a program's work.
    public func run(_ job: Job) async throws -> JobResult {
        if case .builtIn(_, Self.heard, _) = job.step.operation { return try await listen(job) }
        if case .builtIn(_, LineHearing.operation, _) = job.step.operation { return try await transcribe(job) }
        if case .builtIn(_, Self.silent, _) = job.step.operation { return try silence(job) }
        if !job.step.isPlaceholder { return try await ask(job) }
        let seconds = ScriptReport.seconds(speaking: try job.inputs.text("line.txt"))
        return JobResult(outputs: ["line.wav": .bytes(Silence.wav(seconds: seconds))], servedBy: "epbuild placeholder").wordless(
            for: job.step)
    }
}

extension JobResult {
    /// The same with no words, where a step that tells them is served by somebody who does not.
    fileprivate func wordless(for step: Step) -> JobResult {
        guard step.outputs.contains("words.json"), outputs["words.json"] == nil else { return self }
        var result = self
        result.outputs["words.json"] = .bytes(Array("[]".utf8))
        return result
    }
}

extension Voice {
    /// What explains the command that speaks with it.
    fileprivate func reasons(for speaker: String, _ vendor: any ProgramVoiceVendor) -> [Step.Reason] {
        let parts = [
            ("voice", "\(vendor.name) \(name)"), ("rate", "\(rate) words a minute"), ("pitch", pitch.map { "\($0)" } ?? "the voice's own"),
        ]
        return parts.map { Step.Reason("\($0) of \(speaker)", $1, of: "command") }
    }
}
