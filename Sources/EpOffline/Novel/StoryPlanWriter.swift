import EpCore

/// `# Story plan`: what a novel is about, from its premise and the notes of its chapters.
struct StoryPlanWriter {
    static let revision = "1"

    private let title: String
    private let premise: [Section]
    private let chapters: [ChapterNotes]

    private struct Section {
        let heading: String?
        var paragraphs: [String] = []
        var items: [String] = []
    }

    init(_ prompt: Prompt) throws(Diagnostic) {
        title = try prompt.yaml("Book")["title"].text ?? "Untitled"
        premise = Self.sections(of: try prompt.markdown("Premise").joined(separator: "\n\n"))
        var chapters: [ChapterNotes] = []
        for text in try prompt.markdown("Notes") { chapters.append(try ChapterNotes(text)) }
        self.chapters = chapters
    }

    private static func sections(of text: String) -> [Section] {
        var sections = [Section(heading: nil)]
        for line in Lines.split(text).map({ Lines.trim($0) }) where !line.isEmpty {
            if line.hasPrefix("#") {
                sections.append(Section(heading: Lines.trim(line.drop { $0 == "#" })))
            } else if line.hasPrefix("- ") {
                sections[sections.count - 1].items.append(Lines.trim(line.dropFirst(2)))
            } else {
                sections[sections.count - 1].paragraphs.append(line)
            }
        }
        return sections
    }

    func document() -> Value {
        let told = premise.filter { !$0.paragraphs.isEmpty }
        let rest = told.dropFirst().map { section in
            Value.Member(Self.key(section.heading), .string(section.paragraphs.joined(separator: " ")))
        }
        let motifs = premise.flatMap(\.items)
        return .object(
            [.init("title", .string(title)), .init("premise", .string(told.first?.paragraphs.joined(separator: " ") ?? ""))] + rest
                + (motifs.isEmpty ? [] : [.init("motifs", .strings(motifs))])
                + [
                    .init("chapters", .list(chapters.map { ["title": .string($0.title), "summary": .string($0.summary)] })),
                    .init("made_by", .string(OfflineWriter.madeBy)),
                ])
    }

    /// `How it is told` becomes `how_it_is_told`.
    private static func key(_ heading: String?) -> String {
        let words = Words.split(heading ?? "").map(Words.bare).filter { !$0.isEmpty }
        return words.isEmpty ? "more" : words.joined(separator: "_")
    }
}
