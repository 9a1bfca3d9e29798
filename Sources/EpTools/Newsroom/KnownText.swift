import EpCore
import EpPlan
import EpScript

/// What is said in a recording, where somebody has written it down before: who speaks, and in which words.
struct KnownText {
    struct Line {
        let speaker: String?
        let words: [String]
    }

    let lines: [Line]

    /// - Returns: nil if it is not known yet.
    /// - Throws: `Diagnostic` if nothing is said in it.
    init?(_ reference: StageReference, of stage: StageContext) throws {
        guard let artifacts = try stage.artifacts(of: reference.stage) else { return nil }
        guard let file = artifacts.files.first, artifacts.files.count == 1 else {
            throw Diagnostic(
                .badInput,
                "a recording has one text, and \"\(reference.stage)\" hands on "
                    + "\(artifacts.files.isEmpty ? "none" : "\(artifacts.files.count)")",
                at: reference.location,
                remedy: "name a stage with one file, or with one for each recording")
        }
        if file.fileExtension == "fountain" {
            guard let script = try stage.script(file, of: reference.stage) else { return nil }
            lines = script.lines.map { Line(speaker: $0.speaker.capitalizedWords, words: Self.words(of: $0.text)) }
        } else {
            guard let text = try stage.value(of: file, of: reference.stage) else { return nil }
            // A line of a text is a paragraph; nobody says who speaks.
            lines = (text.string ?? "").split(separator: "\n").map { Line(speaker: nil, words: Self.words(of: String($0))) }.filter {
                !$0.words.isEmpty
            }
        }
        guard lines.contains(where: { !$0.words.isEmpty }) else {
            let shown = stage.shown(file, of: reference.stage)
            throw Diagnostic(
                .badInput, "nothing is said in \(shown)", at: SourceLocation(file: shown),
                remedy: "write down what is said, or take `text` out of stage \"\(stage.stage.name)\"")
        }
    }

    init(_ value: Value) {
        lines = (value.list ?? []).map { line in
            Line(speaker: line["speaker"]?.string, words: (line["words"]?.list ?? []).compactMap(\.string))
        }
    }

    var value: Value {
        .list(lines.map { line in
            .object((line.speaker.map { [.init("speaker", .string($0))] } ?? []) + [.init("words", .list(line.words.map(Value.string)))])
        })
    }

    private static func words(of text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }
}
