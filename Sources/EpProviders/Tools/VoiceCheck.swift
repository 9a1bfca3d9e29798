import EpCore
import EpPlan

/// Whether a program has a voice: where it does not know one, it would speak with another and say nothing.
struct VoiceCheck {
    private let stage: StageContext

    private static let espeakVoices = Program("espeak-ng", versionArguments: ["--voices"], package: "espeak-ng", answer: .list)
    private static let espeakVariants = Program("espeak-ng", versionArguments: ["--voices=variant"], package: "espeak-ng", answer: .list)
    /// What it prints is one line: `Voices available: kal awb …`.
    private static let fliteVoices = Program("flite", versionArguments: ["-lv"], package: "flite", answer: .list)

    init(_ stage: StageContext) { self.stage = stage }

    /// - Parameter location: where the voice is named.
    /// - Returns: false until the program has been asked. Of one that is not there, whose part another may play, nothing can be said.
    /// - Throws: `Diagnostic` if it has no such voice.
    func hasVoice(_ voice: Voice, of speaker: String, at location: SourceLocation?) throws -> Bool {
        voice.use == "flite" ? try fliteHas(voice, of: speaker, at: location) : try espeakHas(voice, of: speaker, at: location)
    }

    private func fliteHas(_ voice: Voice, of speaker: String, at location: SourceLocation?) throws -> Bool {
        guard let list = stage.version(of: Self.fliteVoices) else { return false }
        if stage.isMissing(Self.fliteVoices) { return true }
        let names = list.split(whereSeparator: \.isWhitespace).map(String.init).filter { !["Voices", "available:"].contains($0) }
        if names.contains(voice.name) { return true }
        throw missing(voice.name, of: "flite", speaker, Suggestion.remedy(for: voice.name, in: names), at: location)
    }

    private func espeakHas(_ voice: Voice, of speaker: String, at location: SourceLocation?) throws -> Bool {
        let variants = EspeakVoices.hasVariant(voice.name) ? stage.version(of: Self.espeakVariants) : ""
        guard let list = stage.version(of: Self.espeakVoices), let variants else { return false }
        if stage.isMissing(Self.espeakVoices) || stage.isMissing(Self.espeakVariants) { return true }
        guard let (unknown, remedy) = EspeakVoices.problem(of: voice.name, in: list, variants: variants) else { return true }
        throw missing(unknown, of: "espeak-ng", speaker, remedy, at: location)
    }

    private func missing(_ voice: String, of program: String, _ speaker: String, _ remedy: String, at location: SourceLocation?) -> Diagnostic {
        Diagnostic(
            .badInput, "\(program) has no voice \"\(voice)\", with which \(speaker) is to speak", at: location,
            remedy: "\(remedy) (`voice` of `characters` in show.yaml)")
    }
}

/// Where a person wrote down whose voice a character has.
struct VoicePlace {
    private let voice: Node?

    init(of speaker: String, in stage: StageContext) {
        let characters = stage.episode.node["overrides"]?["characters"] ?? stage.show.node["characters"]
        guard case .list(let nodes) = characters?.content else {
            voice = nil
            return
        }
        voice = nodes.first { node in
            let aliases = node["aliases"]?.value.list?.compactMap(\.string) ?? []
            return ([node["name"]?.value.string].compactMap { $0 } + aliases).contains { $0.lowercased() == speaker.lowercased() }
        }?["voice"]
    }

    /// Nil if it is not written down.
    subscript(key: String) -> SourceLocation? { voice?[key]?.location }
}
