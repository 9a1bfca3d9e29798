import EpCards
import EpCore
import EpPlan

/// What stands under `card:` of a stage: texts that are filled in for each item.
struct CardSettings {
    struct Text {
        let template: Template
        let location: SourceLocation
    }

    let location: SourceLocation
    private let texts: [String: Text]
    let points: [Text]?
    /// Font files of the show.
    let fonts: [(text: String, location: SourceLocation)]

    private static let keys = [
        "size", "look", "accent", "background", "ink", "type", "title", "text", "by", "image", "footer", "font", "language",
    ]

    /// - Throws: `DiagnosticList`, with all mistakes.
    init(_ stage: StageContext) throws {
        let node = stage.stage.node["card"]
        location = node?.location ?? stage.stage.location
        if let prompt = stage.stage.node["prompt"], prompt.value != .null {
            throw Diagnostic(
                .badInput, "stage \"\(stage.stage.name)\" has both a `prompt` and a `card`", at: prompt.location,
                remedy: "a card is set from what it shows, a prompt is for a service that draws: take one of them out")
        }
        // `card:` with nothing behind it is a card as it comes.
        let isPlain = node.map { $0.value == .null } ?? true
        var fields = try Fields(isPlain ? Node(location: location, content: .object([])) : node ?? stage.stage.node,
            subject: "`card` of stage \"\(stage.stage.name)\"")
        var texts: [String: Text] = [:]
        for key in Self.keys {
            guard let text = fields.string(key), let place = node?[key]?.location else { continue }
            texts[key] = try Self.text(text, at: place)
        }
        self.texts = texts
        points = try fields.located("points")?.map { try Self.text($0.text, at: $0.location) }
        fonts = fields.located("fonts") ?? []
        try fields.finish()
    }

    private static func text(_ text: String, at location: SourceLocation) throws -> Text {
        Text(template: try Template(parsing: Array(text.utf8), file: location.file, at: location), location: location)
    }

    /// All that name something, for what must be built first.
    var templates: [Template] { (texts.values + (points ?? [])).map(\.template) }

    subscript(key: String) -> Text? { texts[key] }

    /// A text, filled in for an item; nil if there is none, or it names something that is empty.
    /// - Throws: `Unknown` if a value is not known yet.
    func value(_ key: String, in stage: StageContext) throws -> String? {
        guard let text = texts[key] else { return nil }
        let value = try Self.rendered(text, in: stage)
        return value.isEmpty ? nil : value
    }

    func points(in stage: StageContext) throws -> [String]? {
        try points?.map { try Self.rendered($0, in: stage) }.filter { !$0.isEmpty }
    }

    private static func rendered(_ text: Text, in stage: StageContext) throws -> String {
        guard let scope = try stage.scope(for: text.template) else { throw Unknown() }
        let value = try text.template.render(scope)
        return value == "null" ? "" : value
    }

    /// Something that a card shows is not made yet.
    struct Unknown: Error {}
}
