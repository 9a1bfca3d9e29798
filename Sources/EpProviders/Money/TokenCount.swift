/// How many tokens a text is about, counted without any model's vocabulary: within 15 % of what a small one makes of it, in most languages
/// and in code.
///
/// A word is a token or more, by its length; more so in languages that small vocabularies know less of, which is told by their little
/// words. Figures,
/// signs and line ends are a token each. The numbers were fitted to the counts of SmolLM2's vocabulary (49,152 tokens); larger ones need
/// fewer.
struct TokenCount {
    /// Words of at most 4, 7 and 10 letters, and longer ones.
    private var words = [0, 0, 0, 0]
    /// Letters of words beyond the tenth.
    private var moreLetters = 0
    private var marked = 0
    private var figures = 0
    /// Runs of signs, and their signs after the first.
    private var signs = 0
    private var moreSigns = 0
    private var lines = 0
    /// Letters of other alphabets, and of scripts that have thousands.
    private var otherLetters = 0
    private var ideographs = 0
    /// Little words of English and code, and of other languages.
    private var english = 0
    private var foreign = 0

    static func of(_ text: String) -> Int64 {
        var count = TokenCount()
        count.read(text)
        return Int64(count.estimate.rounded())
    }

    private var estimate: Double {
        let known = Double(english + foreign)
        let share = known > 0 ? min(1, max(0, (Double(foreign) / known - 0.3) / 0.4)) : 0
        func mixed(_ usual: Double, _ foreign: Double) -> Double { usual * (1 - share) + foreign * share }
        let weights = [mixed(1, 0.95), mixed(1.3, 2.6), mixed(1.25, 2.7), mixed(2.4, 5.2)]
        let spoken =
            zip(words, weights).reduce(0) { $0 + Double($1.0) * $1.1 } + Double(moreLetters) * mixed(0.25, 0.4) + Double(marked) * 0.9
        let written = Double(figures) * 1.2 + Double(signs) + Double(moreSigns) * 0.2 + Double(lines) * 0.8
        return spoken + written + Double(otherLetters) * 0.8 + Double(ideographs) * 1.9
    }

    private enum Kind { case none, lower, upper, sign }

    private mutating func read(_ text: String) {
        var (length, last) = (0, Kind.none)
        // The letters of a short word, eight bits each.
        var little: UInt64 = 0
        func isEnd(_ kind: Kind) -> Bool { length > 0 && (kind == .none || kind == .sign || kind == .upper && last == .lower) }
        for scalar in text.unicodeScalars {
            let kind = Self.kind(scalar)
            if isEnd(kind) {
                end(length, little)
                (length, little) = (0, 0)
            }
            switch kind {
            case .lower, .upper:
                if scalar.value >= 0x370 {
                    if scalar.value >= 0x2E80 { ideographs += 1 } else { otherLetters += 1 }
                } else {
                    length += 1
                    if scalar.value > 127 { marked += 1 }
                    little = length > 6 ? 0 : little << 8 | UInt64(scalar.value | 0x20)
                }
            case .sign: if last == .sign { moreSigns += 1 } else { signs += 1 }
            case .none:
                if scalar == "\n" { lines += 1 } else if (48...57).contains(scalar.value) { figures += 1 }
            }
            last = kind
        }
        if length > 0 { end(length, little) }
    }

    private mutating func end(_ length: Int, _ little: UInt64) {
        words[length <= 4 ? 0 : length <= 7 ? 1 : length <= 10 ? 2 : 3] += 1
        moreLetters += max(0, length - 10)
        guard length <= 6 else { return }
        if Self.englishWords.contains(little) { english += 1 } else if Self.foreignWords.contains(little) { foreign += 1 }
    }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 97...122: .lower
        case 65...90: .upper
        case 48...57, 9, 10, 13, 32: .none
        case 0...127: .sign
        default:
            scalar.properties.isAlphabetic
                ? (scalar.properties.isUppercase ? .upper : .lower) : scalar.properties.isWhitespace ? .none : .sign
        }
    }

    private static func packed(_ words: String) -> Set<UInt64> {
        Set(words.split(separator: " ").map { $0.unicodeScalars.reduce(0) { $0 << 8 | UInt64($1.value) } })
    }

    private static let englishWords = packed(
        "the and of to in is it that for was with as are be this on not by or from have which you can an if but they his her what there "
            + "one all no "
            + "let var func return self case else true false null string")
    private static let foreignWords = packed(
        "der die das und den ist nicht ein eine zu mit von dem des auf sich auch es im sie wie bei aus so nur wird sind dass "
            + "le la les et un une est que qui dans pour pas il el los las por con para del se al di che non per sono gli nel lo y e a de "
            + "het een van en dat niet ik je nie jest na"
    )
}
