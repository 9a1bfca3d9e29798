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
        let quoted = LineMarks.withoutQuote(block.text[...])
        var line = quoted
        var hadTime = false
        for _ in 0..<3 {
            if let rest = LineMarks.afterTime(line, inBrackets: true) { (line, hadTime) = (rest, true) }
            let rest = LineMarks.withoutList(line)
            if rest.startIndex == line.drop(while: \.isWhitespace).startIndex { break }
            // A list of words is no speech; of a dash, the words are kept as they are where nobody is named.
            line = rest
        }
        if let rest = LineMarks.afterTime(line, inBrackets: false), !rest.isEmpty {
            let behind = rest.drop { "-–—|:".contains($0) || $0.isWhitespace }
            if let tag = SpeakerTag.read(behind) {
                (words, self.tag, self.hadTime) = (String(behind.trimmed), tag, true)
                return
            }
        }
        let boldLength = line.startIndex == block.text.startIndex ? block.boldLength : 0
        (words, tag, self.hadTime) = (String(line.trimmed), SpeakerTag.read(line, boldLength: boldLength), hadTime)
    }

    /// The name, if that is all there is.
    var alone: (name: SpeakerName, hasColon: Bool, isInBrackets: Bool)? {
        guard tag == nil || tag?.words.isEmpty == true else { return nil }
        return SpeakerTag.alone(words[...])
    }

    /// Whether it says nothing but a time.
    var isTimeAlone: Bool { LineMarks.afterTime(words[...], inBrackets: false)?.isEmpty == true || (hadTime && words.isEmpty) }

    /// `(music)`, `[door slams]`, `*Sam leaves.*`, `♪ la la ♪`: what stands inside, if all of the line is within one pair.
    var aside: (opener: Character, inside: String)? {
        guard let first = words.first, let closer = ([ "(": ")", "[": "]", "{": "}", "（": "）", "【": "】", "♪": "♪", "♫": "♫", "*": "*", "_": "_"] as [Character: Character])[first] else { return nil }
        let rest = words.dropFirst()
        guard let end = rest.lastIndex(of: closer), rest[rest.index(after: end)...].allSatisfy({ ".!".contains($0) || $0.isWhitespace }) else { return nil }
        let inside = rest[..<end].trimmed
        guard !inside.isEmpty, first == "♪" || first == "♫" || !inside.contains(first) || "*_".contains(first), !inside.contains(closer) || "*_♪♫".contains(first) else { return nil }
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
