public import EpCore

/// What is said in the sound of an episode of its synthetic voices, as its show words it: `disclosure:` of `show.yaml`.
///
/// It is a line as any other: it is spoken, mixed and captioned, has takes, and can be left out only by name.
public struct Disclosure: Sendable {
    public enum Place: String, CaseIterable, Sendable { case beginning, end }

    /// What is written where nothing is to be said.
    static let refusal = "none"

    /// Nil where a person wants nothing said.
    public let text: String?
    /// Who says it; nil: whoever speaks first, or last.
    public let speaker: String?
    public let place: Place
    public let location: SourceLocation

    /// A text, or a mapping with `say`, `by` and `at`.
    /// - Throws: `DiagnosticList` with all mistakes.
    init(_ node: Node) throws {
        if case .scalar(let text, _) = node.content {
            guard node.value.string != nil, !text.isEmpty else {
                throw DiagnosticList([Diagnostic(
                    .badInput, "`disclosure` of the show must be a sentence, not \(node.kind)", at: node.location,
                    remedy: "write what is to be said, or `disclosure: none`")])
            }
            (self.text, speaker, place, location) = (text == Self.refusal ? nil : text.spaced, nil, .end, node.location)
            return
        }
        var fields = try Fields(node, subject: "`disclosure` of the show")
        let text = fields.required("say", fields.text("say"))
        let speaker = fields.text("by")
        let word = fields.text("at") ?? Place.end.rawValue
        let place = Place(rawValue: word)
        if place == nil {
            fields.report(Diagnostic(
                .badInput, "a disclosure is not said at \"\(word)\"", at: node["at"]?.location,
                remedy: Suggestion.remedy(for: word, in: Place.allCases.map(\.rawValue))))
        }
        try fields.finish()
        (self.text, self.speaker, self.place) = (text == Self.refusal ? nil : text?.spaced, speaker, place ?? .end)
        location = node["say"]?.location ?? node.location
    }

    /// Tells that a person wants nothing said.
    public static func refused(at location: SourceLocation?) -> Diagnostic {
        Diagnostic(
            .badInput, "nobody says in this episode that its voices are synthetic, as `disclosure: none` wants it", at: location,
            remedy: "write a sentence in its place: some platforms ask for it in the sound", severity: .warning)
    }

    /// What is said, for documents; nil if nothing is.
    /// - Parameter blueprint: has been checked.
    public static func text(in blueprint: Value) -> String? {
        let said = blueprint["disclosure"]?.string ?? blueprint["disclosure"]?["say"]?.string
        return said == refusal ? nil : said?.spaced
    }
}

extension String {
    /// With single spaces between its words.
    fileprivate var spaced: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
