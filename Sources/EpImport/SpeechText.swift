import EpScript

/// The words of a speech with what is said in brackets about how they are spoken.
///
/// `(softly) Come in.` has a delivery; `[laughs]` in the middle becomes a note, which is not heard; `(and I mean it)` is spoken.
struct SpeechText {
    private(set) var parts: [Speech.Part] = []
    /// What in brackets became a note.
    private(set) var asides: [String] = []
    /// Times that were left out.
    private(set) var times = 0

    /// - Parameter isStart: nothing of the speech stands before.
    init(_ words: String, isStart: Bool) {
        var rest = Self.defused(words)[...]
        var text = ""
        while let opener = rest.firstIndex(where: { "([（【{".contains($0) }) {
            guard let closer = Self.closer(of: opener, in: rest) else { break }
            let inside = String(rest[rest.index(after: opener)..<closer].trimmed)
            text += rest[..<opener]
            let (mark, group) = (rest[opener], rest[opener...closer])
            rest = rest[rest.index(after: closer)...]
            if LineMarks.afterTime(inside[...], inBrackets: false)?.isEmpty == true {
                times += 1
            } else if !"(（".contains(mark), !inside.isEmpty {
                note(inside, &text)
            } else if isStart && parts.isEmpty && Self.isMarks(text) && Self.isShort(inside) || Self.isManner(inside) {
                deliver(inside, &text, &rest)
            } else {
                text += group
            }
        }
        text += rest
        add(text)
    }

    /// `*(softly)* Come in.`: the emphasis around a delivery goes with it.
    private mutating func deliver(_ inside: String, _ text: inout String, _ rest: inout Substring) {
        guard rest.contains(where: { $0.isLetter || $0.isNumber }) else { return note(inside, &text) }
        while let mark = text.last, mark == "*" || mark == "_", rest.first == mark {
            text.removeLast()
            rest.removeFirst()
        }
        add(text)
        text = ""
        parts.append(.delivery(inside))
    }

    private mutating func note(_ inside: String, _ text: inout String) {
        asides.append(inside)
        text += "[[\(inside.replacing("[", with: "(").replacing("]", with: ")"))]]"
    }

    private mutating func add(_ text: String) {
        let words = text.folded
        if !words.isEmpty { parts.append(.text(words)) }
    }

    /// Two brackets would open a note, a slash and a star a boneyard.
    static func defused(_ words: String) -> String {
        var words = words
        while words.contains("[[") { words = words.replacing("[[", with: "[").replacing("]]", with: "]") }
        return words.replacing("/*", with: "/\\*")
    }

    /// Nothing but emphasis that opens.
    private static func isMarks(_ text: String) -> Bool { text.allSatisfy { $0.isWhitespace || $0 == "*" || $0 == "_" } }

    private static func closer(of opener: Substring.Index, in text: Substring) -> Substring.Index? {
        let pairs: [Character: Character] = ["(": ")", "[": "]", "（": "）", "【": "】", "{": "}"]
        guard let close = pairs[text[opener]] else { return nil }
        var depth = 0
        for index in text[opener...].indices {
            if text[index] == text[opener] { depth += 1 } else if text[index] == close { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    /// A delivery is a few words without the end of a sentence.
    private static func isShort(_ inside: String) -> Bool {
        inside.split(separator: " ").count <= 4 && !inside.contains { ".!?".contains($0) } && inside.contains(where: \.isLetter)
    }

    static let manners: Set<String> = [
        "laughs", "laughing", "laughter", "laugh", "chuckles", "chuckling", "giggles", "sighs", "sighing", "sigh", "coughs", "coughing",
        "pause", "pauses", "beat", "whispers",
        "whispering", "whispered", "shouts", "shouting", "yells", "yelling", "cries", "crying", "sobbing", "sniffs", "gasps", "groans",
        "mumbles", "mumbling", "singing", "sings",
        "softly", "quietly", "loudly", "sarcastic", "sarcastically", "crosstalk", "inaudible", "unintelligible", "applause", "silence",
        "sotto", "breathless", "lacht", "flüstert", "rires",
    ]

    /// Whether each word of it tells how something is spoken.
    static func isManner(_ inside: String) -> Bool {
        let words = inside.lowercased().split { !$0.isLetter && $0 != "'" }.map(String.init)
        return (1...4).contains(words.count) && words.allSatisfy { manners.contains($0) || Deliveries.usual.contains($0) }
    }
}
