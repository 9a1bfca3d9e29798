/// A line of text without its list mark and its time, and what its front says.
struct DialogueLine {
    /// Without list mark, quotation mark and a time in brackets.
    let words: String
    let tag: SpeakerTag?
    /// Whether a time was taken away.
    let hadTime: Bool
    /// The line as it stood, for when it turns out not to be speech with a mark in front.
    let whole: String

    init(_ block: Block) {
        whole = String(block.text.trimmed)
        var line = LineMarks.withoutQuote(block.text[...])
        var hadTime = false
        /// From its number on, which is a word where nobody is named behind it.
        var numbered: Substring?
        for _ in 0..<3 {
            if let rest = LineMarks.afterTime(line, inBrackets: true) { (line, hadTime) = (rest, true) }
            let rest = LineMarks.withoutList(line)
            if rest.startIndex == line.drop(while: \.isWhitespace).startIndex { break }
            if numbered == nil, line.trimmed.first?.isNumber == true { numbered = line }
            line = rest
        }
        if let (behind, tag) = Self.tagBehindTime(line) {
            (words, self.tag, self.hadTime) = (String(behind), tag, true)
            return
        }
        let boldLength = line.startIndex == block.text.startIndex ? block.boldLength : 0
        tag = Self.tagBehindManner(line) ?? SpeakerTag.read(line, boldLength: boldLength)
        words = String((tag == nil ? numbered ?? line : line).trimmed)
        self.hadTime = hadTime
    }

    /// `00:07 Sam: Hello`; of small letters, `10:30 is late: very`, it would not be clear.
    private static func tagBehindTime(_ line: Substring) -> (Substring, SpeakerTag)? {
        guard let rest = LineMarks.afterTime(line, inBrackets: false), !rest.isEmpty else { return nil }
        let behind = rest.drop { "-–—|:".contains($0) || $0.isWhitespace }
        guard let tag = SpeakerTag.read(behind), tag.form != .weak, tag.name.look != .small || behind.startIndex != rest.startIndex else {
            return nil
        }
        return (behind.trimmed, tag)
    }

    /// `(sighs) SAM: Hello`, as captions have it.
    private static func tagBehindManner(_ line: Substring) -> SpeakerTag? {
        guard let first = line.first, first == "(" || first == "[", let close = line.prefix(48).firstIndex(of: first == "(" ? ")" : "]")
        else { return nil }
        let inside = String(line[..<close].dropFirst().trimmed)
        guard SpeechText.isManner(inside), var tag = SpeakerTag.read(line[line.index(after: close)...]),
            tag.form == .colon || tag.form == .marked
        else { return nil }
        tag.name.deliveries.append(inside)
        return tag
    }

    /// Whether its front is set apart as that of no other sentence is.
    var isTagged: Bool { tag.map { $0.form != .weak } ?? false }

    /// The name, if that is all there is.
    var alone: (name: SpeakerName, hasColon: Bool, isInBrackets: Bool)? {
        guard !isTagged || tag?.words.isEmpty == true else { return nil }
        return SpeakerTag.alone(words[...])
    }

    /// Whether it says nothing but a time.
    var isTimeAlone: Bool { LineMarks.afterTime(words[...], inBrackets: false)?.isEmpty == true || (hadTime && words.isEmpty) }

    /// `(music)`, `[door slams]`, `*Sam leaves.*`, `♪ la la ♪`: what stands inside, if all of the line is within one pair.
    var aside: (opener: Character, inside: String)? {
        guard let first = words.first,
            let closer =
                (["(": ")", "[": "]", "{": "}", "（": "）", "【": "】", "♪": "♪", "♫": "♫", "*": "*", "_": "_"] as [Character: Character])[
                    first]
        else { return nil }
        let rest = words.dropFirst()
        guard let end = rest.lastIndex(of: closer), rest[rest.index(after: end)...].allSatisfy({ ".!".contains($0) || $0.isWhitespace })
        else { return nil }
        let inside = rest[..<end].trimmed
        guard !inside.isEmpty, first == "♪" || first == "♫" || !inside.contains(first) || "*_".contains(first),
            !inside.contains(closer) || "*_♪♫".contains(first)
        else { return nil }
        if "*_".contains(first) {
            let bare = inside.drop { $0 == first }
            let text = String(bare.trimmed).trimmingEnd(first)
            return text.contains(first) || text.isEmpty ? nil : (first, text)
        }
        return (first, String(inside))
    }
}

extension String {
    fileprivate func trimmingEnd(_ character: Character) -> String {
        var text = self
        while text.last == character { text.removeLast() }
        return String(text.trimmed)
    }
}
