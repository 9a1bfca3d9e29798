/// The front of a line that may say who speaks: `Sam:`, `[Sam]:`, `**Sam** —`, `SAM - `, `Sam (whispering)：`.
struct SpeakerTag {
    /// How the name is set apart from the words, the plainest first.
    enum Form: Hashable {
        case colon
        /// Set apart twice: `**Sam:**`, `[Sam]:`.
        case marked
        /// ` - `, a tab, `|`, `Sam> `, `<Sam> `, `山田「…」`.
        case dash, tab, chat, quote
        /// By a mark alone: `**Sam** words`, `[Sam] words`.
        case mark
        /// By what any sentence may have: `Sam; words`, `Sam -> words`, `Sam—words`, `(Sam) words`.
        case weak
        /// The source says that it is one: a column of a table, a voice tag.
        case declared
    }

    var name: SpeakerName
    let form: Form
    /// What follows, without white space at its ends.
    let words: String

    /// Reads the front of a line without list marks and times; nil if nothing there looks like a name.
    /// - Parameter boldLength: characters at the front that are bold in the source.
    static func read(_ line: Substring, boldLength: Int = 0) -> SpeakerTag? {
        let line = line.trimmed
        return wrapped(line) ?? plain(line, boldLength) ?? bold(line, boldLength)
    }

    /// A line that is only a name, perhaps with a colon: its words stand below.
    static func alone(_ line: Substring) -> (name: SpeakerName, hasColon: Bool, isInBrackets: Bool)? {
        var text = line.trimmed
        guard text.utf8.count <= 200 else { return nil }
        for mark in ["***", "**", "__", "*", "_"] where text.count > 2 * mark.count && text.hasPrefix(mark) && text.hasSuffix(mark) {
            text = text.dropFirst(mark.count).dropLast(mark.count).trimmed
        }
        var (hasColon, isInBrackets) = (isColon(text.last), false)
        if hasColon { text = text.dropLast().trimmed }
        for (open, close) in [("[", "]"), ("<", ">"), ("【", "】"), ("**", "**"), ("__", "__")]
        where text.count > open.count + close.count && text.hasPrefix(open) && text.hasSuffix(close) {
            text = text.dropFirst(open.count).dropLast(close.count).trimmed
            isInBrackets = isInBrackets || !open.hasPrefix("*") && !open.hasPrefix("_")
            if isColon(text.last) { (hasColon, text) = (true, text.dropLast().trimmed) }
        }
        return SpeakerName(text).map { ($0, hasColon, isInBrackets) }
    }

    private static func isColon(_ character: Character?) -> Bool { character == ":" || character == "：" || character == "﹕" }

    // MARK: names between marks

    private static func wrapped(_ line: Substring) -> SpeakerTag? {
        for (open, close) in [
            ("***", "***"), ("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("[", "]"), ("【", "】"), ("<", ">"), ("{", "}"), ("(", ")"),
        ] where line.hasPrefix(open) {
            let rest = line.dropFirst(open.count)
            guard let end = rest.prefix(64).firstRange(of: close) else { continue }
            let (inside, behind) = (rest[..<end.lowerBound].trimmed, rest[end.upperBound...])
            let hasColonInside = isColon(inside.last)
            guard let name = SpeakerName(hasColonInside ? inside.dropLast() : inside) else { return nil }
            return tag(name, open: open, hasColonInside: hasColonInside, behind: behind)
        }
        return nil
    }

    private static func tag(_ name: SpeakerName, open: String, hasColonInside: Bool, behind: Substring) -> SpeakerTag? {
        var (name, behind) = (name, behind.trimmed)
        if !hasColonInside, let (group, rest) = group(behind), isColon(rest.first) || isDash(rest) {
            name.deliveries.append(group)
            behind = rest
        }
        let isSetApart = hasColonInside || isColon(behind.first)
        if !hasColonInside, isSetApart { behind = behind.dropFirst().trimmed }
        if isSetApart { return SpeakerTag(name: name, form: .marked, words: String(behind)) }
        if isDash(behind) { return SpeakerTag(name: name, form: .marked, words: String(behind.dropFirst().drop { $0 == "-" }.trimmed)) }
        if behind.isEmpty || open == "*" || open == "_" { return nil }
        if LineMarks.afterTime(behind, inBrackets: false)?.isEmpty == true {
            name.hasTime = true
            return SpeakerTag(name: name, form: .mark, words: "")
        }
        return SpeakerTag(name: name, form: open == "<" ? .chat : open == "(" ? .weak : .mark, words: String(behind))
    }

    /// `(whispering)` at the front.
    private static func group(_ text: Substring) -> (String, Substring)? {
        guard text.first == "(", let end = text.prefix(48).firstIndex(of: ")") else { return nil }
        return (String(text[text.index(after: text.startIndex)..<end]), text[text.index(after: end)...].trimmed)
    }

    private static func isDash(_ text: Substring) -> Bool {
        for dash in ["- ", "– ", "— ", "-- "] where text.hasPrefix(dash) { return true }
        return false
    }

    // MARK: names before a separator

    private static func plain(_ line: Substring, _ boldLength: Int) -> SpeakerTag? {
        var weak: SpeakerTag?
        var depth = 0
        var index = line.startIndex
        var previous: Character = " "
        for _ in 0..<72 where index < line.endIndex {
            let character = line[index]
            let next = line.index(after: index)
            if "([（".contains(character) { depth += 1 } else if ")]）".contains(character) { depth -= 1 }
            if depth == 0, let (form, end) = separator(line, index, next, previous) {
                let found = tag(
                    line, index, end, form, isBold: boldLength > 0 && line.distance(from: line.startIndex, to: index) <= boldLength)
                if form != .weak { return found ?? weak }
                if weak == nil { weak = found }
            }
            (previous, index) = (character, next)
        }
        return weak
    }

    private static func tag(
        _ line: Substring, _ separator: Substring.Index, _ end: Substring.Index, _ form: Form, isBold: Bool
    ) -> SpeakerTag? {
        guard var name = SpeakerName(line[..<separator]) else { return nil }
        if form == .quote { return SpeakerTag(name: name, form: form, words: unquoted(line[separator...])) }
        var words = line[end...].trimmed
        if form == .tab, let rest = LineMarks.afterTime(words, inBrackets: false), !rest.isEmpty { (words, name.hasTime) = (rest, true) }
        return SpeakerTag(name: name, form: isBold ? .marked : form, words: String(words))
    }

    /// - Returns: where the separator at an index ends; nil if none is there.
    private static func separator(
        _ line: Substring, _ index: Substring.Index, _ next: Substring.Index, _ previous: Character
    ) -> (Form, Substring.Index)? {
        let rest = line[next...]
        switch line[index] {
        case "：", "﹕": return (.colon, next)
        case ":":
            // `Sam:: Hello`, `Sam:- Hello`
            let doubled = rest.drop { ":-–—".contains($0) }
            if doubled.startIndex > next, doubled.first?.isWhitespace == true { return (.colon, doubled.startIndex) }
            let isClock = previous.isNumber && rest.first?.isNumber == true
            return isClock || isAddress(rest, previous) && !isSpaceless(line, index) ? nil : (.colon, next)
        case "\t", "|": return (.tab, next)
        case "-", "–", "—", "=": return dash(line, index, rest, isSpaced: previous.isWhitespace)
        case ">" where rest.first?.isWhitespace == true: return (previous.isWhitespace ? .weak : .chat, next)
        case ";" where rest.first?.isWhitespace == true: return (.weak, next)
        case "「", "『": return line.last == "」" || line.last == "』" ? (.quote, next) : nil
        default: return nil
        }
    }

    /// `Sam - Hello`, `Sam -- Hello`; weakly `Sam -> Hello`, `Sam = Hello`, `Sam- Hello`, `Sam—Hello`.
    private static func dash(_ line: Substring, _ index: Substring.Index, _ rest: Substring, isSpaced: Bool) -> (Form, Substring.Index)? {
        let mark = line[index]
        let behind = rest.drop { $0 == mark }
        if isSpaced, behind.first == ">", behind.dropFirst().first?.isWhitespace == true {
            return (.weak, behind.index(after: behind.startIndex))
        }
        if behind.first?.isWhitespace == true { return (isSpaced && mark != "=" ? .dash : .weak, behind.startIndex) }
        return !isSpaced && (mark == "—" || mark == "–") && !behind.isEmpty ? (.weak, behind.startIndex) : nil
    }

    /// `//` behind a colon, or letters on both sides of it: `http://…`, `a:b`.
    private static func isAddress(_ rest: Substring, _ previous: Character) -> Bool {
        guard let first = rest.first, first.isASCII, previous.isASCII else { return false }
        if rest.hasPrefix("//") { return true }
        let isMark = "\"'*_([".contains(first)
        return !first.isWhitespace && !previous.isWhitespace && !isMark
    }

    /// `SAM:Hello` is dialogue without a space; `a:b` and `C:\x` are none.
    private static func isSpaceless(_ line: Substring, _ colon: Substring.Index) -> Bool {
        let name = line[..<colon]
        guard name.count > 1, !line[colon...].hasPrefix("://"), let speaker = SpeakerName(name) else { return false }
        return speaker.look != .small && !SpeakerName.others.contains(speaker.key)
    }

    private static func unquoted(_ text: Substring) -> String {
        let inside = text.dropFirst().dropLast()
        return inside.contains { "「」『』".contains($0) } ? String(text) : String(inside.trimmed)
    }

    private static func bold(_ line: Substring, _ length: Int) -> SpeakerTag? {
        guard length > 0, length < line.count else { return nil }
        let end = line.index(line.startIndex, offsetBy: length)
        return SpeakerName(line[..<end]).map { SpeakerTag(name: $0, form: .mark, words: String(line[end...].trimmed)) }
    }
}
