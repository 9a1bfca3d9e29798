import EpCore
import EpScript

/// Writes pieces as Fountain, and reads it again to see whether everybody says what they said.
struct FountainComposer {
    /// What is read again.
    private(set) var fountain = ""
    /// How many lines are spoken, and by whom.
    private(set) var lines = 0
    private(set) var speakers: [String] = []

    private var elements: [(kind: Element.Kind, text: String)] = []
    private var expected: [(speaker: String, text: String, delivery: String, place: Place)] = []
    /// Names as Fountain can have them.
    private var names: [String: String] = [:]
    private var doubts: Doubts

    /// - Parameter doubts: gets what Fountain cannot have as it is.
    init(_ pieces: [Placed], titlePage: [(key: String, value: String)], doubts: inout Doubts) throws(Diagnostic) {
        self.doubts = doubts
        for placed in pieces { add(placed) }
        fountain = Script.fountain(titlePage: FountainText.titlePage(titlePage), elements)
        let script = try Script(parsing: Array(fountain.utf8), file: "import")
        compare(script)
        var seen: Set<String> = []
        lines = script.lines.count
        speakers = script.lines.map(\.speaker).filter { seen.insert($0).inserted }
        doubts = self.doubts
    }

    private mutating func add(_ placed: Placed) {
        switch placed.piece {
        case .sceneHeading(let text): add(.sceneHeading(number: nil), text)
        case .action(let text): add(.action, text)
        case .transition(let text): add(.transition, text)
        case .section(let level, let text): add(.section(level: level), text)
        case .synopsis(let text): add(.synopsis, text)
        case .effect(let name): add(.effect, name)
        case .music(let name): add(.music, name)
        case .speech(let speech): add(speech, at: placed.place)
        }
    }

    private mutating func add(_ kind: Element.Kind, _ text: String) { elements.append((kind, FountainText.harmless(text))) }

    // MARK: speeches

    private mutating func add(_ speech: Speech, at place: Place) {
        let speaker = name(speech.speaker, at: place)
        add(.character(isDual: speech.isDual), ([speaker] + speech.extensions.map { "(\($0))" }).joined(separator: " "))
        var (words, deliveries): ([String], [String]) = ([], [])
        func heard() -> (String, String, String, Place)? {
            let text = Emphasis.plain(words.map(FountainText.withoutNotes).joined(separator: "\n")).folded
            return text.isEmpty ? nil : (speaker, text, deliveries.joined(separator: ", "), place)
        }
        for element in Self.elements(of: speech) {
            elements.append(element)
            if element.kind == .parenthetical {
                if !words.isEmpty {
                    if let line = heard() { expected.append(line) }
                    (words, deliveries) = ([], [])
                }
                deliveries.append(Emphasis.plain(element.text).folded)
            } else {
                words.append(element.text)
            }
        }
        if let line = heard() { expected.append(line) }
    }

    private mutating func name(_ speaker: String, at place: Place) -> String {
        if let known = names[speaker] { return known }
        let name = FountainText.name(speaker)
        names[speaker] = name
        if name != speaker {
            doubts.note("the name \(speaker.excerpt) is written as \(name.excerpt)", at: place, remedy: "choose another if it is not good")
        }
        return name
    }

    /// Deliveries and dialogue. The lines of a paragraph become one.
    private static func elements(of speech: Speech) -> [(kind: Element.Kind, text: String)] {
        var elements: [(kind: Element.Kind, text: String)] = []
        var (paragraphs, paragraph): ([String], String) = ([], "")
        var isNew = false
        func endParagraph() {
            if !paragraph.isEmpty { paragraphs.append(speech.isSung ? paragraph : FountainText.words(paragraph)) }
            paragraph = ""
        }
        func end() {
            endParagraph()
            if !paragraphs.isEmpty {
                elements.append(
                    (speech.isSung ? .lyrics(inSpeech: true) : .dialogue, paragraphs.joined(separator: speech.isSung ? "\n" : "\n\n")))
            }
            paragraphs = []
        }
        for part in speech.parts {
            switch part {
            case .delivery(let text):
                end()
                elements.append((.parenthetical, FountainText.delivery(text)))
            case .text(let text):
                if speech.isSung || (isNew && !isLikeName(text)) { endParagraph() }
                paragraph += paragraph.isEmpty ? text : " " + text
            case .gap: break
            }
            isNew = part == .gap
        }
        end()
        return elements
    }

    /// A few words alone on a line in the middle of a speech look like the name of another speaker.
    private static func isLikeName(_ text: String) -> Bool {
        guard text.utf8.count <= 40 else { return false }
        let words = text.split(separator: " ")
        return words.count == 1 || (words.count <= 3 && words.allSatisfy { $0.first?.isLowercase != true })
    }

    // MARK: reading again

    private mutating func compare(_ script: Script) {
        for (index, line) in expected.enumerated() {
            let found = script.lines.indices.contains(index) ? script.lines[index] : nil
            if let found, found.speaker == line.speaker, found.text == line.text, found.delivery == line.delivery { continue }
            return doubts.note(
                "\(line.text.excerpt) cannot be written in Fountain as it is", at: line.place,
                remedy: "see what became of it and of what follows with `epbuild script`, and reword it")
        }
    }
}
