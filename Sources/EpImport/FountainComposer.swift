import EpCore
import EpScript

/// Writes pieces as Fountain, and reads it again to see whether everybody says what they said.
struct FountainComposer {
    /// What is read again.
    let fountain: String
    /// How many lines are spoken, and by whom.
    let lines: Int
    let speakers: [String]

    /// - Parameter doubts: gets those words that Fountain reads otherwise.
    init(_ pieces: [Placed], titlePage: [(key: String, value: String)], doubts: inout Doubts) throws(Diagnostic) {
        var elements: [(kind: Element.Kind, text: String)] = []
        var expected: [(speaker: String, text: String, delivery: String, place: Place)] = []
        for placed in pieces {
            elements += Self.elements(of: placed.piece)
            if case .speech(let speech) = placed.piece { expected += Self.lines(of: speech).map { ($0.speaker, $0.text, $0.delivery, placed.place) } }
        }
        fountain = Script.fountain(titlePage: titlePage.map { (Self.key($0.key), [$0.value]) }, elements)
        let script = try Script(parsing: Array(fountain.utf8), file: "import")
        lines = script.lines.count
        var seen: Set<String> = []
        speakers = script.lines.map(\.speaker).filter { seen.insert($0).inserted }
        for (index, line) in expected.enumerated() {
            let found = script.lines.indices.contains(index) ? script.lines[index] : nil
            if let found, found.speaker == line.speaker, found.text == line.text, found.delivery == line.delivery { continue }
            doubts.note("\(line.text.excerpt) cannot be written in Fountain as it is", at: line.place, remedy: "see what became of it with `epbuild script`, and reword it")
            break
        }
    }

    /// A key of the title page may have no marks.
    private static func key(_ key: String) -> String { key.filter { !":[]/*".contains($0) }.folded }

    private static func elements(of piece: Piece) -> [(kind: Element.Kind, text: String)] {
        switch piece {
        case .sceneHeading(let text): [(.sceneHeading(number: nil), harmless(text))]
        case .action(let text): [(.action, harmless(text))]
        case .transition(let text): [(.transition, harmless(text))]
        case .section(let level, let text): [(.section(level: level), harmless(text))]
        case .synopsis(let text): [(.synopsis, harmless(text))]
        case .effect(let name): [(.effect, harmless(name))]
        case .music(let name): [(.music, harmless(name))]
        case .speech(let speech): elements(of: speech)
        }
    }

    private static func elements(of speech: Speech) -> [(kind: Element.Kind, text: String)] {
        let cue = ([speech.speaker] + speech.extensions.map { "(\($0))" }).joined(separator: " ")
        var elements: [(kind: Element.Kind, text: String)] = [(.character(isDual: speech.isDual), harmless(cue))]
        var lines: [String] = []
        func end() {
            while lines.last?.isEmpty == true { lines.removeLast() }
            if !lines.isEmpty { elements.append((speech.isSung ? .lyrics(inSpeech: true) : .dialogue, lines.joined(separator: "\n"))) }
            lines = []
        }
        for part in speech.parts {
            switch part {
            case .delivery(let text):
                end()
                elements.append((.parenthetical, harmless(text)))
            case .text(let text): lines.append(guarded(text))
            case .gap: if !lines.isEmpty { lines.append("") }
            }
        }
        end()
        return elements
    }

    /// Words that begin like something else than speech are set in italics, which are not heard.
    private static func guarded(_ text: String) -> String {
        guard let first = text.first, !first.isLetter, !first.isNumber, !isSpeech(text) else { return text }
        let italic = "*\(text)*"
        return isSpeech(italic) ? italic : text
    }

    private static func isSpeech(_ text: String) -> Bool {
        let script = try? Script(parsing: Array("@Sam\n\(text)\n".utf8), file: "import")
        return script?.lines.count == 1 && script?.elements.filter { $0.kind == .dialogue }.count == 1 && script?.elements.contains { $0.kind == .parenthetical } == false
            && script?.lines.first?.text.isEmpty == false && script?.elements.count(where: { $0.kind != .note && $0.kind != .boneyard }) == 2
    }

    /// What would open a note or a boneyard.
    private static func harmless(_ text: String) -> String {
        text.replacing("[[", with: "[").replacing("]]", with: "]").replacing("/*", with: "/ *").folded
    }

    // MARK: what should be heard

    private static func lines(of speech: Speech) -> [(speaker: String, text: String, delivery: String)] {
        var lines: [(speaker: String, text: String, delivery: String)] = []
        var (text, delivery): ([String], [String]) = ([], [])
        func end() {
            let words = Emphasis.plain(text.map(withoutNotes).joined(separator: "\n")).folded
            if !words.isEmpty { lines.append((Emphasis.plain(speech.speaker).folded, words, delivery.joined(separator: ", "))) }
            text = []
        }
        for part in speech.parts {
            switch part {
            case .delivery(let manner):
                if !text.isEmpty {
                    end()
                    delivery = []
                }
                delivery.append(Emphasis.plain(harmless(manner)).folded)
            case .text(let words): text.append(words)
            case .gap: break
            }
        }
        end()
        return lines
    }

    private static func withoutNotes(_ text: String) -> String {
        var rest = text[...]
        var kept = ""
        while let start = rest.firstRange(of: "[["), let end = rest[start.upperBound...].firstRange(of: "]]") {
            kept += rest[..<start.lowerBound]
            rest = rest[end.upperBound...]
        }
        return kept + rest
    }
}
