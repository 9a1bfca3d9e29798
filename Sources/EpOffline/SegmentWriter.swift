import EpCore

/// Writes the scene of one beat as Fountain: a section heading, cues, and what the characters say.
struct SegmentWriter {
    private let beat: Beat
    private let source: Source
    /// How long a listener may think about a question.
    private let listenerPause: Double
    private var conversation: Conversation

    init(_ prompt: Prompt) throws(Diagnostic) {
        let cast = try Cast(prompt.yaml("Characters"))
        beat = try Beat(prompt.yaml("Beat"), cast: cast)
        let sounds = Sounds(try prompt.optionalYAML("Sounds"))
        source = Source([beat.excerpt])
        listenerPause = try prompt.optionalYAML("Show")?["listener_pause_seconds"]?.number ?? 0
        conversation = Conversation(cast: cast, sounds: sounds, remarks: beat.remarks, variation: prompt.variation)
        if source.sections.isEmpty, beat.quiz.isEmpty, beat.points.isEmpty, beat.question == nil, beat.scene.isEmpty {
            throw Prompt.problem(
                "the beat \"\(beat.title)\" has nothing to tell", line: 0, remedy: "give it points or an excerpt of the sources")
        }
    }

    func fragment() throws(Diagnostic) -> String {
        var writer = self
        writer.conversation.moment(beat.kind.rawValue, music: true)
        switch beat.kind {
        case .hello: writer.hello()
        case .explain: writer.explain()
        case .tryOut: writer.tryOut()
        case .recap: writer.recap()
        }
        return Fountain.text(chapter: beat.title, writer.conversation.elements)
    }

    private var cast: Cast { conversation.cast }

    private mutating func hello() {
        for sentence in beat.scene.flatMap(Sentence.split) { conversation.say(cast.narrator, sentence.text) }
        conversation.moment(beat.kind.rawValue, music: false)
        conversation.remark(.greets, by: cast.asker, "excited")
        conversation.remark(.greets, by: cast.explainer, "warmly")
        let sentences = source.sections.flatMap(\.sentences)
        for sentence in sentences where sentence.text != beat.question {
            conversation.tell(sentence.isQuestion ? cast.asker : cast.narrator, sentence)
        }
        let number = sentences.reversed().lazy.compactMap(\.bigNumber).first
        if let number { conversation.say(cast.asker, number + "!", "amazed") }
        if let question = beat.question { conversation.say(cast.asker, question, number == nil ? "curious" : nil) }
        conversation.remark(.promises, by: cast.explainer, "warmly")
    }

    private mutating func explain() {
        conversation.remark(.setsScene, by: cast.narrator)
        for (index, section) in source.sections.enumerated() {
            let heading = section.heading.map { Heading.question($0, names: source.names) }
            if let question = index == 0 ? beat.question ?? heading : heading {
                conversation.say(cast.asker, question, "curious")
            }
            if index == 0, !conversation.catchphrase(by: cast.explainer, "cheerfully") { conversation.remark(.starts, by: cast.explainer) }
            explain(section.sentences, afterQuestion: true)
        }
    }

    private mutating func explain(_ sentences: [Sentence], afterQuestion: Bool) {
        var explanation = Explanation(conversation)
        explanation.explain(sentences, afterQuestion: afterQuestion)
        conversation = explanation.conversation
    }

    /// What is needed and what to mind is said to the listener; the steps are done in turns.
    private mutating func tryOut() {
        if let question = beat.question { conversation.say(cast.asker, question, "curious") }
        conversation.catchphrase(by: cast.explainer, "cheerfully")
        conversation.remark(.invites, by: cast.explainer)
        for block in source.sections.flatMap(\.blocks) {
            switch block {
            case .steps(let steps): take(steps)
            case .paragraph(let sentences) where sentences.contains(where: isForListener): address(sentences)
            case .paragraph(let sentences): explain(sentences, afterQuestion: false)
            }
        }
    }

    /// The narrator, then the one who explains, speak to the listener; warnings are serious.
    private mutating func address(_ sentences: [Sentence]) {
        conversation.endTurn()
        let delivery = sentences.contains(where: Self.isWarning) ? "seriously" : nil
        for (index, sentence) in sentences.enumerated() {
            conversation.tell(index < 3 ? cast.narrator : cast.explainer, sentence, delivery)
        }
        conversation.endTurn()
    }

    /// Step by step in turns; the last, which makes it happen, belongs to the one who asks.
    private mutating func take(_ steps: [[Sentence]]) {
        for (index, step) in steps.enumerated() {
            let isLast = index == steps.count - 1 && index > 0
            let speaker = (steps.count - index).isMultiple(of: 2) ? cast.explainer : cast.asker
            let opening = isLast ? "And now:" : index == 0 ? "First," : ["Then", "Next,", "After that,"][(index - 1) % 3]
            for (number, sentence) in step.enumerated() {
                let hasOpening = ["first", "then", "next", "now", "finally", "after"].contains(sentence.bare[0])
                let text = number > 0 || hasOpening ? sentence.text : "\(opening) \(Words.lowered(sentence.text, unless: source.names))"
                conversation.tell(speaker, sentence, as: text, number == 0 && isLast ? "excited" : nil)
            }
        }
        conversation.remark(.cheers, by: cast.explainer, "excited")
        conversation.remark(.cheers, by: cast.asker, "amazed")
    }

    static func isWarning(_ sentence: Sentence) -> Bool {
        sentence.bare.contains { ["never", "careful", "nobody", "danger", "dangerous"].contains($0) }
    }

    private func isForListener(_ sentence: Sentence) -> Bool { Self.isWarning(sentence) || Move(sentence) == .toListener }

    private mutating func recap() {
        conversation.moment(beat.kind.rawValue, music: false)
        conversation.remark(.sumsUp, by: cast.narrator, "warmly")
        for (index, pair) in beat.quiz.enumerated() { ask(pair, index) }
        for (index, point) in beat.points.enumerated() {
            conversation.say(index.isMultiple(of: 2) ? cast.asker : cast.explainer, point)
        }
        conversation.remark(.goodbye, by: cast.asker, "cheerfully")
        conversation.remark(.goodbye, by: cast.explainer, "warmly")
    }

    /// Questions go back and forth; the third is for the listener.
    private mutating func ask(_ pair: Beat.Quiz, _ index: Int) {
        switch index % 3 {
        case 0:
            conversation.endTurn()
            conversation.say(cast.explainer, pair.question)
            conversation.say(cast.asker, pair.answer, "proudly")
            conversation.remark(.agrees, by: cast.explainer, "warmly")
        case 1:
            conversation.say(cast.asker, pair.question, "curious")
            conversation.say(cast.explainer, pair.answer)
        default:
            conversation.remark(.asksListener, by: cast.narrator, "whispering")
            conversation.say(cast.narrator, pair.question)
            conversation.pause(listenerPause)
            conversation.say(cast.asker, pair.answer, "proudly")
        }
    }
}
