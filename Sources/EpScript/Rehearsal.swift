import EpCore

/// Goes through a script once and notes what is heard: lines, chapters, cues and directions.
struct Rehearsal {
    private(set) var lines: [Line] = []
    private(set) var chapters: [Chapter] = []
    private(set) var cues: [Cue] = []
    private(set) var directions: [Direction] = []

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
        /// The numbers of its words that have emphasis.
        var stressed: [Int] = []
        /// A pause or a recording has ended a line of it: the delivery goes on, unless another follows.
        var isContinued = false
    }

    init(of elements: [Element], file: String) {
        self.file = file
        var rest = elements[...]
        while let element = rest.popFirst() {
            if element.kind == .note { direct(element) }
            guard !element.kind.isMark else { continue }
            let marks = rest.prefix(while: \.isInline)
            if element.kind.isSaid, let text = DirectedText(element, marks: marks) {
                for stretch in text.stretches { say(stretch) }
                rest = rest.dropFirst(marks.count)
            } else {
                hear(element)
            }
        }
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
        if let stressed = Emphasis.stressed(text) { add(stressed: stressed) } else { add(Emphasis.spoken(text)) }
    }

    /// - Parameter stressed: words, with `Emphasis.stress`.
    private mutating func add(stressed: String) {
        let before = wordCount
        for (number, word) in stressed.split(separator: " ").enumerated() where word.unicodeScalars.contains(Emphasis.stress) {
            speech?.stressed.append(before + number)
        }
        add(String(String.UnicodeScalarView(stressed.unicodeScalars.filter { $0 != Emphasis.stress })))
    }

    private mutating func add(_ words: String) {
        guard !words.isEmpty, let isFirst = speech?.text.isEmpty else { return }
        // In place: a speech may have any number of notes between its words.
        if isFirst { speech?.text = words } else { speech?.text.append(" " + words) }
    }

    /// Words with directions between them. What is said after a pause or a recording is another line.
    private mutating func say(_ stretch: DirectedText.Stretch) {
        let before = wordCount
        add(stressed: stretch.text)
        for effect in stretch.effects { direct(.effect(effect.name), at: effect.note, word: before + effect.word) }
        if let end = stretch.end { direct(end.kind, at: end.note) }
    }

    /// A note between elements, or in one that is not said.
    private mutating func direct(_ note: Element) {
        guard case .direction(let kind) = DirectionNote(note.text) else { return }
        direct(kind, at: note, word: wordCount)
    }

    private mutating func direct(_ kind: Direction.Kind, at note: Element, word: Int = 0) {
        let location = note.span.location(in: file)
        var word = word
        if kind.endsLine {
            word = 0
            if speech?.text.isEmpty == false {
                endLine()
                speech?.location = location
                speech?.isContinued = true
            }
        }
        directions.append(Direction(kind: kind, line: lines.count, word: word, location: location))
    }

    /// Words of the line that is being said.
    private var wordCount: Int { speech?.text.utf8.split(separator: .space).count ?? 0 }

    private mutating func deliver(_ parenthetical: Element) {
        let isContinued = speech?.isContinued == true
        if isContinued || speech?.text.isEmpty == false {
            endLine()
            speech?.location = parenthetical.span.location(in: file)
            speech?.delivery = ""
            speech?.isContinued = false
        }
        let delivery = Emphasis.spoken(parenthetical.text)
        guard !delivery.isEmpty, let isFirst = speech?.delivery.isEmpty else { return }
        if isFirst { speech?.delivery = delivery } else { speech?.delivery.append(", " + delivery) }
    }

    private mutating func endLine() {
        guard let speech, !speech.text.isEmpty else { return }
        if lines.isEmpty, chapter == nil { chapter = ("", 0, speech.location) }
        // Where all words stand out, none does.
        let stressed = speech.stressed.count == wordCount ? [] : speech.stressed
        lines.append(
            Line(
                speaker: speech.speaker, text: speech.text, delivery: speech.delivery, stressed: stressed, isDual: speech.isDual,
                location: speech.location))
        self.speech?.text = ""
        self.speech?.stressed = []
    }

    private mutating func endChapter() {
        guard let chapter else { return }
        chapters.append(Chapter(title: chapter.title, lines: chapter.first..<lines.count, location: chapter.location))
    }
}
