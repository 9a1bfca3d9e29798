/// The words of a speech with what is said in brackets about how they are spoken.
///
/// `(softly) Come in.` has a delivery; `[laughs]` in the middle becomes a note, which is not heard; `(and I mean it)` is spoken.
struct SpeechText {
    private(set) var parts: [Speech.Part] = []
    /// What in brackets became a delivery or a note without being known as one.
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
            let before = rest[..<opener]
            let isRound = "(（".contains(rest[opener])
            let isFirst = isStart && parts.isEmpty && (text + before).trimmed.isEmpty
            text += before
            rest = rest[rest.index(after: closer)...]
            if LineMarks.afterTime(inside[...], inBrackets: false)?.isEmpty == true {
                times += 1
            } else if isRound, isFirst && Self.isShort(inside) || Self.isKnown(inside) {
                deliver(inside, &text, goesOn: rest.contains { $0.isLetter || $0.isNumber })
            } else if isRound {
                text += "(\(inside))"
            } else {
                asides.append(inside)
                text += "[[\(inside)]]"
            }
        }
        text += rest
        add(text)
    }

    private mutating func deliver(_ inside: String, _ text: inout String, goesOn: Bool) {
        guard goesOn else {
            asides.append(inside)
            text += "[[\(inside)]]"
            return
        }
        add(text)
        text = ""
        parts.append(.delivery(inside))
    }

    private mutating func add(_ text: String) {
        let words = text.folded
        if !words.isEmpty { parts.append(.text(words)) }
    }

    /// Two brackets would open a note, a slash and a star a boneyard.
    private static func defused(_ words: String) -> String {
        guard words.contains("[[") || words.contains("/*") else { return words }
        return words.replacing("[[", with: "[").replacing("]]", with: "]").replacing("/*", with: "/ *")
    }

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
        "laughs", "laughing", "laughter", "laugh", "chuckles", "chuckling", "giggles", "sighs", "sighing", "sigh", "coughs", "coughing", "pause", "pauses", "beat", "whispers",
        "whispering", "whispered", "shouts", "shouting", "yells", "yelling", "cries", "crying", "sobbing", "sniffs", "gasps", "groans", "mumbles", "mumbling", "singing", "sings",
        "softly", "quietly", "loudly", "sarcastic", "sarcastically", "crosstalk", "inaudible", "unintelligible", "applause", "silence", "sotto", "breathless", "lacht", "flüstert", "rires",
    ]

    private static func isKnown(_ inside: String) -> Bool {
        let words = inside.lowercased().split { !$0.isLetter }.map(String.init)
        return words.count <= 4 && words.contains { manners.contains($0) }
    }
}
