/// The names that a script and its show know, to be found in whatever dress a person has written them.
struct NameBook {
    /// As written, by what is compared.
    private var names: [String: String] = [:]
    /// As written, by what makes them alike.
    private var likenesses: [String: String] = [:]
    private let ofShow: Set<String>
    let knowsShow: Bool

    init(speakers: [String], show: ShowCast) {
        let known = show.characters.flatMap { [$0.name] + $0.aliases }
        ofShow = Set(known.map(Self.key))
        knowsShow = !known.isEmpty
        for name in speakers + known {
            let key = Self.key(name)
            if !key.isEmpty, names[key] == nil { names[key] = name }
            let likeness = Self.likeness(name)
            if !likeness.isEmpty, likenesses[likeness] == nil { likenesses[likeness] = name }
        }
    }

    /// Whether a name is that of a character of the show.
    func isOfShow(_ name: String) -> Bool { ofShow.contains(Self.key(name)) }

    /// The name that a text consists of.
    func name(in text: String) -> String? {
        guard text.utf8.count <= Self.mostBytes else { return nil }
        return known(Self.undressed(text))
    }

    /// Whether a text names several, and nothing else: `Nora and Pip`.
    func areNames(_ text: String) -> Bool {
        guard text.utf8.count <= Self.mostBytes else { return false }
        let parts = Self.undressed(text).replacing(/\s+and\s+|\s*[,&+\/]\s*/.ignoresCase(), with: "\n").split(separator: "\n")
        return parts.count > 1 && parts.allSatisfy { known(String($0)) != nil }
    }

    /// Lines may be numbered: `12 NORA`.
    private func known(_ undressed: String) -> String? {
        if let name = names[undressed.lowercased()] { return name }
        let rest = undressed.drop { $0.isNumber }
        return rest.startIndex > undressed.startIndex && rest.first == " " ? names[rest.dropFirst().lowercased()] : nil
    }

    /// What stands before a colon, a tab or a dash: whom the words behind it may belong to.
    struct Address {
        /// As written, undressed.
        let name: String
        let isKnown: Bool
        /// Whether a colon stands behind it, by which anybody would take it for a name.
        let hasColon: Bool
    }

    /// `Nora: Who is there?`, in all its forms: the first name that is known, else what stands before the first separator.
    func address(in text: String) -> Address? {
        guard Self.maySeparate(text) else { return nil }
        var first: Address?
        var tried = 0
        for index in text.indices.prefix(Self.mostBytes) {
            guard let separator = Self.separator(text, at: index) else { continue }
            tried += 1
            if tried > Self.mostSeparators { break }
            guard text[index...].dropFirst().contains(where: { $0.isLetter || $0.isNumber }) else { continue }
            let name = Self.undressed(String(text[..<index]))
            let isKnown = known(name) != nil && (separator != .quote || Capitals.isAll(Array(name.utf8)[...]))
            let address = Address(name: name, isKnown: isKnown, hasColon: separator == .colon)
            if isKnown { return address }
            if first == nil, name.contains(where: \.isLetter), separator != .quote { first = address }
        }
        return first
    }

    private static let separators = Array(":\t|]-=>\"".utf8)
    private static let mostBytes = 80
    private static let mostSeparators = 6

    private enum Separator { case colon, other, quote }

    /// A quick look: most lines have no separator near their front.
    private static func maySeparate(_ text: String) -> Bool {
        text.utf8.prefix(mostBytes).contains { $0 >= 0x80 || separators.contains($0) }
    }

    private static func separator(_ text: String, at index: String.Index) -> Separator? {
        switch text[index] {
        case ":", "：": return .colon
        case "\t", "|", "—", "]": return .other
        case "\"", "“", "„", "«", "「": return .quote
        case "-", "–", ">", "=":
            let next = text.index(after: index)
            return index > text.startIndex && next < text.endIndex && text[text.index(before: index)] == " " && text[next] == " "
                ? .other : nil
        default: return nil
        }
    }

    /// What is compared: names are the same to people whatever their letters' case, white space and dress.
    static func key(_ text: String) -> String { undressed(text).lowercased() }

    /// What makes names look the same to a person, though they are two to a program: their letters and digits, whatever marks,
    /// apostrophes, hyphens and full stops stand between them.
    static func likeness(_ text: String) -> String {
        var likeness = ""
        var isWordOpen = false
        for scalar in undressed(text).lowercased().unicodeScalars where !isWithinWord(scalar) {
            let kind = scalar.properties
            let isPart = kind.isAlphabetic || kind.numericType != nil || (kind.isEmoji && !scalar.isASCII)
                || kind.canonicalCombiningClass != .notReordered
            if isPart, !isWordOpen, !likeness.isEmpty { likeness += " " }
            // The letters of East Asian type-setters are as wide as ideographs.
            let isWide = (0xFF01...0xFF5E).contains(scalar.value)
            if isPart { likeness.unicodeScalars.append(isWide ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar) }
            isWordOpen = isPart
        }
        return likeness
    }

    /// An apostrophe, straight or curly, a full stop, or a soft hyphen.
    private static func isWithinWord(_ scalar: Unicode.Scalar) -> Bool {
        "'’‘ʼ´`.\u{AD}".unicodeScalars.contains(scalar)
    }

    /// The name before an extension that has lost its parentheses, `NORA V.O.`, if it is known.
    func nameBeforeExtension(_ speaker: String) -> String? {
        let likeness = Self.likeness(speaker)
        guard var name = Self.withoutExtension(likeness[...]) else { return nil }
        while let shorter = Self.withoutExtension(name) { name = shorter }
        return likenesses[String(name)]
    }

    private static func withoutExtension(_ likeness: Substring) -> Substring? {
        for end in extensions where likeness.hasSuffix(" " + end) { return likeness.dropLast(end.count + 1) }
        return nil
    }

    /// As they stand in a likeness.
    private static let extensions = [
        "vo", "v o", "os", "o s", "oc", "o c", "contd", "cont d", "cont", "continued", "voiceover", "voice over", "offscreen",
        "off screen",
    ]

    /// A name without emphasis, brackets, quotes, list marks, numbers and times before it, extensions and a colon behind it.
    static func undressed(_ text: String) -> String {
        var words = WideBlank.folded(Emphasis.plain(text))[...]
        words = words.drop { isDress($0) }
        while let rest = withoutNumber(words) { words = rest.drop { isDress($0) } }
        while let last = words.last {
            if last == ")" || last == "）" {
                words = words[..<(words.lastIndex { $0 == "(" || $0 == "（" } ?? words.index(before: words.endIndex))]
            } else if isDress(last) || "\\^:：".contains(last) {
                words = words.dropLast()
            } else {
                break
            }
        }
        return words.split { $0.isWhitespace }.joined(separator: " ")
    }

    private static func isDress(_ character: Character) -> Bool {
        character.isWhitespace || "-–—*•·+#><[]{}|`\"'“”‘’«»„_@~(".contains(character)
    }

    /// `1.`, `2)`, `00:07`, `[0:00:07.5]`; not the `2` of `2ND GUARD` or `2 GUARDS`.
    private static func withoutNumber(_ words: Substring) -> Substring? {
        let rest = words.drop { ($0.isASCII && $0.isNumber) || ":.,".contains($0) }
        guard rest.startIndex > words.startIndex, words.first?.isNumber == true, let next = rest.first else { return nil }
        let number = words[..<rest.startIndex]
        if "])-–>|".contains(next) || (next.isWhitespace && number.contains { !$0.isNumber }) { return rest.dropFirst() }
        return number.last == "." ? rest : nil
    }
}

/// Whether a text looks like a name, and in which letters.
struct NameShape {
    enum Letters { case capitals, capitalized, withoutCase }

    let letters: Letters
    /// Whether it stands for a person wherever it is written: in capitals or in letters that have none.
    var isPlain: Bool { letters != .capitalized }

    /// - Parameter name: undressed. Nil if it looks like none: four words or more, a sentence, or what a screenplay calls its parts.
    init?(_ name: String) {
        let words = name.split(separator: " ")
        guard Self.isShort(name), name.count >= 2 else { return nil }
        if Capitals.isAll(Array(name.utf8)[...]) {
            letters = .capitals
        } else if !name.unicodeScalars.contains(where: { $0.properties.isUppercase || $0.properties.isLowercase }) {
            guard name.count <= 12 else { return nil }
            letters = .withoutCase
        } else {
            guard words.allSatisfy({ $0.first.map { $0.isUppercase || $0.isNumber } ?? false }) else { return nil }
            letters = .capitalized
        }
    }

    /// Whether it could be somebody's name if it came again and again: whatever its letters' case.
    static func isShort(_ name: String) -> Bool {
        let words = name.split(separator: " ")
        return (1...3).contains(words.count) && name.utf8.count <= 40 && name.contains(where: \.isLetter) && words.allSatisfy(isWord)
            && !words.contains { noNames.contains($0.lowercased()) }
    }

    /// Letters and digits, and what stands inside names; the first is a letter or a digit.
    private static func isWord(_ word: Substring) -> Bool {
        guard let first = word.first, first.isLetter || first.isNumber || first == "#", word.contains(where: \.isLetter) || word.count <= 3
        else { return false }
        return word.allSatisfy { $0.isLetter || $0.isNumber || "'’.-#&/・".contains($0) } && (word.last != "." || word.count <= 4)
    }

    /// Words of which a screenplay's own lines are made.
    static let noNames: Set<String> = [
        "act", "angle", "beat", "black", "caption", "card", "chapter", "chyron", "close", "closeup", "continued", "continuous", "contd",
        "credits", "cut", "dawn", "day",
        "dissolve", "dusk", "end", "ends", "episode", "evening", "ext", "fade", "fades", "flash", "flashback", "fx", "headline", "insert",
        "int", "interlude", "intercut",
        "intro", "later", "logo", "meanwhile", "midnight", "moments", "montage", "morning", "music", "night", "noon", "note", "notes",
        "now", "omitted", "on",
        "outro", "over", "part", "pause", "pov", "prologue", "epilogue", "scene", "scenes", "sfx", "shot", "sign", "silence", "smash",
        "sound", "sounds", "split", "subtitle", "super",
        "superimpose", "teaser", "text", "theme", "title", "titles", "tone", "transition", "warning", "wide",
    ]
}
