public import EpCore

/// A script in Fountain 1.1, the plain-text screenplay standard. Any text is a script: what fits nothing is action.
public struct Script: Sendable {
    /// The name of the file, as diagnostics show it.
    public let file: String
    /// Empty if there is no title page.
    public let titlePage: [TitlePageEntry]
    /// Everything else, in the order of the file.
    public let elements: [Element]
    /// What is spoken, in order.
    public private(set) var lines: [Line]
    /// The top-level sections; first an untitled one, if something is said before them.
    public private(set) var chapters: [Chapter]
    public private(set) var cues: [Cue]
    /// What notes ask of the mix.
    public private(set) var directions: [Direction]
    /// The file, for those who look at its lines.
    let source: [UInt8]
    /// Notes and boneyards that were opened and never closed; they stand as text.
    let unclosed: [(kind: Mark.Kind, location: SourceLocation)]

    /// Reads a script from UTF-8 bytes, with or without a byte-order mark, with any line ends.
    /// - Throws: `.badInput` with the place of the first bytes that are not UTF-8, or for what is no text; nothing else.
    public init(parsing bytes: [UInt8], file: String) throws(Diagnostic) {
        let remedy = "save the file as UTF-8; `epbuild script --import FILE` reads Word documents and other encodings, too"
        if let problem = WrittenText.problem(in: bytes, "the script", of: file, remedy: remedy) { throw problem }
        var parser = Parser(bytes)
        parser.parse()
        let rehearsal = Rehearsal(of: parser.elements, file: file)
        self.file = file
        source = bytes
        titlePage = parser.titlePage
        elements = parser.elements
        unclosed = parser.unclosed.map { ($0.kind, $0.span.location(in: file)) }
        lines = rehearsal.lines
        chapters = rehearsal.chapters
        cues = rehearsal.cues
        directions = rehearsal.directions
    }

    /// What to do about a script in which nobody speaks: perhaps it is of another form.
    public static let silenceRemedy =
        "write a speaker's name in capitals on a line of its own, and what is said on the next; "
        + "`epbuild script --import FILE` reads other forms of scripts"

    /// Whether two scripts are the same apart from where their elements stand.
    public func isSame(as other: Script) -> Bool {
        titlePage.count == other.titlePage.count && elements.count == other.elements.count
            && zip(titlePage, other.titlePage).allSatisfy { $0.key == $1.key && $0.values == $1.values }
            && zip(elements, other.elements).allSatisfy { $0.isSame(as: $1) }
    }

    /// The script without some of what is spoken: the rest follows on, and cues keep their places.
    /// - Parameter kept: indices of lines, in their order.
    public func speaking(only kept: [Int]) -> Script {
        guard kept.count < lines.count else { return self }
        /// How many of the kept lines come before one.
        func count(before line: Int) -> Int { kept.firstIndex { $0 >= line } ?? kept.count }
        var script = self
        script.lines = kept.map { lines[$0] }
        script.chapters = chapters.map { chapter in
            Chapter(
                title: chapter.title, lines: count(before: chapter.lines.lowerBound)..<count(before: chapter.lines.upperBound),
                location: chapter.location)
        }
        script.cues = cues.map { Cue(kind: $0.kind, name: $0.name, beforeLine: count(before: $0.beforeLine), location: $0.location) }
        // A sound on a word goes with its line.
        script.directions = directions.filter { $0.word == 0 || kept.contains($0.line) }.map {
            Direction(kind: $0.kind, line: count(before: $0.line), word: $0.word, location: $0.location)
        }
        return script
    }

    /// The script with a line that its text does not hold: before all that is said, behind the music that opens it, or right behind the
    /// last line.
    /// - Parameter location: where the line is written.
    public func saying(_ text: String, by speaker: String, first isFirst: Bool, at location: SourceLocation) -> Script {
        let place = isFirst ? 0 : lines.count
        func moved(_ line: Int) -> Int { line >= place ? line + 1 : line }
        var script = self
        script.lines.insert(Line(speaker: speaker, text: text, delivery: "", stressed: [], isDual: false, location: location), at: place)
        let home = isFirst ? chapters.firstIndex { !$0.lines.isEmpty } : chapters.lastIndex { !$0.lines.isEmpty }
        script.chapters = chapters.enumerated().map { index, chapter in
            let range = chapter.lines
            if index == home {
                return Chapter(title: chapter.title, lines: range.lowerBound..<range.upperBound + 1, location: chapter.location)
            }
            guard let home, index > home else { return chapter }
            return Chapter(title: chapter.title, lines: range.lowerBound + 1..<range.upperBound + 1, location: chapter.location)
        }
        script.cues = cues.map { cue in
            let stays = isFirst && cue.kind == .music && cue.beforeLine == 0
            return Cue(kind: cue.kind, name: cue.name, beforeLine: stays ? 0 : moved(cue.beforeLine), location: cue.location)
        }
        script.directions = directions.map { Direction(kind: $0.kind, line: moved($0.line), word: $0.word, location: $0.location) }
        return script
    }
}

/// A key of the title page and its values: `Title: How Rockets Work`.
public struct TitlePageEntry: Hashable, Sendable {
    /// As written, without the colon.
    public let key: String
    /// One a line, as written, without indentation. Empty if there are none.
    public let values: [String]
    public let span: SourceSpan
}
