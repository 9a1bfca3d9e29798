import EpCore

/// The effects and the music that a show has, and when to use each: `when` lists words of the text ("let go, launch")
/// or moments (`hello`, `explain`, `try`, `recap`, `opening`, `closing`).
struct Sounds {
    struct Cue {
        let name: String
        let when: [[String]]
    }

    let effects: [Cue]
    let music: [Cue]

    init(_ value: Value?) {
        effects = Self.cues(value?["effects"])
        music = Self.cues(value?["music"])
    }

    /// The effect for what is being said, which no other sentence of the scene has used.
    func effect(for sentence: Sentence, except used: Set<String>) -> String? {
        effects.first { cue in
            !used.contains(cue.name) && cue.when.contains { Self.contains($0, in: sentence.bare) }
        }?.name
    }

    static func moment(_ name: String, in cues: [Cue]) -> String? {
        cues.first { $0.when.contains([name]) }?.name
    }

    private static func contains(_ phrase: [String], in words: [String]) -> Bool {
        guard let first = phrase.first, !Beat.moments.contains(first) else { return false }
        return words.indices.contains { words[$0...].starts(with: phrase) }
    }

    private static func cues(_ value: Value?) -> [Cue] {
        (value?.list ?? []).compactMap { cue in
            guard let name = cue["name"].text else { return nil }
            let when = cue["when"]?.string ?? ""
            return Cue(name: name, when: when.utf8.split(separator: UInt8(ascii: ",")).map {
                Words.split(String(decoding: $0, as: UTF8.self)).map(Words.bare)
            })
        }
    }
}
