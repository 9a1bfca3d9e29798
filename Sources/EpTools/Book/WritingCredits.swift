import EpCore
import EpPlan
import EpProviders

/// Who has really written the texts of a book: what made them says so, not what the pipeline asks for.
struct WritingCredits {
    /// The writers with the numbers of their texts, in the order in which they come.
    private(set) var writers: [(name: String, count: Int)] = []
    /// Texts that a person has written, or changed.
    private(set) var byHand = 0
    /// True if a text may still be written by another than who is asked first.
    private(set) var isOpen = false
    private let stage: StageContext

    init(_ stage: StageContext) { self.stage = stage }

    mutating func add(_ file: ArtifactRef) {
        switch file.source {
        case .file: byHand += 1
        case .literal: break
        case .output(let id, _):
            let step = stage.step(id)
            isOpen = isOpen || step.hasFallback && stage.digest(of: file.source) == nil
            let name = Self.writer(of: step)
            if let index = writers.firstIndex(where: { $0.name == name }) { writers[index].count += 1 } else { writers.append((name, 1)) }
        }
    }

    /// `openai gpt-5`, `the offline writer`, `pandoc`.
    private static func writer(of step: Step) -> String {
        if step.isPlaceholder { return "a placeholder" }
        switch step.operation {
        case .stored: return "a kept result"
        case .program(let arguments, _): return step.platform.keys.min() ?? arguments.first ?? step.tool.text
        case .builtIn(let tool, let operation, _):
            guard tool.text == "llm" else { return "epbuild \(tool)" }
            if operation == "offline" { return "the offline writer of epbuild" }
            let settings: Value? = step.inputs.first { $0.label == "model.json" }.flatMap { input in
                if case .literal(let bytes) = input.source { Value(json: bytes) } else { nil }
            }
            let model = settings?["model"]?.letters ?? ""
            return model.isEmpty ? operation : "\(operation) \(model)"
        }
    }

    /// Sentences for the book.
    /// - Parameter stage: what the texts are: `prose_writing`.
    func sentences(about stage: StageName) -> [String] {
        let parts = writers.map { "\($0.name) (\(Self.texts($0.count)))" }
        let shown = stage.text.replacing("_", with: " ")
        let written = parts.isEmpty ? [] : ["Made by a machine in the stage \(shown): \(parts.joined(separator: ", "))."]
        return written + (byHand == 0 ? [] : ["Written or edited by a person in the stage \(shown): \(Self.texts(byHand))."])
    }

    private static func texts(_ count: Int) -> String { count == 1 ? "1 text" : "\(count) texts" }
}
