public import EpCore

/// A deterministic writer that stands in for a language model where there is no key and no network.
///
/// It gets what a model would get, the rendered prompt, and knows nothing else. It composes from the sources that stand
/// in the prompt and adds only conversation: questions, exclamations, and what the characters are known to say.
/// The convention that a prompt follows is described in `docs/prompts.md`.
public enum OfflineWriter {
    /// Of the documents of a podcast: part of what makes an answer. Each other document has a revision of its own.
    public static let revision = "1"

    /// The revision of what writes the document that a prompt asks for, so that a change to one of them leaves the others' answers as they
    /// are.
    public static func revision(for prompt: String) -> String { (try? Prompt(prompt))?.document.revision ?? revision }

    /// The document that the prompt's level-1 heading asks for (`# Concept`, `# Prose`, …); the same prompt gives the same bytes. Segments
    /// and scripts
    /// of a podcast are Fountain, prose and edit are Markdown, all others YAML. Ends with a line feed.
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
        case .filmOutline: return BlockYAML.text(of: try FilmOutlineWriter(prompt).document())
        case .research: return BlockYAML.text(of: try ResearchWriter(prompt).document())
        case .filmScript: return BlockYAML.text(of: try FilmScriptWriter(prompt).document())
        case .storyboard: return BlockYAML.text(of: try StoryboardWriter(prompt).document())
        case .assetPlan: return BlockYAML.text(of: try AssetPlanWriter(prompt).document())
        case .sceneScript: return BlockYAML.text(of: try SceneScriptWriter(prompt).document())
        case .enrichment: return BlockYAML.text(of: try EnrichmentWriter(prompt).document())
        case .editorial: return BlockYAML.text(of: try EditorialWriter(prompt).document())
        case .clips: return BlockYAML.text(of: try ClipsWriter(prompt).document())
        case .post: return BlockYAML.text(of: try PostWriter(prompt).document())
        case .plan: return BlockYAML.text(of: try StoryPlanWriter(prompt).document())
        case .characters, .locations: return BlockYAML.text(of: try NovelCastWriter(prompt).document())
        case .chapters: return BlockYAML.text(of: try ChaptersWriter(prompt).document())
        case .scenes: return BlockYAML.text(of: try ScenesWriter(prompt).document())
        case .prose: return try ProseWriter(prompt).text()
        case .edit: return try EditWriter(prompt).text()
        }
    }

    /// How a document was made, for its metadata.
    static let madeBy = "offline writer \(revision), composed from the sources"
    /// The same of what is made of a recording.
    static let madeByTranscript = "offline writer \(revision), composed from the transcript"
}
