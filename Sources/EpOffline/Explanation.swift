/// How a conversation explains: it gives the sentences of a source to those who would say them, and puts between them
/// what a listener would ask.
struct Explanation {
    private(set) var conversation: Conversation
    private var uses: [Int: Int] = [:]
    private var owesAgreement = false
    private var hasMarvelled = false

    init(_ conversation: Conversation) { self.conversation = conversation }

    private var cast: Cast { conversation.cast }

    /// Tells all of it, and lets the listener have understood it at the end.
    /// - Parameter afterQuestion: it begins with the answer to a question that was just asked.
    mutating func explain(_ sentences: [Sentence], afterQuestion: Bool) {
        for (index, sentence) in sentences.enumerated() { tell(sentence, isAnswer: afterQuestion && index == 0) }
        finish()
    }

    private mutating func tell(_ sentence: Sentence, isAnswer: Bool) {
        var move = Move(sentence)
        // What answers a question is said plainly.
        if isAnswer, move != .question { move = .statement }
        if uses[move.form, default: 0] >= move.limit || !fits(move) { move = .statement }
        uses[move.form, default: 0] += 1
        switch move {
        case .question: conversation.say(cast.asker, sentence.text, "curious")
        case .mistake(let belief): conversation.say(cast.asker, "I always thought that \(belief)", "curious")
        case .conclusion(let text): conclude(sentence, text)
        case .completed(let first, let rest):
            answer(first)
            conclude(sentence, rest)
        case .reason(let fact, let reason):
            answer(fact)
            if !conversation.remark(.asksWhy, by: cast.asker, "curious") { conversation.say(cast.asker, "Why?", "curious") }
            conversation.tell(cast.explainer, sentence, as: reason)
        case .condition(let question, let text):
            conversation.say(cast.asker, question, "curious")
            conversation.tell(cast.explainer, sentence, as: text)
        case .name(let word, let noun): name(sentence, word, noun)
        case .toListener: state(sentence, preferred: cast.narrator)
        case .statement: state(sentence, preferred: cast.explainer)
        }
        marvel(at: sentence)
    }

    /// Some forms need somebody else to have spoken just before.
    private func fits(_ move: Move) -> Bool {
        let askerSpoke = conversation.lastSpeaker == cast.asker.name
        switch move {
        case .conclusion, .condition: return !askerSpoke
        default: return true
        }
    }

    private mutating func conclude(_ sentence: Sentence, _ text: String) {
        conversation.tell(cast.asker, sentence, as: text, "excited")
        owesAgreement = true
    }

    private mutating func name(_ sentence: Sentence, _ word: String, _ noun: String?) {
        if let noun, conversation.lastSpeaker != cast.asker.name {
            conversation.say(cast.asker, "Does that \(noun) have a name?", "curious")
        }
        answer(sentence.text)
        conversation.remark(.triesWord, by: cast.asker, "slowly", word: word)
    }

    /// The one who explains goes on, first agreeing with a conclusion that was just drawn.
    private mutating func answer(_ text: String) {
        if owesAgreement { conversation.remark(.agrees, by: cast.explainer, "warmly") }
        owesAgreement = false
        conversation.say(cast.explainer, text)
    }

    /// A plain sentence. After two by the same speaker another goes on, or somebody asks for more.
    private mutating func state(_ sentence: Sentence, preferred: CastMember) {
        var speaker = preferred
        if owesAgreement {
            conversation.remark(.agrees, by: cast.explainer, "warmly")
            owesAgreement = false
            speaker = cast.explainer
        } else if let turn = conversation.lastTurn, turn.speaker.name == speaker.name, isLong(turn, with: sentence) {
            let goesOn = ["then", "next", "after", "now"].contains(sentence.bare[0])
            let mayAsk = goesOn || sentence.bare[0] != "but" && StableHash.of(sentence.text + conversation.variation).isMultiple(of: 3)
            if mayAsk, conversation.remark(.wonders, by: cast.asker, "curious") {
                speaker = cast.explainer
            } else {
                speaker = turn.speaker.name == cast.explainer.name ? cast.narrator : cast.explainer
            }
        } else if let turn = conversation.lastTurn, turn.speaker.name == cast.narrator.name, turn.sentences.count < 2,
            sentence.isDependent
        {
            speaker = cast.narrator
        }
        conversation.tell(speaker, sentence)
    }

    /// A child listens to three short sentences at a time.
    private func isLong(_ turn: Conversation.Turn, with sentence: Sentence) -> Bool {
        let words = turn.sentences.reduce(sentence.words.count) { $0 + Words.split($1).count }
        return turn.sentences.count >= 3 || words > 34
    }

    /// Once in a scene somebody repeats a number that astonishes.
    private mutating func marvel(at sentence: Sentence) {
        guard !hasMarvelled, !owesAgreement, conversation.lastSpeaker != cast.asker.name, let number = sentence.bigNumber else { return }
        hasMarvelled = true
        conversation.say(cast.asker, number + "!", "amazed")
        if !conversation.catchphrase(by: cast.asker) { conversation.remark(.marvels, by: cast.asker) }
    }

    private mutating func finish() {
        if owesAgreement {
            conversation.remark(.agrees, by: cast.explainer, "warmly")
            owesAgreement = false
        } else if conversation.lastSpeaker != cast.asker.name {
            let delivery = conversation.catchphrase(by: cast.asker, "excited") ? nil : "cheerfully"
            conversation.remark(.understands, by: cast.asker, delivery)
        }
    }
}
