/// A scene while it is being written: who says what, in which manner, and what is heard beside it.
struct Conversation {
    struct Turn {
        let speaker: CastMember
        let delivery: String?
        var sentences: [String]
    }

    enum Element {
        case turn(Turn)
        case effect(String)
        case music(String)
        /// Nobody says anything, for so many seconds.
        case pause(Double)
    }

    let cast: Cast
    /// "" for the first take of an answer that nobody has rejected; any other text makes other choices.
    let variation: String
    var remarks: Remarks
    private(set) var elements: [Element] = []
    private let sounds: Sounds
    private var usedEffects: Set<String> = []
    private var isTurnOver = false

    init(cast: Cast, sounds: Sounds, remarks: Remarks, variation: String = "") {
        self.variation = variation
        self.cast = cast
        self.sounds = sounds
        self.remarks = remarks
    }

    /// The turn that would go on if the same character spoke again.
    var lastTurn: Turn? { if case .turn(let turn)? = elements.last { turn } else { nil } }

    /// Who spoke last, whatever was heard since.
    var lastSpeaker: String? {
        for element in elements.reversed() { if case .turn(let turn) = element { return turn.speaker.name } }
        return nil
    }

    /// Says something in the speaker's turn, or begins a turn.
    mutating func say(_ speaker: CastMember, _ text: String, _ delivery: String? = nil) {
        // A remark may be several sentences; it stays in one turn.
        let sentences = Sentence.split(text).map(\.text)
        guard !sentences.isEmpty else { return }
        let delivery = delivery.flatMap { speaker.forbiddenDeliveries.contains($0) ? nil : $0 }
        if !isTurnOver, var turn = lastTurn, turn.speaker.name == speaker.name, delivery == nil || delivery == turn.delivery,
            turn.sentences.count + sentences.count <= speaker.sentenceLimit
        {
            turn.sentences += sentences
            elements[elements.count - 1] = .turn(turn)
        } else {
            elements.append(.turn(Turn(speaker: speaker, delivery: delivery, sentences: sentences)))
        }
        isTurnOver = false
    }

    /// Whoever speaks next begins a turn.
    mutating func endTurn() { isTurnOver = true }

    /// Lets a listener think.
    mutating func pause(_ seconds: Double) { if seconds > 0 { elements.append(.pause(seconds)) } }

    /// Says a sentence of the source, and lets the effect sound that belongs to it.
    mutating func tell(_ speaker: CastMember, _ sentence: Sentence, as text: String? = nil, _ delivery: String? = nil) {
        say(speaker, text ?? sentence.text, delivery)
        if let effect = sounds.effect(for: sentence, except: usedEffects) {
            usedEffects.insert(effect)
            elements.append(.effect(effect))
        }
    }

    /// Says one of the remarks that are left, if there is one.
    @discardableResult
    mutating func remark(_ talk: Talk, by speaker: CastMember, _ delivery: String? = nil, word: String? = nil) -> Bool {
        guard let phrase = remarks.take(talk, from: speaker) else { return false }
        say(speaker, Self.filled(phrase, word: word ?? ""), delivery)
        return true
    }

    /// Says the catchphrase that the scene has for this speaker, if it has one.
    @discardableResult
    mutating func catchphrase(by speaker: CastMember, _ delivery: String? = nil) -> Bool {
        guard let phrase = remarks.takeCatchphrase(of: speaker) else { return false }
        say(speaker, phrase, delivery)
        return true
    }

    /// The effect and the music that belong to a moment such as `hello`.
    mutating func moment(_ name: String, music: Bool) {
        if music {
            if let name = Sounds.moment(name, in: sounds.music) { elements.append(.music(name)) }
        } else if let effect = Sounds.moment(name, in: sounds.effects) {
            usedEffects.insert(effect)
            elements.append(.effect(effect))
        }
    }

    /// `{word}` stands for a word, with a capital where it begins a sentence.
    private static func filled(_ phrase: String, word: String) -> String {
        var words = Words.split(phrase)
        for index in words.indices {
            let parts = words[index].utf8.split(separator: UInt8(ascii: "{"), omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1].starts(with: "word}".utf8) else { continue }
            let begins = index == 0 || words[index - 1].utf8.last.map { ".!?".utf8.contains($0) } ?? false
            words[index] = String(decoding: parts[0], as: UTF8.self) + (begins ? Words.capitalized(word) : word)
                + String(decoding: parts[1].dropFirst("word}".utf8.count), as: UTF8.self)
        }
        return words.joined(separator: " ")
    }
}
