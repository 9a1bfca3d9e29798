@testable import EpOffline

/// A reading of the little Fountain that the writer writes: blocks between empty lines.
struct FountainCheck {
    struct Speech {
        let chapter: String
        let speaker: String
        let delivery: String?
        let text: String

        var sentences: [String] { Sentence.split(text).map(\.text) }
    }

    private(set) var titlePage: [String] = []
    private(set) var chapters: [String] = []
    private(set) var speeches: [Speech] = []
    private(set) var cues: [String] = []
    private(set) var pauses = 0
    /// What is not as it should be.
    private(set) var mistakes: [String] = []

    init(_ text: String, hasTitlePage: Bool) {
        for (index, block) in text.split(separator: "\n\n").enumerated() {
            let lines = Lines.split(String(block)).filter { !$0.isEmpty }
            if index == 0, hasTitlePage { titlePage = lines } else { read(lines) }
        }
        if text.contains("\n\n\n") { mistakes.append("two empty lines") }
        if !text.hasSuffix("\n") { mistakes.append("no line feed at the end") }
    }

    private mutating func read(_ lines: [String]) {
        guard let first = lines.first else { return }
        if first.hasPrefix("# ") {
            chapters.append(String(first.dropFirst(2)))
        } else if first.hasPrefix("SFX: ") || first.hasPrefix("MUSIC: ") {
            cues.append(first)
        } else if first.hasPrefix("[[pause "), first.hasSuffix("]]"), lines.count == 1 {
            pauses += 1
        } else if first.uppercased() == first, lines.count >= 2 {
            let delivery =
                lines.count == 3 && lines[1].hasPrefix("(") && lines[1].hasSuffix(")") ? String(lines[1].dropFirst().dropLast()) : nil
            let dialogue = lines.dropFirst(delivery == nil ? 1 : 2)
            let text = dialogue.joined(separator: " ")
            speeches.append(Speech(chapter: chapters.last ?? "", speaker: first, delivery: delivery, text: text))
            let starts = text.unicodeScalars.first.map {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || "\"'“‘¿¡$€£".unicodeScalars.contains($0)
            }
            if dialogue.count != 1 || !(starts ?? false) { mistakes.append("dialogue: \(lines)") }
            if text.contains("[[") || text.contains("/*") || text.contains("*") { mistakes.append("marks: \(text)") }
        } else {
            mistakes.append("neither cue nor speech: \(lines)")
        }
        if lines.count > 1, !first.uppercased().elementsEqual(first) { mistakes.append("a block of several lines: \(lines)") }
    }
}
