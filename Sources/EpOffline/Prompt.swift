import EpCore

/// A rendered prompt: the document that is asked for, and the data in its level-2 sections.
/// Knows Markdown's headings and fences, and nothing of what the data mean.
struct Prompt {
    enum Document: String, CaseIterable {
        case concept = "Concept"
        case outline = "Outline"
        case segment = "Segment"
        case script = "Script"
        case filmOutline = "Film outline"
        case research = "Research"
        case filmScript = "Film script"
        case storyboard = "Storyboard"
        case assetPlan = "Asset plan"
        case sceneScript = "Scene script"
        case enrichment = "Enrichment"
        case editorial = "Editorial"
        case clips = "Clips"
        case post = "Post"
        case plan = "Story plan"
        case characters = "Characters"
        case locations = "Locations"
        case chapters = "Chapters"
        case scenes = "Scenes"
        case prose = "Prose"
        case edit = "Edit"

        /// Part of what makes an answer: another revision may write other words for the same prompt.
        var revision: String {
            switch self {
            case .concept, .outline, .segment, .script, .filmOutline, .research, .filmScript, .storyboard, .assetPlan, .sceneScript,
                .enrichment, .editorial, .clips, .post:
                OfflineWriter.revision
            case .plan: "plan \(StoryPlanWriter.revision)"
            case .characters, .locations: "cast \(NovelCastWriter.revision)"
            case .chapters: "chapters \(ChaptersWriter.revision)"
            case .scenes: "scenes \(ScenesWriter.revision)"
            case .prose: "prose \(ProseWriter.revision)"
            case .edit: "edit \(EditWriter.revision)"
            }
        }
    }

    struct Block {
        /// The word after the fence, such as `yaml`.
        let language: String
        let text: String
        /// The prompt's line, from 1, on which the text begins.
        let firstLine: Int
    }

    struct Section {
        let name: String
        let line: Int
        var blocks: [Block] = []
    }

    let document: Document
    /// What tells this answer from the first one to the same question: the take, and what was said of those that were rejected.
    let variation: String
    private let sections: [Section]

    /// - Parameter take: from 1.
    init(_ text: String, take: Int = 1) throws(Diagnostic) {
        var sections: [Section] = []
        var title: (name: String, line: Int)?
        var fence: (mark: Fence, block: [String], start: Int)?
        for (index, line) in Lines.split(text).enumerated() {
            if let open = fence {
                if open.mark.isClosed(by: line) {
                    let text = open.block.joined(separator: "\n")
                    // What stands before the first section is for a model to read.
                    if !sections.isEmpty {
                        sections[sections.count - 1].blocks.append(
                            Block(language: open.mark.language, text: text, firstLine: open.start))
                    }
                    fence = nil
                } else {
                    fence?.block.append(line)
                }
            } else if let mark = Fence(line) {
                fence = (mark, [], index + 2)
            } else if line.hasPrefix("# "), title == nil {
                title = (Lines.trim(line.dropFirst(2)), index + 1)
            } else if line.hasPrefix("## ") {
                let section = Section(name: Lines.trim(line.dropFirst(3)), line: index + 1)
                if sections.contains(where: { $0.name == section.name }) {
                    throw Self.problem("the section \"## \(section.name)\" is there twice", line: section.line)
                }
                sections.append(section)
            }
        }
        if let fence { throw Self.problem("a block that begins with \(fence.mark.text) is not closed", line: fence.start - 1) }
        self.sections = sections
        document = try Self.document(title)
        let notes = sections.first { $0.name == "Rejection" }?.blocks.map(\.text) ?? []
        variation = (notes + (take > 1 ? ["take \(take)"] : [])).joined(separator: "\n")
    }

    /// The value of a section's YAML block.
    func yaml(_ name: String) throws(Diagnostic) -> Value {
        guard let value = try optionalYAML(name) else { throw missing(name) }
        return value
    }

    /// The value of a section's YAML block; nil where the prompt has no such section.
    func optionalYAML(_ name: String) throws(Diagnostic) -> Value? {
        guard let section = sections.first(where: { $0.name == name }) else { return nil }
        guard let block = section.blocks.first(where: { $0.language == "yaml" }) else {
            throw Self.problem("the section \"## \(name)\" has no ```yaml block", line: section.line)
        }
        return try BlockYAML.value(of: block.text, firstLine: block.firstLine)
    }

    /// The texts of the Markdown blocks of a section, of which there is at least one with a word in it.
    func markdown(_ name: String) throws(Diagnostic) -> [String] {
        guard let section = sections.first(where: { $0.name == name }) else { throw missing(name) }
        let texts = section.blocks.filter { $0.language == "markdown" }.map(\.text)
        guard texts.contains(where: { !Words.split($0).isEmpty }) else {
            throw Self.problem(
                "the section \"## \(name)\" has no text to write from", line: section.line,
                remedy: "put each text into a ````markdown block; check that the episode's sources are not empty")
        }
        return texts
    }

    static func problem(_ message: String, line: Int, remedy: String? = nil) -> Diagnostic {
        Diagnostic(
            .badInput, message, at: SourceLocation(file: "prompt", line: line),
            remedy: remedy ?? "docs/prompts.md describes what the offline writer reads")
    }

    private func missing(_ name: String) -> Diagnostic {
        Self.problem(
            "the prompt for a \(document.rawValue) has no section \"## \(name)\"", line: 0,
            remedy: "add the section to the prompt's template")
    }

    private static func document(_ title: (name: String, line: Int)?) throws(Diagnostic) -> Document {
        let known = Document.allCases.map(\.rawValue)
        guard let title else {
            throw problem("the prompt does not say what to write: it has no level-1 heading", line: 0,
                remedy: "begin it with one of: \(known.map { "# " + $0 }.joined(separator: ", "))")
        }
        guard let document = Document(rawValue: title.name) else {
            throw problem("the offline writer cannot write a \"\(title.name)\"", line: title.line,
                remedy: Suggestion.remedy(for: title.name, in: known))
        }
        return document
    }
}

/// The opening line of a fenced block: three or more backticks, and a language.
struct Fence {
    let text: String
    let language: String
    private let length: Int

    init?(_ line: String) {
        length = line.utf8.prefix { $0 == UInt8(ascii: "`") }.count
        guard length >= 3 else { return nil }
        text = line
        language = Lines.trim(line.utf8.dropFirst(length))
    }

    /// A block ends with a line of at least as many backticks and nothing else.
    func isClosed(by line: String) -> Bool {
        let trimmed = Lines.trim(line)
        return trimmed.utf8.count >= length && trimmed.utf8.allSatisfy { $0 == UInt8(ascii: "`") }
    }
}
