import EpCore

/// An author's notes for one chapter: `# Title`, a summary, and for each scene `## Title`, facts in a list (`- place: tower`), and what
/// happens: paragraphs, and what is said as `> @id: …`. People stand in them as `@id`, so that a name is written in one place; a paragraph
/// `@place` says where the place is described, if that is not at the beginning.
struct ChapterNotes {
    struct Scene {
        let title: String
        /// `place`, `time`, `view`, `summary`; `pace: fast` where nobody has time for asides.
        let facts: [(key: String, value: String)]
        /// Markdown.
        let body: String

        subscript(key: String) -> String? { facts.first { $0.key == key }?.value }

        var value: Value {
            .object([.init("title", .string(title))] + facts.map { .init($0.key, .string($0.value)) } + [.init("notes", .string(body))])
        }

        var isLeisurely: Bool { self["pace"] != "fast" }

        /// The ids of those who speak.
        var speakers: Set<String> { Set(SceneBody(body).lines.map(\.speaker)) }
        /// The ids of all who are named, in the order in which they come.
        var people: [String] { Handles.ids(in: ([body] + facts.map(\.value)).joined(separator: "\n")).filter { $0 != SceneBody.placeMark } }
    }

    let title: String
    let summary: String
    let scenes: [Scene]

    static let factKeys = ["place", "time", "view", "pace", "summary"]

    init(_ text: String) throws(Diagnostic) {
        var title: String?
        var head: [String] = []
        var parts: [(title: String, lines: [String])] = []
        for line in Lines.split(text) {
            if line.hasPrefix("## ") {
                parts.append((Lines.trim(line.dropFirst(3)), []))
            } else if line.hasPrefix("# "), title == nil {
                title = Lines.trim(line.dropFirst(2))
            } else if parts.isEmpty {
                head.append(line)
            } else {
                parts[parts.count - 1].lines.append(line)
            }
        }
        guard let title, !title.isEmpty else {
            throw Prompt.problem(
                "the notes of a chapter have no title", line: 0, remedy: "begin each file of notes with `# ` and the chapter's title")
        }
        self.title = title
        summary = Words.split(head.joined(separator: " ")).joined(separator: " ")
        var scenes: [Scene] = []
        for part in parts { scenes.append(try Self.scene(part.title, part.lines, of: title)) }
        self.scenes = scenes
        guard !scenes.isEmpty else {
            throw Prompt.problem(
                "the chapter \"\(title)\" has no scene in its notes", line: 0,
                remedy: "add `## ` and a scene's title, and under it what happens")
        }
    }

    private static func scene(_ title: String, _ lines: [String], of chapter: String) throws(Diagnostic) -> Scene {
        var facts: [(key: String, value: String)] = []
        var rest = lines[...]
        while let line = rest.first, Lines.trim(line).isEmpty || line.hasPrefix("- ") {
            rest.removeFirst()
            guard line.hasPrefix("- ") else { continue }
            let parts = line.dropFirst(2).split(separator: ":", maxSplits: 1).map { Lines.trim($0) }
            guard parts.count == 2, factKeys.contains(parts[0]) else {
                throw Prompt.problem(
                    "\"\(line)\" in the notes of \"\(title)\" (\"\(chapter)\") is no fact of a scene", line: 0,
                    remedy: Suggestion.remedy(for: parts.first ?? "", in: factKeys))
            }
            facts.append((parts[0], parts[1]))
        }
        let body = Lines.trim(rest.joined(separator: "\n"))
        guard !body.isEmpty else {
            throw Prompt.problem("nothing happens in the scene \"\(title)\" of \"\(chapter)\"", line: 0, remedy: "write it into the notes")
        }
        return Scene(title: title, facts: facts, body: body)
    }
}

/// What happens in a scene, as its notes have it.
struct SceneBody {
    struct Line {
        let speaker: String
        /// How it is said: `to the ceiling`.
        let manner: String?
        let text: String
    }

    static let placeMark = "place"

    enum Block {
        case paragraph(String)
        /// Lines after one another.
        case talk([Line])
    }

    private(set) var blocks: [Block] = []
    /// True if the notes say where the place is described.
    var marksPlace: Bool { blocks.contains { if case .paragraph("@\(Self.placeMark)") = $0 { true } else { false } } }

    var lines: [Line] { blocks.flatMap { block -> [Line] in if case .talk(let lines) = block { lines } else { [] } } }

    init(_ text: String) {
        var open: [String] = []
        var talk: [Line] = []
        func endParagraph() {
            if !open.isEmpty { blocks.append(.paragraph(open.joined(separator: " "))) }
            open = []
        }
        func endTalk() {
            if !talk.isEmpty { blocks.append(.talk(talk)) }
            talk = []
        }
        for line in Lines.split(text).map({ Lines.trim($0) }) {
            if let spoken = Self.line(line) {
                endParagraph()
                talk.append(spoken)
            } else if line.isEmpty {
                endParagraph()
            } else {
                endTalk()
                open.append(line)
            }
        }
        endParagraph()
        endTalk()
    }

    /// `> @id: …` or `> @id (manner): …`.
    private static func line(_ line: String) -> Line? {
        guard line.hasPrefix("> @"), let colon = line.firstIndex(of: ":") else { return nil }
        let head = line[..<colon].dropFirst(3)
        let parts = head.split(separator: "(", maxSplits: 1).map { Lines.trim($0) }
        guard let speaker = parts.first, !speaker.isEmpty else { return nil }
        let manner = parts.count > 1 && parts[1].hasSuffix(")") ? String(parts[1].dropLast()) : nil
        return Line(speaker: speaker, manner: manner, text: Lines.trim(line[line.index(after: colon)...]))
    }
}

/// `@id` and `@id.last` in notes: somebody's name.
enum Handles {
    /// Each once, in order.
    static func ids(in text: String) -> [String] {
        var found: [String] = []
        _ = replaced(in: text) { id, _ in
            if !found.contains(id) { found.append(id) }
            return nil
        }
        return found
    }

    /// - Parameter name: what stands for an id and a part (`last`, or "" for what somebody is called); nil: it stays as it is.
    static func replaced(in text: String, _ name: (String, String) -> String?) -> String {
        var result = ""
        var rest = text[...]
        while let mark = rest.firstIndex(of: "@") {
            result += rest[..<mark]
            let after = rest[mark...].dropFirst()
            let id = after.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            let tail = after.dropFirst(id.count)
            let part = tail.hasPrefix(".last") ? "last" : ""
            let end = part.isEmpty ? tail : tail.dropFirst(5)
            result += (id.isEmpty ? nil : name(String(id), part)) ?? String(rest[mark..<end.startIndex])
            rest = end
        }
        return result + rest
    }
}
