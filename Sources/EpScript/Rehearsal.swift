import EpCore

/// Goes through a script once and notes what is heard: lines, chapters and cues.
struct Rehearsal {
    private(set) var lines: [Line] = []
    private(set) var chapters: [Chapter] = []
    private(set) var cues: [Cue] = []

    private let file: String
    private var speech: Speech?
    /// The chapter that is being heard: its title, first line and place.
    private var chapter: (title: String, first: Int, location: SourceLocation)?

    /// A speech, as far as it is not a line yet.
    private struct Speech {
        let speaker: String
        let isDual: Bool
        var location: SourceLocation
        var delivery = ""
        var text = ""
    }

    init(of elements: [Element], file: String) {
        self.file = file
        for element in elements where !element.kind.isMark { hear(element) }
        endLine()
        endChapter()
    }

    private mutating func hear(_ element: Element) {
        switch element.kind {
        case .dialogue, .lyrics(inSpeech: true): say(element.text)
        case .parenthetical: deliver(element)
        default:
            endLine()
            speech = nil
            hearOther(element)
        }
    }

    private mutating func hearOther(_ element: Element) {
        let location = element.span.location(in: file)
        switch element.kind {
        case .character(let isDual):
            speech = Speech(speaker: CharacterName.speaker(of: element.text), isDual: isDual, location: location)
        case .section(level: 1):
            endChapter()
            chapter = (Emphasis.spoken(element.text), lines.count, location)
        case .effect, .music:
            let kind = element.kind == .effect ? Cue.Kind.effect : .music
            let name = Emphasis.spoken(element.text)
            if !name.isEmpty { cues.append(Cue(kind: kind, name: name, beforeLine: lines.count, location: location)) }
        default: break
        }
    }

    private mutating func say(_ text: String) {
        let words = Emphasis.spoken(text)
        guard !words.isEmpty, let isFirst = speech?.text.isEmpty else { return }
        // In place: a speech may have any number of notes between its words.
        if isFirst { speech?.text = words } else { speech?.text.append(" " + words) }
    }

    private mutating func deliver(_ parenthetical: Element) {
        if speech?.text.isEmpty == false {
            endLine()
            speech?.location = parenthetical.span.location(in: file)
            speech?.delivery = ""
        }
        let delivery = Emphasis.spoken(parenthetical.text)
        guard !delivery.isEmpty, let isFirst = speech?.delivery.isEmpty else { return }
        if isFirst { speech?.delivery = delivery } else { speech?.delivery.append(", " + delivery) }
    }

    private mutating func endLine() {
        guard let speech, !speech.text.isEmpty else { return }
        if lines.isEmpty, chapter == nil { chapter = ("", 0, speech.location) }
        lines.append(
            Line(
                speaker: speech.speaker, text: speech.text, delivery: speech.delivery, isDual: speech.isDual,
                location: speech.location))
        self.speech?.text = ""
    }

    private mutating func endChapter() {
        guard let chapter else { return }
        chapters.append(Chapter(title: chapter.title, lines: chapter.first..<lines.count, location: chapter.location))
    }
}
