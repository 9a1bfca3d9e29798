import EpCore
import EpPlan

/// The keys of a stage that adapts documents.
struct AdaptSettings {
    struct Text {
        let template: Template
        let location: SourceLocation
    }

    let document: Text?
    private let language: Text?
    private let title: Text?
    private let end: Text?
    private let longestWords: Int?
    /// Where it is said which document it is, else the stage.
    let location: SourceLocation

    /// How a list of scenes is cut and framed.
    struct Arrangement {
        var language = ""
        /// Goes before what the document says.
        var title = ""
        /// What the last scene says; "" for no such scene.
        var end = ""
        var longestWords = 90
    }

    /// - Throws: `DiagnosticList`, with all mistakes.
    init(_ stage: StageContext) throws {
        var fields = try stage.fields()
        let texts = try Self.texts(&fields, stage)
        (document, language, title, end) = (texts["document"], texts["language"], texts["title"], texts["end"])
        longestWords = fields.int("longest_words", in: 10...1_000)
        location = document?.location ?? stage.stage.location
        let from = stage.stage.from
        if document != nil, let other = from.first {
            fields.report(Diagnostic(
                .badInput, "stage \"\(stage.stage.name)\" has both a `document` and a `from`", at: other.location,
                    remedy: "a stage adapts one document: take one of them out"))
        }
        if from.count > 1 {
            fields.report(Diagnostic(.badInput, "stage \"\(stage.stage.name)\" adapts one document, and `from` names \(from.count)",
                at: from[1].location, remedy: "name one stage"))
        }
        if let problem = fields.problems.error { throw problem }
    }

    private static func texts(_ fields: inout Fields, _ stage: StageContext) throws -> [String: Text] {
        var texts: [String: Text] = [:]
        for key in ["document", "language", "title", "end"] {
            guard let text = fields.string(key), let place = stage.stage.node[key]?.location else { continue }
            texts[key] = Text(template: try Template(parsing: Array(text.utf8), file: place.file, at: place), location: place)
        }
        return texts
    }

    static func templates(of stage: StageContext) throws -> [Template] {
        var fields = try stage.fields()
        return try texts(&fields, stage).values.map(\.template)
    }

    /// - Returns: nil if something that it names is not known yet.
    func arrangement(for stage: StageContext) throws -> Arrangement? {
        var arrangement = Arrangement()
        arrangement.longestWords = longestWords ?? arrangement.longestWords
        guard let written = try Self.rendered(language, in: stage), let title = try Self.rendered(title, in: stage),
            let end = try Self.rendered(end, in: stage) else { return nil }
        arrangement.language = try written.isEmpty ? stage.language() ?? "" : written
        (arrangement.title, arrangement.end) = (title, end)
        return arrangement
    }

    /// "" for a text that is not there.
    static func rendered(_ text: Text?, in stage: StageContext) throws -> String? {
        guard let text else { return "" }
        return try stage.scope(for: text.template).map { try text.template.render($0) }.map { $0 == "null" ? "" : $0 }
    }
}
