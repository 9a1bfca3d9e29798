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

    /// What comes after a line.
    enum Following { case gap, text }

    struct Reading: Equatable {
        let kind: Element.Kind
        /// Where in the line the element's text is.
        let text: Range<Int>

        init(_ kind: Element.Kind, _ text: ArraySlice<UInt8>) {
            self.kind = kind
            self.text = text.startIndex..<text.endIndex
        }
    }

    /// - Parameter line: not blank, without marks, without white space at its end.
    static func read(_ line: ArraySlice<UInt8>, in place: Place, followedBy following: Following) -> Reading {
        let words = line.trimmedFront
        if let structure = structure(words, inSpeech: place == .speech) { return structure }
        if place == .speech { return speech(words) }
        if let forced = forced(words, isFirst: place == .gap) { return forced }
        if let cue = sound(words) { return cue }
        if place == .gap, let plain = plain(words, following) { return plain }
        return Reading(.action, line)
    }

    /// Page breaks, sections and synopses, which end a speech; there they need a space after their mark,
    /// so that `#1 on the list` can be said.
    static func structure(_ words: ArraySlice<UInt8>, inSpeech: Bool) -> Reading? {
        guard let mark = words.first, mark == UInt8(ascii: "#") || mark == UInt8(ascii: "=") else { return nil }
        let afterMarks = words.drop { $0 == mark }
        let level = afterMarks.startIndex - words.startIndex
        if mark == UInt8(ascii: "="), level >= 3, afterMarks.isEmpty { return Reading(.pageBreak, afterMarks) }
        let rest = mark == UInt8(ascii: "#") ? afterMarks : words.dropFirst()
        if inSpeech, let first = rest.first, !first.isBlank { return nil }
        let text = rest.trimmed
        if text.isEmpty { return nil }
        return Reading(mark == UInt8(ascii: "#") ? .section(level: level) : .synopsis, text)
    }

    private static func speech(_ words: ArraySlice<UInt8>) -> Reading {
        if isParenthetical(words) { return Reading(.parenthetical, words.dropFirst().dropLast().trimmed) }
        if words.first == UInt8(ascii: "~"), words.count > 1 {
            return Reading(.lyrics(inSpeech: true), words.dropFirst().trimmedFront)
        }
        return Reading(.dialogue, words)
    }

    /// Whether the first parenthesis is closed by the last one: `(a) and (b)` is not a parenthetical.
    private static func isParenthetical(_ words: ArraySlice<UInt8>) -> Bool {
        guard words.first == UInt8(ascii: "("), words.last == UInt8(ascii: ")") else { return false }
        var depth = 0
        for byte in words.dropLast() {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 { return false }
        }
        return depth == 1
    }

    /// A kind that a person forced with a mark. A mark with nothing after it is text.
    private static func forced(_ words: ArraySlice<UInt8>, isFirst: Bool) -> Reading? {
        guard let mark = words.first, words.count > 1 else { return nil }
        let rest = words.dropFirst()
        switch mark {
        case UInt8(ascii: "!"): return Reading(.action, rest)
        case UInt8(ascii: "~"): return Reading(.lyrics(inSpeech: false), rest.trimmedFront)
        case UInt8(ascii: ">"): return transition(rest, isFirst: isFirst)
        case UInt8(ascii: "@") where isFirst: return CharacterName.read(rest.trimmedFront)
        case UInt8(ascii: ".") where isFirst && words[words.startIndex + 1].isAlphanumeric: return SceneHeading.read(rest)
        default: return nil
        }
    }

    /// `> text` or `> text <`.
    private static func transition(_ rest: ArraySlice<UInt8>, isFirst: Bool) -> Reading? {
        if rest.last == UInt8(ascii: "<") {
            let text = rest.dropLast().trimmed
            return text.isEmpty ? nil : Reading(.centered, text)
        }
        return isFirst ? Reading(.transition, rest.trimmedFront) : nil
    }

    /// `SFX: name` or `MUSIC: name`, the word in capitals.
    private static func sound(_ words: ArraySlice<UInt8>) -> Reading? {
        guard let (kind, length) = soundWord(words) else { return nil }
        let name = words.dropFirst(length).trimmedFront
        return name.isEmpty ? nil : Reading(kind, name)
    }

    private static func soundWord(_ words: ArraySlice<UInt8>) -> (kind: Element.Kind, length: Int)? {
        if words.prefix(4).ends(with: "SFX:") { return (.effect, 4) }
        return words.prefix(6).ends(with: "MUSIC:") ? (.music, 6) : nil
    }

    /// What is known by its looks: a scene heading, a transition or a character cue. All stand after an empty line.
    private static func plain(_ words: ArraySlice<UInt8>, _ following: Following) -> Reading? {
        let isCapitals = Capitals.isAll(CharacterName.name(of: words))
        if SceneHeading.hasPrefix(words), isCapitals || following == .gap { return SceneHeading.read(words) }
        guard isCapitals else { return nil }
        if words.ends(with: "TO:") { return following == .gap ? Reading(.transition, words) : nil }
        let opensMark = words.first == UInt8(ascii: "[") || words.first == UInt8(ascii: "/")
        if following == .gap || opensMark || soundWord(words) != nil { return nil }
        return CharacterName.read(words)
    }
}
