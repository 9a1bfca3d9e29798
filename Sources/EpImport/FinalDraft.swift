/// A Final Draft screenplay (`.fdx`): paragraphs that say what they are.
final class FinalDraft: XMLHandler {
    private(set) var pieces: [Placed] = []
    private(set) var titlePage: [(key: String, value: String)] = []
    private(set) var doubts: Doubts

    /// The elements that are open.
    private var path: [String] = []
    /// Paragraphs that are open: they nest for dual dialogue, notes and summaries.
    private var paragraphs: [(type: String, text: String, place: Place)] = []
    private var count = 0
    private var titles: [String] = []
    private var speech: (speech: Speech, place: Place)?
    private var isSecondOfTwo = false
    private var isRoot = false

    static func read(_ bytes: [UInt8], doubts: Doubts) throws -> FinalDraft {
        let reader = FinalDraft(doubts)
        try XMLReader.read(bytes, reader)
        guard reader.isRoot else { throw XMLReader.Problem(what: "is XML, but not of Final Draft") }
        reader.endSpeech()
        reader.makeTitlePage()
        return reader
    }

    private init(_ doubts: Doubts) { self.doubts = doubts }

    // MARK: events

    func begin(_ name: String, _ attributes: [String: String]) {
        if path.isEmpty { isRoot = name == "FinalDraft" }
        path.append(name)
        switch name {
        case "Paragraph":
            if !isInside("ScriptNote"), !isInside("HeaderAndFooter") { count += 1 }
            paragraphs.append((attributes["Type"] ?? "General", "", Place(count)))
        case "DualDialogue": isSecondOfTwo = false
        case "Text" where attributes["Style"]?.contains("Strikeout") == true && !paragraphs.isEmpty:
            doubts.note(.struck, at: Place(count))
        default: break
        }
    }

    func text(_ text: String) {
        guard path.last == "Text", let last = paragraphs.indices.last else { return }
        paragraphs[last].text += text
    }

    func end(_ name: String) {
        path.removeLast()
        if name == "DualDialogue" { endSpeech() }
        guard name == "Paragraph", let paragraph = paragraphs.popLast() else { return }
        let text = paragraph.text.folded
        if text.isEmpty { return }
        if isInside("HeaderAndFooter") {
            if text.contains(where: \.isLetter) {
                doubts.note(
                    "the words \(text.excerpt) at the edge of the pages are left out", at: nil,
                    remedy: "nothing, if they are not to be heard")
            }
            return
        }
        if isInside("TitlePage") { return titles.append(text) }
        if isInside("ScriptNote") {
            doubts.note("the note \(text.excerpt) is left out", at: Place(max(1, count)), remedy: "write it as a [[note]] if it is wanted")
        } else if isInside("Summary") {
            // It stands inside of its heading, which has not ended.
            summaries.append((text, paragraph.place))
        } else if isInside("Content") {
            add(paragraph.type, text, paragraph.place)
            summaries.forEach { pieces.append(Placed(piece: .synopsis($0.text), place: $0.place)) }
            summaries = []
        } else {
            doubts.note(
                "\(text.excerpt) stands outside of the script, and is left out", at: paragraph.place.line > 0 ? paragraph.place : nil,
                remedy: "write it into the script if it is wanted")
        }
    }

    private var summaries: [(text: String, place: Place)] = []

    private func isInside(_ name: String) -> Bool { path.contains(name) }

    // MARK: paragraphs

    private func add(_ type: String, _ text: String, _ place: Place) {
        switch type {
        case "Character": begin(text, at: place)
        case "Parenthetical": deliver(text, at: place)
        case "Dialogue": say(text, at: place)
        case "Singing", "Lyrics":
            speech?.speech.isSung = true
            say(text, at: place)
        case "Scene Heading": put(.sceneHeading(text), at: place)
        case "Transition": put(.transition(text), at: place)
        case "New Act", "Act Break", "Act": put(.section(level: 1, text), at: place)
        case "Outline 1", "Outline 2", "Outline 3", "Outline 4", "Outline Body": put(.synopsis(text), at: place)
        default: readAction(text, at: place)
        }
    }

    /// Action, shots and everything else; `SFX: door` is a sound.
    private func readAction(_ text: String, at place: Place) {
        let line = DialogueLine(Block(.text, text, at: place))
        let tag = line.aside.flatMap { SpeakerTag.read($0.inside[...]) } ?? line.tag
        if let tag, let sound = SpeakerName.sound(tag.name.text), !tag.words.isEmpty {
            return put(sound == .music ? .music(tag.words.folded) : .effect(tag.words.folded), at: place)
        }
        put(.action(text), at: place)
    }

    private func put(_ piece: Piece, at place: Place) {
        endSpeech()
        pieces.append(Placed(piece: piece, place: place))
    }

    private func begin(_ cue: String, at place: Place) {
        endSpeech()
        guard let name = SpeakerName(declared: cue) else {
            doubts.note("\(cue.excerpt) is no name", at: place, remedy: "its words are kept as action; give them a name")
            return put(.action(cue), at: place)
        }
        speech = (
            Speech(
                speaker: name.text, extensions: name.extensions, isDual: isInside("DualDialogue") && isSecondOfTwo,
                deliveries: name.deliveries), place
        )
        isSecondOfTwo = isInside("DualDialogue")
    }

    private func deliver(_ text: String, at place: Place) {
        guard speech != nil else { return orphan(text, at: place) }
        let bare = text.hasPrefix("(") && text.hasSuffix(")") ? String(text.dropFirst().dropLast()) : text
        speech?.speech.add(.delivery(bare.folded))
    }

    private func say(_ text: String, at place: Place) {
        if speech == nil { return orphan(text, at: place) }
        if case .text = speech?.speech.parts.last { speech?.speech.add(.gap) }
        let read = SpeechText(text, isStart: false)
        doubts.note(asides: read.asides, at: place)
        for part in read.parts { speech?.speech.add(part) }
    }

    private func orphan(_ text: String, at place: Place) {
        doubts.note("\(text.excerpt) is said by nobody", at: place, remedy: "it is kept as action; write a name above it")
        put(.action(text), at: place)
    }

    private func endSpeech() {
        defer { speech = nil }
        guard let speech else { return }
        if speech.speech.hasWords { return pieces.append(Placed(piece: .speech(speech.speech), place: speech.place)) }
        doubts.note(.empty, at: speech.place)
        pieces.append(Placed(piece: .action(speech.speech.speaker), place: speech.place))
    }

    /// A title page is only lines in the middle of a page: the first is the title, what follows "by" the author.
    private func makeTitlePage() {
        guard let title = titles.first else { return }
        titlePage.append(("Title", title))
        var rest = titles.dropFirst()
        if let credit = rest.first, credit.lowercased().hasSuffix("by"), rest.count > 1 {
            titlePage.append(("Credit", credit))
            titlePage.append(("Author", rest[rest.startIndex + 1]))
            rest = rest.dropFirst(2)
        }
        if !rest.isEmpty { titlePage.append(("Notes", rest.joined(separator: "; "))) }
    }
}
