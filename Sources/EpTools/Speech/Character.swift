import EpCore
import EpPlan

/// Somebody who speaks, as the blueprint has them.
struct Character {
    let name: String
    let aliases: [String]
    /// One, or a list of those that it may have.
    let voice: Value

    /// The one that the show wishes for.
    var firstVoice: Value { voice.list?.first ?? voice }

    static func all(of blueprint: Value) -> [Character] {
        (blueprint["characters"]?.list ?? []).compactMap { character in
            guard let name = character["name"]?.string else { return nil }
            return Character(
                name: name, aliases: character["aliases"]?.list?.compactMap(\.string) ?? [], voice: character["voice"] ?? .object([]))
        }
    }

    /// - Throws: `Diagnostic` if nobody has that name.
    static func called(_ name: String, in blueprint: Value, at location: SourceLocation?) throws(Diagnostic) -> Character {
        let characters = all(of: blueprint)
        if let found = characters.first(where: { ([$0.name] + $0.aliases).contains { $0.lowercased() == name.lowercased() } }) {
            return found
        }
        throw Diagnostic(
            .badInput, "nobody in the show is called \"\(name)\"", at: location,
            remedy: Suggestion.remedy(for: name, in: characters.map(\.name)))
    }
}

/// Where a person wrote down whose voice a character has.
struct VoicePlace {
    private let voice: Node?

    init(of speaker: String, in stage: StageContext) {
        voice = Self.voices(in: stage.episode.node["overrides"]).first { $0.names.contains(speaker.lowercased()) }?.voice
            ?? Self.voices(in: stage.show.node).first { $0.names.contains(speaker.lowercased()) }?.voice
    }

    /// - Parameter language: as `voices:` has it.
    init(ofLanguage language: String, in stage: StageContext) {
        voice = stage.episode.node["overrides"]?["voices"]?[language] ?? stage.show.node["voices"]?[language]
    }

    private init(_ voice: Node?) { self.voice = voice }

    /// Of a list of voices, the place of one; of anything else, this place.
    func ofWish(_ index: Int) -> VoicePlace {
        guard case .list(let nodes) = voice?.content, nodes.indices.contains(index) else { return self }
        return VoicePlace(nodes[index])
    }

    /// Nil if it is not written down.
    subscript(key: String) -> SourceLocation? { voice?[key]?.location }

    /// The voices of languages: `voices: { de: { provider: …, voice: … } }`.
    static func languageVoices(in blueprint: Node?) -> [(names: [String], shown: String, voice: Node)] {
        guard case .object(let members) = blueprint?["voices"]?.content else { return [] }
        return members.filter { $0.value.value.members != nil || $0.value.value.list != nil }
            .map { ([$0.key], "the language \"\($0.key)\"", $0.value) }
    }

    /// The names of all characters.
    static func characters(in blueprint: Node) -> [String] {
        guard case .list(let nodes) = blueprint["characters"]?.content else { return [] }
        return nodes.compactMap { $0["name"]?.value.string }
    }

    /// The voices that a blueprint gives, or what an episode lays over it, with the names of their characters in lower case.
    static func voices(in blueprint: Node?) -> [(names: [String], shown: String, voice: Node)] {
        guard case .list(let nodes) = blueprint?["characters"]?.content else { return [] }
        return nodes.compactMap { node in
            guard let voice = node["voice"], voice.value != .null else { return nil }
            let names = [node["name"]?.value.string].compactMap { $0 } + (node["aliases"]?.value.list?.compactMap(\.string) ?? [])
            return (names.map { $0.lowercased() }, names.first ?? "a character", voice)
        }
    }
}
