import EpCore
import EpPlan
import EpProviders

/// Who speaks a line, and who does if that fails.
extension SpeechTool {
    /// Who is asked to speak for somebody, and how.
    struct Asked {
        /// Nil if the workspace names none.
        let provider: ProviderConfiguration?
        let vendor: any VoiceVendor
        /// The `voice:` of it.
        let settings: Value
        /// Where that is written.
        let place: VoicePlace
        let manner: Manner
        /// Whether it is to be told when each word is heard.
        let wantsWords: Bool
        /// The voice that was wished for more, and is not on this machine.
        var passedOver: PassedOver?
        /// The voices that are wished for less: they speak if this one fails.
        var others: ArraySlice<WishedVoice> = []

        /// As the voices of programs have it.
        var voice: Voice { Voice(settings, manner, usualName: vendor.usualVoice) }
        var name: String { provider?.name ?? vendor.name }
    }

    /// Of the voices that somebody may have, the first whose program is on this machine; the last if none is.
    ///
    /// That a program is not here is no failure, of which a record would stay: who installs it is spoken to by it in the next build.
    /// - Returns: nil until it is known which programs are here.
    func asked(for part: SpokenPart, in stage: StageContext) throws -> Asked? {
        var wishes = WishedVoice.all(in: part.voice, at: part.place)[...]
        var passedOver: PassedOver?
        while let wish = wishes.popFirst() {
            var asked = try asked(for: part, with: wish, in: stage)
            (asked.passedOver, asked.others) = (passedOver, wishes)
            guard !wishes.isEmpty, let vendor = asked.vendor as? any ProgramVoiceVendor else { return asked }
            guard stage.version(ifThere: vendor.program) != nil else { return nil }
            guard stage.isMissing(vendor.program) else { return asked }
            passedOver = passedOver ?? PassedOver(name: asked.name, remedy: vendor.program.remedy)
        }
        return nil
    }

    private func asked(for part: SpokenPart, with wish: WishedVoice, in stage: StageContext) throws -> Asked {
        let named = wish.settings["provider"]?.string
        let providers = stage.workspace.providers.filter { $0.tool == name.text }
        let provider = try named.map { named in providers.first { $0.name == named } } ?? stage.provider()
        let vendor = (provider?.use ?? named).map(vendors.voice(named:)) ?? vendors.voices.first
        guard let vendor else {
            let known = providers.map(\.name) + vendors.voices.map(\.name)
            throw Diagnostic(
                .badInput, "there is no kind of voice \"\(named ?? "")\"", at: wish.place["provider"] ?? stage.element?.location,
                remedy: Suggestion.remedy(for: named ?? "", in: known))
        }
        return Asked(
            provider: provider, vendor: vendor.configured(by: provider), settings: wish.settings, place: wish.place,
            manner: Manner(part.delivery, stage.blueprint), wantsWords: try Self.wantsWords(stage))
    }

    /// Who speaks if that fails: the voices that are wished for less, then the provider's fallbacks. Who cannot spell the line is left out.
    /// - Parameter listening: who listens to them; nil: nobody does yet.
    func fallbacks(
        of asked: Asked, saying part: SpokenPart, _ listening: Listening?, in stage: StageContext
    ) throws -> [Alternative] {
        let wished = try asked.others.compactMap { wish in
            let next = try self.asked(for: part, with: wish, in: stage)
            return try alternative(next, isWished: true, after: Set(FailureClass.allCases), saying: part, listening, in: stage)
        }
        return try wished + stage.workspace.fallbacks(of: asked.provider).compactMap { provider, classes in
            guard let vendor = vendors.voice(named: provider.use)?.configured(by: provider) else { return nil }
            let next = Asked(
                provider: provider, vendor: vendor, settings: asked.settings, place: asked.place, manner: asked.manner,
                wantsWords: asked.wantsWords)
            return try alternative(next, isWished: false, after: classes, saying: part, listening, in: stage)
        }
    }

    /// - Parameter isWished: the voice is its own. Else it is the first one's: it is spoken with only by who knows it, and of its other
    ///   keys no service is told.
    private func alternative(
        _ next: Asked, isWished: Bool, after classes: Set<FailureClass>, saying part: SpokenPart, _ listening: Listening?,
        in stage: StageContext
    ) throws -> Alternative? {
        let said = try said(part, by: next.vendor, next.provider, in: stage)
        guard let spelled = try? said.spelled(by: next.vendor, voice: next.voice.name) else { return nil }
        if let vendor = next.vendor as? any RemoteVoiceVendor {
            return fallback(on: vendor, next, isWished ? next.settings : [:], after: classes, saying: spelled, listening, in: stage)
        }
        guard let vendor = next.vendor as? any ProgramVoiceVendor else { return nil }
        let (named, program) = (next.voice, vendor.program)
        let lists = vendor.lists(for: named)
        let service = Service(
            next.provider, of: vendor.name, listener: listening?.check.provider, isChecked: vendor.programs.isEmpty || listening != nil)
        let place = next.place["voice"]
        return Alternative(service, after: classes, pool: next.provider?.pool ?? .cpu, programs: [program] + lists) { answers in
            let problem = vendor.problem(of: named, in: lists.compactMap { answers[$0] })
            if isWished, let problem { throw Self.unknown(problem, vendor, of: part.speaker, at: place) }
            let voice = problem == nil ? named : named.spoken(by: vendor.usualVoice)
            let work = vendor.speaking(spelled, voice)
            return Alternative.Work(
                work.operation, inputs: work.inputs + (listening.map { [$0.input] } ?? []),
                platform: (listening?.platform ?? [:]).merging([program.name: answers[program] ?? ""]) { $1 })
        }
    }

    static func unknown(
        _ problem: VoiceProblem, _ vendor: any ProgramVoiceVendor, of speaker: String, at location: SourceLocation?
    ) -> Diagnostic {
        Diagnostic(
            .badInput, "\(vendor.program.name) has no voice \"\(problem.unknown)\", with which \(speaker) is to speak", at: location,
            remedy: "\(problem.remedy) (`voice` of `characters` in show.yaml)")
    }
}
