/// What espeak-ng makes of characters outside plain text: of some it says nothing at all, of others "letter, one, d, four, zero, seven".
///
/// Measured with espeak-ng 1.51 in November 2026: each sign before, behind and between numbers and letters, in the languages below.
enum EspeakSigns {
    /// Signs that a language leaves out.
    private static let unsaid: [(language: String, signs: String)] = [
        ("es", "¢¥₹¾×÷≤≥∞√"), ("fr", "=₹≤≥∞√§"), ("it", "¢¥×÷"), ("pt", "₹−≤≥√"), ("nl", "¢£¥₹¾×÷≤≥∞√§"), ("sv", "¢£¥₹¾×÷°≤≥∞√§"),
        ("pl", "€₹≤≥∞√"), ("ru", "¢£¥€₹¾×÷°≤≥∞√§"), ("uk", "$¢£¥€₹¾×÷°≤≥∞√§"), ("cs", "¢£¥₹¾≤≥∞√"), ("da", "₹°≤≥∞√"),
        ("nb", "¢£¥€₹¾×÷°≤≥∞√§"), ("no", "¢£¥€₹¾×÷°≤≥∞√§"), ("fi", "¢¥₹¾×÷°≤≥∞√§"), ("tr", "¢£¥₹¾×÷≤≥∞√"), ("el", "¢£¥₹¾×÷°≤≥∞√§"),
        ("hu", "¢£¥₹≤≥"), ("ro", "¢£¥₹¾×÷≤≥∞√§"), ("cmn", "$¢£¥€₹¾×÷°≤≥∞√§"), ("zh", "$¢£¥€₹¾×÷°≤≥∞√§"), ("ja", "$¢£¥€₹¾×÷°≤≥∞√§"),
        ("ko", "$¢£¥€₹¾×÷°≤≥∞√§"), ("hi", "¢£¥€₹¾×÷°≤≥∞√§"), ("ar", "%=¢₹¾×÷°≤≥∞√§"), ("he", "$¢£¥€₹¾×÷°≤≥∞√§"),
        ("vi", "¢£¥€₹¾×÷°≤≥∞√§"), ("id", "¢¥€₹¾×÷°≤≥∞√§"), ("ca", "¢¥₹¾×÷°≤≥∞√"),
    ]

    /// The currencies and numbers that it knows in some language; all others it leaves out in each.
    private static let known = Set("¢£¤¥৴৵৶௰௱௲௹₨₩€₹¼½¾⅓⅔²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉".unicodeScalars)
    /// Signs of a calculation that it leaves out in each language.
    private static let calculation = Set("‰‱∀∃∄∅∆∇∈∉∋∏∓∝∠∥∧∨∩∪∼≃≅≪≫⊂⊃⊆⊇⊕⊗⇒⇔".unicodeScalars)

    /// A line with its digits and letters as espeak-ng knows them.
    /// - Throws: `.words` with those that it would not say, or not all of.
    static func spelled(_ text: String, voice: String) throws(SpokenText.Problem) -> String {
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 && !"<>$%=".utf8.contains($0) }
        if isPlain { return text }
        let unsaid = unsaid(by: voice)
        func isUnsaid(_ word: Substring) -> Bool {
            SpokenText.isComparison(word)
                || word.unicodeScalars.contains { unsaid.contains($0) || !$0.isASCII && plain($0) == nil && isUnsaidByAll($0) }
        }
        let words = text.split(whereSeparator: \.isWhitespace).filter(isUnsaid)
        guard words.isEmpty else { throw .words(words.map(bare)) }
        guard text.unicodeScalars.contains(where: { plain($0) != nil }) else { return text }
        return text.unicodeScalars.reduce(into: "") { text, scalar in
            if let plain = plain(scalar) { text += plain } else { text.unicodeScalars.append(scalar) }
        }
    }

    /// Without what ends a sentence or quotes it: the sign itself may be punctuation, as `‰` is.
    private static func bare(_ word: Substring) -> String {
        let around: Set<Character> = [".", ",", ";", ":", "!", "?", "…", "(", ")", "\"", "“", "”", "„", "»", "«"]
        var bare = word.drop { around.contains($0) }
        while let last = bare.last, around.contains(last) { bare.removeLast() }
        return String(bare)
    }

    private static func unsaid(by voice: String) -> Set<Unicode.Scalar> {
        // `gmw/de` is a file of a voice, `mb-de2` one of MBROLA's.
        var name = voice.lowercased().split(separator: "/").last.map(String.init) ?? ""
        if name.hasPrefix("mb-") { name.removeFirst(3) }
        let code = name.prefix { $0.isLetter }
        return Set(unsaid.first { $0.language == code }.map { Array($0.signs.unicodeScalars) } ?? [])
    }

    private static func isUnsaidByAll(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .currencySymbol, .otherNumber: !known.contains(scalar)
        default: calculation.contains(scalar)
        }
    }

    /// A digit, a letter or a sign that is one of ASCII in another form; nil for anything else.
    private static func plain(_ scalar: Unicode.Scalar) -> String? {
        if scalar.isASCII { return nil }
        // Full width, as texts in Chinese and Japanese have it.
        if 0xFF01...0xFF5E ~= scalar.value { return Unicode.Scalar(scalar.value - 0xFEE0).map { String($0) } }
        switch scalar.properties.generalCategory {
        case .decimalNumber: return scalar.properties.numericValue.map { String(Int($0)) }
        case .otherNumber where !known.contains(scalar):
            // A number in a ring or in brackets.
            guard let value = scalar.properties.numericValue, value >= 0, value < 1_000, value == value.rounded() else { return nil }
            return " \(Int(value)) "
        case .uppercaseLetter, .lowercaseLetter: return mathematical(scalar)
        default: return nil
        }
    }

    /// `MATHEMATICAL BOLD CAPITAL H`, as posts have it where their authors would have bold letters.
    private static func mathematical(_ scalar: Unicode.Scalar) -> String? {
        guard 0x1D400...0x1D6A3 ~= scalar.value, let words = scalar.properties.name?.split(separator: " "), let letter = words.last,
            letter.count == 1
        else { return nil }
        return words.contains("SMALL") ? letter.lowercased() : String(letter)
    }
}
