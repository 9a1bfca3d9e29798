/// Captions in SubRip or WebVTT: what is said and by whom, as far as they tell.
struct Captions {
    private(set) var source = Source()
    private var doubts: Doubts
    private let lines: [Substring]
    private var number = 0
    private let isWebVTT: Bool
    /// The words so far of a sentence that goes on in the next caption.
    private var open: (speaker: String?, text: String, place: Place)?

    static func read(_ text: TextFile, doubts: inout Doubts) -> Source {
        var reader = Captions(text.lines, doubts)
        reader.read()
        doubts = reader.doubts
        return reader.source
    }

    /// Whether text is captions: it says so, or its first lines have a time with an arrow.
    static func isCaptions(_ text: TextFile) -> Bool {
        text.text.hasPrefix("WEBVTT") || text.lines.prefix(12).contains(where: isTime)
    }

    private init(_ lines: [Substring], _ doubts: Doubts) {
        self.lines = lines
        isWebVTT = lines.first?.hasPrefix("WEBVTT") == true
        self.doubts = doubts
    }

    /// `00:00:01,000 --> 00:00:02,500 align:start`
    private static func isTime(_ line: Substring) -> Bool { afterTime(line) != nil }

    /// What follows the second time; nil if the line is none of times.
    private static func afterTime(_ line: Substring) -> Substring? {
        guard let arrow = line.firstRange(of: "-->"),
            LineMarks.afterTime(line[..<arrow.lowerBound], inBrackets: false)?.isEmpty == true
        else { return nil }
        return LineMarks.afterTime(line[arrow.upperBound...], inBrackets: false)
    }

    /// The words behind the times of a line, where no words belong; without settings, as in `line:0 align:start` or `X1:40 Y1:20`.
    private static func words(behindTimeOf line: Substring) -> String {
        let parts = (afterTime(line) ?? "").split(whereSeparator: \.isWhitespace)
        return parts.drop { part in settings.contains { part.hasPrefix($0) } }.joined(separator: " ")
    }

    private static let settings = ["align:", "line:", "position:", "region:", "size:", "vertical:", "X1:", "X2:", "Y1:", "Y2:"]

    private mutating func read() {
        var index = 0
        while index < lines.count {
            let end = lines[index...].firstIndex { $0.trimmed.isEmpty } ?? lines.count
            if end > index { read(index..<end) }
            index = end + 1
        }
        endSentence()
    }

    /// One block: a caption with its number and time, or a comment, or settings.
    private mutating func read(_ block: Range<Int>) {
        guard var time = block.first(where: { Self.isTime(lines[$0]) }) else { return readOther(block) }
        var head = block.lowerBound..<time
        if let last = head.last, isWebVTT || lines[last].trimmed.allSatisfy(\.isNumber) {
            head = head.dropLast()
            noteName(at: last)
        }
        if !head.isEmpty { readOther(head) }
        while true {
            number += 1
            // A time without an empty line above begins the next caption.
            guard let next = (time + 1..<block.upperBound).first(where: { Self.isTime(lines[$0]) }) else {
                return readCaption(time + 1..<block.upperBound, behindTime: Self.words(behindTimeOf: lines[time]))
            }
            let isNumbered = next - 1 > time && lines[next - 1].trimmed.allSatisfy(\.isNumber)
            readCaption(time + 1..<(isNumbered ? next - 1 : next), behindTime: Self.words(behindTimeOf: lines[time]))
            time = next
        }
    }

    /// What stands above a time in WebVTT names the caption, also where somebody has written words there.
    private mutating func noteName(at index: Int) {
        let name = lines[index].trimmed
        guard name.contains(where: \.isWhitespace), name.contains(where: \.isLetter) else { return }
        doubts.note(
            "\(String(name).excerpt) stands above a time, where captions have their names, and is left out",
            at: Place(number + 1, line: index + 1), remedy: "write it below the time if it is said")
    }

    private mutating func readOther(_ block: Range<Int>) {
        let first = lines[block.lowerBound].trimmed
        if first.hasPrefix("WEBVTT") { return noteHeader(block.dropFirst()) }
        // They stand before all captions, and only in WebVTT: elsewhere somebody says that.
        if isWebVTT, number == 0, first == "STYLE" || first == "REGION" || first.hasPrefix("STYLE ") { return }
        let text = lines[block].joined(separator: " ").folded
        if block.count == 1, text.allSatisfy(\.isNumber) { return }
        // SubRip has no comments: an empty line stands inside of a caption.
        if !isWebVTT, number > 0 { return readCaption(block) }
        if first == "NOTE" || first.hasPrefix("NOTE ") || first.hasPrefix("NOTE\t") {
            doubts.note(
                "the comment \(String(text.dropFirst(4)).trimmed.description.excerpt) is left out",
                at: Place(max(1, number), line: block.lowerBound + 1), remedy: "write it as a [[note]] if it is wanted")
        } else {
            doubts.note(
                "\(text.excerpt) belongs to no caption and is left out", at: Place(max(1, number), line: block.lowerBound + 1),
                remedy: "give it a time, or import it as text")
        }
    }

    /// What stands below `WEBVTT`: of use are words of programs alone.
    private mutating func noteHeader(_ block: Range<Int>) {
        let known = ["Kind:", "Language:", "X-TIMESTAMP-MAP="]
        guard let index = block.first(where: { index in !known.contains { lines[index].trimmed.hasPrefix($0) } }) else { return }
        doubts.note(
            "\(String(lines[index].trimmed).excerpt) belongs to no caption and is left out", at: Place(1, line: index + 1),
            remedy: "give it a time, or import it as text")
    }

    private mutating func readCaption(_ block: Range<Int>, behindTime words: String = "") {
        if !words.isEmpty { readLine(words, at: Place(number, line: block.lowerBound)) }
        for index in block { readLine(String(lines[index]), at: Place(number, line: index + 1)) }
        // A caption that ends a sentence ends what is said in one breath.
        if let open, Self.isEnded(open.text) || open.text.utf8.count > Self.mostBytes { endSentence() }
    }

    private mutating func readLine(_ line: String, at place: Place) {
        for part in voices(of: line) {
            let text = Self.clean(part.text)
            if !text.isEmpty { read(text, by: part.speaker, at: place) }
        }
    }

    /// One line, whose front may say who speaks.
    private mutating func read(_ text: String, by speaker: String?, at place: Place) {
        if let speaker { return say(text, by: speaker, at: place) }
        let isDash = Self.hasDash(text)
        let words = isDash ? String(text.dropFirst().trimmed) : text
        let line = DialogueLine(Block(.text, words, at: place))
        if isDash || line.isTagged || line.aside != nil { endSentence() }
        if isDash, !line.isTagged, line.aside == nil {
            doubts.note("\(words.excerpt) is said by somebody else, who is not named", at: place, remedy: "write NAME: in front of it")
            return say(words, by: nil, at: place)
        }
        say(words, by: nil, at: place)
        if line.aside != nil { endSentence() }
    }

    private static func hasDash(_ text: String) -> Bool {
        guard let first = text.first, "-–—‐".contains(first) else { return false }
        return text.dropFirst().first.map { $0.isWhitespace || $0.isLetter } ?? false
    }

    private mutating func say(_ text: String, by speaker: String?, at place: Place) {
        if let known = open, known.speaker == speaker || speaker == nil {
            open = (known.speaker, known.text + " " + text, known.place)
        } else {
            endSentence()
            open = (speaker, text, place)
        }
    }

    private mutating func endSentence() {
        guard let sentence = open else { return }
        open = nil
        let kind = sentence.speaker.map { Block.Kind.speech(by: $0) } ?? .text
        source.blocks.append(Block(kind, sentence.text, at: sentence.place, isParagraph: true))
    }

    /// Captions that a program wrote have no full stops: a line of so many bytes ends where its caption does.
    private static let mostBytes = 300

    private static func isEnded(_ text: String) -> Bool {
        let words = text.trimmed.reversed().drop { "\"”’»)]*_".contains($0) }
        return words.first.map { ".!?…。！？♪".contains($0) } ?? true
    }

    // MARK: tags

    /// The parts of a line that have a voice of their own: `<v Sam>Hello`.
    private func voices(of line: String) -> [(speaker: String?, text: String)] {
        var parts: [(speaker: String?, text: String)] = []
        var rest = line[...]
        var speaker: String?
        while let tag = rest.firstRange(of: "<v"), let end = rest[tag.upperBound...].firstIndex(of: ">"),
            rest[tag.upperBound].isWhitespace || rest[tag.upperBound] == "."
        {
            parts.append((speaker, String(rest[..<tag.lowerBound])))
            // `<v.loud Sam>`: a class stands before the name.
            let inside = rest[tag.upperBound..<end]
            speaker = HTMLText.withoutEntities(String((inside.first == "." ? inside.drop { !$0.isWhitespace } : inside).trimmed))
            rest = rest[rest.index(after: end)...]
        }
        return parts + [(speaker, String(rest))]
    }

    /// Without tags, `{\an8}` and entities.
    private static func clean(_ text: String) -> String {
        let text = HTMLText.withoutEntities(HTMLText.withoutTags(text))
        var kept = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "{\\"), let close = rest[open.upperBound...].firstIndex(of: "}") {
            // The name of a font may have blanks in it; anything else that has is words.
            let isTag = rest[open.upperBound...].hasPrefix("fn") || !rest[open.upperBound..<close].contains(where: \.isWhitespace)
            kept += isTag ? rest[..<open.lowerBound] : rest[...close]
            rest = rest[rest.index(after: close)...]
        }
        return (kept + rest).replacing("\\N", with: " ").replacing("\\h", with: " ").folded
    }
}
