import EpCore

/// Writes how a recording is presented: title, description, chapters, and what is said of it elsewhere.
struct EditorialWriter {
    private static let chapterSeconds = 20.0
    /// What a post may have at most, links left out.
    private static let postLength = 260
    private let spoken: SpokenPassages
    private let title: String?
    private let summary: String
    private let topics: [String]
    private let quotes: [Value]
    private let variation: String

    init(_ prompt: Prompt) throws(Diagnostic) {
        spoken = try SpokenPassages(prompt)
        title = try prompt.optionalYAML("Topic")?["title"].text
        let enrichment = try prompt.yaml("Enrichment")
        summary = enrichment["summary"].text ?? ""
        topics = enrichment["topics"].strings
        quotes = enrichment["quotes"]?.list ?? []
        variation = prompt.variation
    }

    func document() -> Value {
        .object([
            .init("title", .string(headline)), .init("description", .string(summary)), .init("keywords", .strings(topics)),
            .init("chapters", .list(chapters)), .init("social", .strings(posts)), .init("made_by", .string(OfflineWriter.madeByTranscript)),
        ])
    }

    private var headline: String {
        if let title { return title }
        let subject = EnrichmentWriter.joined(Array(topics.prefix(2)))
        guard let guest = spoken.guests.first else { return subject.isEmpty ? "A recording" : "On \(subject)" }
        return subject.isEmpty ? "Talking with \(spoken.fullName(guest))" : "\(spoken.fullName(guest)) on \(subject)"
    }

    /// What begins something new, not too near to each other; the first chapter begins with the recording.
    private var chapters: [Value] {
        var marks: [(start: Double, title: String)] = [(0, "Welcome")]
        let last = spoken.passages.last?.end ?? 0
        for passage in spoken.openings.map({ spoken.passages[$0] }) {
            guard passage.start - (marks.last?.start ?? 0) >= Self.chapterSeconds / (marks.count == 1 ? 2 : 1),
                last - passage.start >= Self.chapterSeconds / 2
            else { continue }
            marks.append((passage.start, ClipsWriter.title(of: passage, spoken)))
        }
        return marks.map { ["start_seconds": .double($0.start), "title": .string($0.title)] }
    }

    /// Each with something that was said.
    private var posts: [String] {
        let quoted = variation.isEmpty ? quotes : StableHash.rotated(quotes, by: variation)
        return quoted.prefix(2).compactMap { quote in
            guard let text = quote["text"].text else { return nil }
            let post = "“\(text)” " + (quote["speaker"].text.map { "\($0) in " } ?? "From ") + "“\(headline)”"
            return post.count <= Self.postLength ? post : nil
        }
    }
}
