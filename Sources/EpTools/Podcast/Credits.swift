import EpCore
import EpPlan
import EpProviders

/// Who really speaks the lines of an episode: what makes them says so, not what the blueprint asks for.
struct Credits {
    enum Heard: Hashable {
        /// Somebody who was recorded.
        case person
        /// - provider: `espeak`, or a program of the person's.
        case synthetic(provider: String, name: String)
    }

    private let stage: StageContext
    private let vendors: Vendors
    /// By speaker in lower case: each voice once, in the order of the lines.
    private(set) var voices: [String: [Heard]] = [:]
    /// True if a line may still be spoken by another than who is asked first.
    private var isOpen = false

    /// - Parameter mix: the stage that puts the lines together.
    /// - Returns: nil if its lines are not known yet, or who speaks them.
    init?(of mix: StageName, for stage: StageContext, _ vendors: Vendors) throws {
        (self.stage, self.vendors) = (stage, vendors)
        for reference in stage.definition(of: mix)?.from ?? [] {
            guard let artifacts = try stage.artifacts(of: reference.stage) else { return nil }
            guard artifacts.isFanOut else { continue }
            for item in artifacts.items {
                guard let speaker = item.element?.subject["speaker"]?.string, let file = item.files.first else { continue }
                let voice = voice(of: file.source) ?? written(speaker)
                isOpen = isOpen || stage.mayFallBack(file.source)
                if !voices[speaker.lowercased(), default: []].contains(voice) { voices[speaker.lowercased(), default: []].append(voice) }
            }
        }
        if isOpen { return nil }
    }

    /// To ask who speaks one sound or another.
    init(for stage: StageContext, _ vendors: Vendors) { (self.stage, self.vendors) = (stage, vendors) }

    /// The synthetic voices of a character; empty if only recordings of a person are heard.
    func synthetic(of character: Character) -> [(provider: String, name: String)] {
        let heard = ([character.name] + character.aliases).flatMap { voices[$0.lowercased()] ?? [] }
        var seen: Set<Heard> = []
        return (heard.isEmpty ? [written(character.name)] : heard).compactMap { voice in
            guard seen.insert(voice).inserted, case .synthetic(let provider, let name) = voice else { return nil }
            return (provider, name)
        }
    }

    private static let recordings: Set<String> = ["wav", "mp3", "flac", "ogg", "opus", "m4a", "aac", "aif", "aiff"]

    /// The voice of a sound: of what made it, or of a recording that it was made of. Nil if nothing tells.
    func voice(of source: ArtifactSource) -> Heard? {
        switch source {
        case .literal: return nil
        case .file(let file): return Self.recordings.contains(ArtifactRef(name: file.path, source: source).fileExtension) ? .person : nil
        case .output(let id, _):
            let step = stage.step(id)
            if let heard = spoken(step) { return heard }
            guard case .program(let arguments, _) = step.operation else {
                return step.inputs.lazy.compactMap { voice(of: $0.source) }.first
            }
            let programs = vendors.voices.compactMap { $0.configured(by: nil) as? any ProgramVoiceVendor }
            if let heard = programs.lazy.compactMap({ vendor in
                vendor.voice(of: arguments).map { Heard.synthetic(provider: vendor.name, name: $0) }
            }).first {
                return heard
            }
            return step.inputs.lazy.compactMap { voice(of: $0.source) }.first
                ?? .synthetic(provider: Self.program(of: step, arguments), name: "")
        }
    }

    /// The voice of a service; nil if a step asks none.
    private func spoken(_ step: Step) -> Heard? {
        guard case .builtIn(_, let operation, _) = step.operation, vendors.voice(named: operation) is any RemoteVoiceVendor,
            let input = step.inputs.first(where: { $0.label == "voice.json" }), case .literal(let bytes) = input.source,
            let settings = Value(json: bytes)
        else { return nil }
        let service = settings["service"]?.string ?? ""
        let provider = settings["vendor"]?.string ?? operation
        let names = [settings["model"]?.letters, settings["voice"]?.letters].compactMap { $0 }.filter { !$0.isEmpty }
        return .synthetic(
            provider: service == "local" || service.contains(provider) ? provider : "\(provider) at \(service)",
            name: names.joined(separator: " "))
    }

    /// A shell or an interpreter speaks for somebody else.
    private static let interpreters: Set<String> = ["sh", "bash", "env", "python3", "python", "node", "perl", "ruby"]

    private static func program(of step: Step, _ arguments: [String]) -> String {
        if let named = step.platform.keys.min() { return named }
        let name = arguments.first?.split(separator: "/").last.map(String.init) ?? ""
        return interpreters.contains(name) ? step.target.stage.text : name
    }

    /// The voice that the blueprint gives a speaker, or else the workspace's.
    private func written(_ speaker: String) -> Heard {
        let usual = vendors.voices.first?.name ?? ""
        let character = try? Character.called(speaker, in: stage.blueprint, at: nil)
        let named = character?.firstVoice["provider"]?.string ?? stage.workspace.providers.first { $0.tool == "tts" }?.name
        let vendor = vendors.voice(of: named ?? usual, in: stage.workspace)
        return .synthetic(
            provider: vendor?.name ?? named ?? usual,
            name: character.map { $0.firstVoice["voice"]?.string ?? vendor?.usualVoice ?? "" } ?? "")
    }
}

extension StageContext {
    /// True if what makes a sound, or what that is made of, is not made yet and may be made by another provider than the first.
    func mayFallBack(_ source: ArtifactSource) -> Bool {
        guard case .output(let id, _) = source else { return false }
        let step = step(id)
        return step.hasFallback && digest(of: source) == nil || step.inputs.contains { mayFallBack($0.source) }
    }
}
