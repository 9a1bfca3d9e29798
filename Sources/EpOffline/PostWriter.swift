import EpCore

/// Writes what is said of one clip where it is shown: the words that are quoted were said in it.
struct PostWriter {
    private let clip: Value
    private let topic: String?

    init(_ prompt: Prompt) throws(Diagnostic) {
        clip = try prompt.yaml("Clip")
        topic = try prompt.optionalYAML("Topic")?["title"].text
        guard clip["title"].text != nil || clip["quote"].text != nil else {
            throw Prompt.problem("\"## Clip\" has neither a title nor a quote", line: 0, remedy: "give the clip a `title`")
        }
    }

    func document() -> Value {
        let title = clip["title"].text ?? ""
        let quote = clip["quote"].text.map { text in "“\(text)”" + (clip["speaker"].text.map { " \($0)" } ?? "") }
        let place = topic.map { "From “\($0)”." }
        let text = [quote ?? title, place].compactMap(\.self).joined(separator: " — ")
        return .object([
            .init("headline", .string(title)), .init("text", .string(text)), .init("made_by", .string(OfflineWriter.madeByTranscript)),
        ])
    }
}
