/// The letters of a card.
struct CardLetters {
    private let card: Card
    private let canvas: CardCanvas

    init(_ card: Card, _ canvas: CardCanvas) { (self.card, self.canvas) = (card, canvas) }

    /// Letters that no font has, with their numbers; "" if all can be drawn.
    var unknown: String {
        let style = CardCanvas.Style(families: CardContent.families(card), size: 20)
        guard canvas.measure(card.letters, style, width: 1e6).unknown > 0 else { return "" }
        var seen: Set<Character> = []
        let found = card.letters.filter { seen.insert($0).inserted && canvas.measure(String($0), style, width: 1e6).unknown > 0 }
        return found.prefix(5).map(Self.named).joined(separator: ", ") + (found.count > 5 ? " and \(found.count - 5) more" : "")
    }

    /// `“☃” (U+2603)`
    static func named(_ character: Character) -> String {
        let numbers = character.unicodeScalars.map(number).joined(separator: " ")
        return "“\(character)” (\(numbers))"
    }

    static func number(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// On one line, without what cannot be seen.
    static func folded(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).map { String($0.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }) }.joined(
            separator: " ")
    }

    /// Lines as they are, with blanks for tabs; without empty ones around them, and without what all begin with.
    static func code(_ text: String) -> String {
        var lines = text.replacing("\r\n", with: "\n").replacing("\t", with: "    ").split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
        func isBlank(_ line: String) -> Bool { line.allSatisfy { $0 == " " } }
        while let first = lines.first, isBlank(first) { lines.removeFirst() }
        while let last = lines.last, isBlank(last) { lines.removeLast() }
        let indent = lines.filter { !isBlank($0) }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.map { String($0.dropFirst(indent)) }.joined(separator: "\n")
    }

    /// Words that may be wider than a line. Scripts that put no blanks between words may break anywhere.
    static func longWords(of text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).filter { word in
            word.count > 7
                && word.unicodeScalars.allSatisfy {
                    $0.value < 0x0E00 || (0x10A0...0x1100).contains($0.value) || (0x1200...0x177F).contains($0.value)
                        || (0x1E00...0x206F).contains($0.value)
                }
        }.map(String.init)
    }
}
