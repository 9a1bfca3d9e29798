public import EpCore

/// A deterministic writer that stands in for a language model where there is no key and no network.
///
/// It gets what a model would get, the rendered prompt, and knows nothing else. It composes from the sources that stand
/// in the prompt and adds only conversation: questions, exclamations, and what the characters are known to say.
/// The convention that a prompt follows is described in `docs/prompts.md`.
public enum OfflineWriter {
    /// Part of what makes an answer: another revision may write other words for the same prompt.
    public static let revision = "1"

    /// The document that the prompt asks for (`# Concept`, `# Outline`, `# Segment` or `# Script`); the same prompt gives
    /// the same bytes. Concept and outline are YAML, segment and script are Fountain. Ends with a line feed.
    /// - Throws: `.badInput` when the prompt does not follow the convention, naming the section and the line of the
    ///   prompt; `.unavailable` for a language that the writer does not speak.
    /// - Parameter take: another take deals the same facts out in other words, where there are any.
    public static func write(prompt text: String, take: Int = 1) throws(Diagnostic) -> String {
        let prompt = try Prompt(text, take: take)
        switch prompt.document {
        case .concept: return BlockYAML.text(of: try ConceptWriter(prompt).document())
        case .outline: return BlockYAML.text(of: try OutlineWriter(prompt).document())
        case .segment: return try SegmentWriter(prompt).fragment()
        case .script: return try ScriptWriter(prompt).document()
        }
    }

    /// How a document was made, for its metadata.
    static let madeBy = "offline writer \(revision), composed from the sources"
}
