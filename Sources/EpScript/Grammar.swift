/// What one line is, from its words and its neighbours. The parser reads with it, and the writer asks it whether
/// a line must be forced.
enum Grammar {
    /// Where a line stands.
    enum Place {
        /// After an empty line, or after an element that stands alone.
        case gap
        /// After a line of action.
        case action
        /// After a character cue or what belongs to it.
        case speech
    }

    /// What comes after a line: an empty line, words, or words after a line of two spaces.
    enum Following { case gap, text, spacedText }

    struct Reading: Equatable {
        let kind: Element.Kind
        /// Where in the line the element's text is.
        let text: Range<Int>

        init(_ kind: Element.Kind, _ text: ArraySlice<UInt8>) {
            self.kind = kind
            self.text = text.startIndex..<text.endIndex
        }
    }

    /// - Parameters:
    ///   - line: not blank, without marks, without white space at its end.
    ///   - endsInBlank: whether there was some: it tells that `CUT TO: ` is no transition.
    static func read(_ line: ArraySlice<UInt8>, in place: Place, followedBy following: Following, endsInBlank: Bool = false) -> Reading {
        let words = line.trimmedFront
        if let structure = structure(words, inSpeech: place == .speech) { return structure }
        if place == .speech { return forcedInSpeech(words) ?? speech(words) }
        if let forced = forced(words, isFirst: place == .gap) { return forced }
        if let cue = sound(words) { return cue }
        if place == .gap, let plain = plain(words, following, endsInBlank) { return plain }
        return Reading(.action, line)
    }

    /// Whether a line inside a speech ends it.
    static func endsSpeech(_ words: ArraySlice<UInt8>) -> Bool { structure(words, inSpeech: true) != nil || forcedInSpeech(words) != nil }

    /// Page breaks, rules, sections and synopses, which end a speech; there they need a space after their mark,
    /// so that `#1 on the list` can be said.
    private static func structure(_ words: ArraySlice<UInt8>, inSpeech: Bool) -> Reading? {
        guard let mark = words.first, mark == UInt8(ascii: "#") || mark == UInt8(ascii: "=") else {
            return isRule(words) ? Reading(.pageBreak, words[words.endIndex...]) : nil
        }
        let afterMarks = words.drop { $0 == mark }
        let level = afterMarks.startIndex - words.startIndex
        if mark == UInt8(ascii: "="), level >= 3, afterMarks.isEmpty { return Reading(.pageBreak, afterMarks) }
        let rest = mark == UInt8(ascii: "#") ? afterMarks : words.dropFirst()
        if inSpeech, let first = rest.first, !first.isBlank { return nil }
        let text = rest.trimmed
        if text.isEmpty { return nil }
        return Reading(mark == UInt8(ascii: "#") ? .section(level: level) : .synopsis, text)
    }

    /// A line that somebody draws across the page: three dashes, stars or underscores or more, and nothing else.
    private static func isRule(_ words: ArraySlice<UInt8>) -> Bool {
        guard let mark = words.first, mark == UInt8(ascii: "-") || mark == UInt8(ascii: "*") || mark == UInt8(ascii: "_") || mark == 0xE2
        else { return false }
        if mark == 0xE2 {
            let text = words.text
            return text.count { $0 == "—" || $0 == "–" } >= 3 && text.allSatisfy { $0 == "—" || $0 == "–" }
        }
        return words.count { $0 == mark } >= 3 && words.allSatisfy { $0 == mark || $0.isBlank }
    }

    private static func speech(_ words: ArraySlice<UInt8>) -> Reading {
        if let delivery = Parentheses.delivery(words) { return Reading(.parenthetical, delivery) }
        if words.first == UInt8(ascii: "~"), words.count > 1 {
            return Reading(.lyrics(inSpeech: true), words.dropFirst().trimmedFront)
        }
        return Reading(.dialogue, words)
    }

    /// A kind that a person forced inside a speech, and that ends it. Words may begin with the same marks: what could be said stays said.
    private static func forcedInSpeech(_ words: ArraySlice<UInt8>) -> Reading? {
        guard let mark = words.first, words.count > 1 else { return nil }
        let rest = words.dropFirst()
        switch mark {
        case UInt8(ascii: "!") where rest.contains(where: \.isAlphanumeric): return Reading(.action, rest)
        case UInt8(ascii: "@") where rest[rest.startIndex].isAlphanumeric: return CharacterName.read(rest)
        case UInt8(ascii: "."): return forcedHeading(rest)
        case UInt8(ascii: ">") where rest.contains(where: \.isAlphanumeric): return transition(rest)
        default: return nil
        }
    }

    /// Where a full stop may be one of the words, a heading has capitals only.
    private static func forcedHeading(_ rest: ArraySlice<UInt8>) -> Reading? {
        rest[rest.startIndex].isAlphanumeric && Capitals.isAll(rest) ? SceneHeading.read(rest) : nil
    }

    /// A kind that a person forced with a mark. A mark with nothing after it is text.
    private static func forced(_ words: ArraySlice<UInt8>, isFirst: Bool) -> Reading? {
        guard let mark = words.first, words.count > 1 else { return nil }
        let rest = words.dropFirst()
        switch mark {
        case UInt8(ascii: "!"): return Reading(.action, rest)
        case UInt8(ascii: "~"): return Reading(.lyrics(inSpeech: false), rest.trimmedFront)
        case UInt8(ascii: ">"): return transition(rest)
        case UInt8(ascii: "@") where isFirst || rest[rest.startIndex].isAlphanumeric: return CharacterName.read(rest.trimmedFront)
        case UInt8(ascii: "."):
            guard isFirst else { return forcedHeading(rest) }
            return rest[rest.startIndex].isAlphanumeric ? SceneHeading.read(rest) : nil
        default: return nil
        }
    }

    /// `> text` or `> text <`.
    private static func transition(_ rest: ArraySlice<UInt8>) -> Reading? {
        guard rest.last == UInt8(ascii: "<") else { return Reading(.transition, rest.trimmedFront) }
        let text = rest.dropLast().trimmed
        return text.isEmpty ? nil : Reading(.centered, text)
    }

    /// `SFX: name` or `MUSIC: name`, the word in capitals; the line may be emphasized, or stand in brackets or parentheses.
    private static func sound(_ words: ArraySlice<UInt8>) -> Reading? {
        let line = withoutBrackets(Parentheses.withoutEmphasis(words))
        guard let (kind, length) = soundWord(line) else { return nil }
        let name = line.dropFirst(length).trimmedFront
        return name.isEmpty ? nil : Reading(kind, name)
    }

    private static func withoutBrackets(_ words: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBracketed = words.first == UInt8(ascii: "[") && words.firstIndex(of: UInt8(ascii: "]")) == words.endIndex - 1
        return isBracketed || Parentheses.enclose(words) ? words.dropFirst().dropLast().trimmed : words
    }

    private static func soundWord(_ words: ArraySlice<UInt8>) -> (kind: Element.Kind, length: Int)? {
        if words.prefix(4).ends(with: "SFX:") { return (.effect, 4) }
        return words.prefix(6).ends(with: "MUSIC:") ? (.music, 6) : nil
    }

    /// What is known by its looks: a scene heading, a transition or a character cue. All stand after an empty line.
    private static func plain(_ words: ArraySlice<UInt8>, _ following: Following, _ endsInBlank: Bool) -> Reading? {
        let isCapitals = Capitals.isAll(CharacterName.name(of: words))
        if SceneHeading.hasPrefix(words), isCapitals || following != .text { return SceneHeading.read(words) }
        guard isCapitals else { return nil }
        if words.ends(with: "TO:") { return following != .text && !endsInBlank ? Reading(.transition, words) : nil }
        let opensMark = words.first == UInt8(ascii: "[") || words.first == UInt8(ascii: "/")
        if following == .gap || opensMark || soundWord(words) != nil { return nil }
        return CharacterName.read(words)
    }
}
