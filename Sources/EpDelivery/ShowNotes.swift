/// What a listener reads about an episode: summary, learning points, chapters, cast, sources, and what is synthetic.
public struct ShowNotes: Sendable {
    let show: ShowFacts
    let episode: EpisodeFacts
    let chapters: [ChapterMark]

    public init(show: ShowFacts, episode: EpisodeFacts, chapters: [ChapterMark] = []) {
        self.show = show
        self.episode = episode
        self.chapters = chapters
    }

    /// Season, number, date and length, as far as they are known.
    var byline: [String] {
        [episode.position, episode.date?.isoDay, episode.duration.clock].compactMap(\.self)
    }

    var paragraphs: [String] {
        let lines = episode.summary.multiLine.split(separator: "\n", omittingEmptySubsequences: false).map(\.singleLine)
        return lines.split(separator: "").map { $0.joined(separator: " ") }
    }

    /// `Oliver`, and `Host, synthetic voice (espeak-ng, en-gb)`. A narrator called Narrator has no role beside the name.
    func credit(_ person: Person) -> (name: String, part: String) {
        let (name, role) = (person.name.singleLine, person.role.name.singleLine)
        let parts = [name.lowercased() == role.lowercased() ? nil : role, person.syntheticVoice.map { "synthetic voice (\($0))" }]
        return (name, parts.compactMap(\.self).joined(separator: ", "))
    }
}

extension ShowNotes {
    /// The notes as Markdown (CommonMark). Chapters are written as YouTube reads them where its rule holds.
    public func markdown() -> String {
        var blocks = ["# " + Markdown.escape(episode.title)]
        blocks.append((["*\(Markdown.escape(show.title))*"] + byline).joined(separator: " · "))
        blocks += episode.notes.map { [$0.source.trimmed] } ?? telling
        blocks += section("Chapters", chapterLines)
        blocks += section("Cast", episode.people.map(credit).map(castLine))
        if let disclosure = episode.aiDisclosure { blocks.append(Markdown.escape(disclosure)) }
        blocks += section("Sources", episode.sources.map { "- " + Markdown.link($0.title, to: $0.url) })
        if let rights = show.rights { blocks.append("© " + Markdown.escape(rights)) }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    /// What is told of an episode where nobody has written notes, as Markdown.
    private var telling: [String] {
        paragraphs.map(Markdown.escape) + section("What you will learn", episode.learningPoints.map { "- " + Markdown.escape($0) })
    }

    /// Notes for a person to go on from: what the notes of an episode say before its chapters.
    public func beginning() -> String { telling.joined(separator: "\n\n") + "\n" }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["## \(title)", lines.joined(separator: "\n")]
    }

    private func castLine(name: String, part: String) -> String {
        "- **\(Markdown.escape(name))**" + (part.isEmpty ? "" : ": " + Markdown.escape(part))
    }

    /// Lines that begin with the time make chapters on YouTube; a backslash keeps them apart in Markdown.
    private var chapterLines: [String] {
        guard let joined = chapters.forYouTube else {
            return chapters.map { "- \(Markdown.escape($0.title)) (\($0.start.clock))" }
        }
        return joined.map { "\($0.start.clock) \(Markdown.escape($0.title))" }.enumerated()
            .map { $0.offset < joined.count - 1 ? $0.element + "\\" : $0.element }
    }
}

extension ShowNotes {
    /// The notes as a fragment of HTML, for `content:encoded` and other people's pages.
    public func html() -> String { Markup(lines: sections { "\($0.start.clock) \($0.title)" }).text }

    /// - Parameter chapter: what stands in the list for one chapter.
    func sections(chapter: (ChapterMark) -> Markup) -> [Markup] {
        var sections = episode.notes.map { [$0.html] } ?? told
        sections += list("Chapters", "ol", chapters.map(chapter))
        sections += list("Cast", "ul", episode.people.map(credit).map { name, part in
            part.isEmpty ? "<b>\(name)</b>" : "<b>\(name)</b>: \(part)"
        })
        if let disclosure = episode.aiDisclosure { sections.append("<p>\(disclosure)</p>") }
        sections += list("Sources", "ul", episode.sources.map { source in
            guard let address = source.url.flatMap({ WebAddress($0) }) else { return "\(source.title.singleLine)" }
            return "<a href=\"\(address.text)\">\(source.title.singleLine)</a>"
        })
        return sections
    }

    private var told: [Markup] {
        paragraphs.map { "<p>\($0)</p>" as Markup } + list("What you will learn", "ul", episode.learningPoints.map { "\($0.singleLine)" })
    }

    private func list(_ title: String, _ tag: Markup, _ items: [Markup]) -> [Markup] {
        guard !items.isEmpty else { return [] }
        return ["<h2>\(title)</h2>", "<\(tag)>\n\(items.map { "<li>\($0)</li>" })\n</\(tag)>"]
    }
}
