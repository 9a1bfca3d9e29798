import EpScript

/// Texts in Fountain that the parser reads as what they are. Each is read alone to see that.
enum FountainText {
    /// Without what would open a note or a boneyard.
    static func harmless(_ text: String) -> String { SpeechText.defused(text).folded }

    /// Without its notes.
    static func withoutNotes(_ text: String) -> String {
        var rest = text[...]
        var kept = ""
        while let start = rest.firstRange(of: "[["), let end = rest[start.upperBound...].firstRange(of: "]]") {
            kept += rest[..<start.lowerBound]
            rest = rest[end.upperBound...]
        }
        return kept + rest
    }

    /// A name that a cue can have: the same, or its letters and digits.
    static func name(_ name: String) -> String {
        let name = harmless(name)
        let simple = String(name.map { $0.isLetter || $0.isNumber || "'’.-&#".contains($0) ? $0 : " " }).folded
        return [name, simple].first { read("@\($0)\nx").map { [$0.speaker, $0.text, $0.delivery] } == [$0, "x", ""] } ?? "SPEAKER"
    }

    /// A delivery without parentheses in it, unless they do no harm.
    static func delivery(_ text: String) -> String {
        let text = harmless(text)
        if text.allSatisfy({ $0.isLetter || " ,-'’".contains($0) }) { return text }
        if let line = read("@Sam\n(\(text))\nx"), line.delivery == Emphasis.plain(text).folded, line.text == "x" { return text }
        return String(text.map { "()（）".contains($0) ? " " : $0 }).folded
    }

    /// Words that are said. Where they begin like something else they are set in italics, which are not heard.
    static func words(_ text: String) -> String {
        guard let first = text.first, !first.isLetter, !first.isNumber else { return StarText.guarded(text) }
        // Notes at either end stay outside of the italics.
        if text.hasPrefix("[["), let end = text.firstRange(of: "]]") {
            return text[..<end.upperBound] + " " + words(text[end.upperBound...].folded)
        }
        if text.hasSuffix("]]"), let start = text.lastIndex(of: "[").map({ text.index(before: $0) }) {
            return words(text[..<start].folded) + " " + text[start...]
        }
        let text = StarText.guarded(text)
        let said = Emphasis.plain(withoutNotes(text)).folded
        let forms = [text, text.contains("*") ? "_\(text)_" : "*\(text)*", "*\(StarText.literal(Emphasis.plain(text)))*"]
        return forms.first { read("@Sam\n\($0)").map { [$0.text, $0.delivery] } == [said, ""] } ?? text
    }

    /// Entries that are read as a title page, though none has a usual key.
    static func titlePage(_ entries: [(key: String, value: String)]) -> [(key: String, values: [String])] {
        let entries = entries.map { (key: $0.key.filter { !":[]/*".contains($0) }.folded, values: [harmless($0.value)]) }
        let script = try? Script(parsing: Array(Script.fountain(titlePage: entries, [(.action, "x")]).utf8), file: "import")
        if script?.titlePage.map(\.key) == entries.map(\.key) { return entries }
        return [("Notes", entries.map { "\($0.key): \($0.values.joined())" })]
    }

    /// The only line of a script.
    private static func read(_ fountain: String) -> Line? {
        guard let script = try? Script(parsing: Array("\(fountain)\n".utf8), file: "import"), script.lines.count == 1 else { return nil }
        let isSpeech = script.elements.allSatisfy { element in
            switch element.kind {
            case .character, .parenthetical, .dialogue, .note, .boneyard: true
            default: false
            }
        }
        return isSpeech ? script.lines[0] : nil
    }
}
