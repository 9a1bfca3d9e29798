import EpCore

/// What an artifact must be so that its gate opens by itself: `auto_approve_if:`.
public struct GateRule: Sendable, Equatable {
    /// A field of the artifact (YAML or JSON) that must be true: the names on the way to it.
    public let field: [String]
    /// How many words it may have; nil: nobody counts.
    public let words: ClosedRange<Int>?
    let location: SourceLocation?

    /// - Parameter node: `passed`, or `{ field:, minimum_words:, maximum_words: }`.
    init(_ node: Node, subject: String) throws {
        location = node.location
        if let text = node.value.string {
            (field, words) = (Self.path(text), nil)
        } else {
            var fields = try Fields(node, subject: "`auto_approve_if` of \(subject)")
            let (low, high) = (fields.int("minimum_words", in: 0...10_000_000), fields.int("maximum_words", in: 0...10_000_000))
            field = fields.string("field").map(Self.path) ?? []
            words = low == nil && high == nil ? nil : (low ?? 0)...max(low ?? 0, high ?? .max)
            if let low, let high, low > high {
                fields.report(Diagnostic(.badInput, "`minimum_words` of \(fields.subject) is more than `maximum_words`", at: node.location))
            }
            try fields.finish()
        }
        if field.isEmpty, words == nil {
            throw Diagnostic(
                .badInput, "`auto_approve_if` of \(subject) names nothing that must hold", at: node.location,
                remedy: "write a field of the artifact that must be true (`passed`), or `{ minimum_words: 100 }`")
        }
    }

    private static func path(_ text: String) -> [String] { text.split(separator: ".").map(String.init) }

    /// True if an artifact is as it must be.
    /// - Parameters:
    ///   - value: of YAML and JSON the value, of anything else the text.
    ///   - shown: how messages name the artifact.
    /// - Throws: `Diagnostic` if it cannot tell, as it has no such field.
    func holds(for value: Value, shown: String) throws(Diagnostic) -> Bool {
        if let words {
            guard let text = value.string else { throw mismatch("\(shown) is no text whose words could be counted") }
            guard words.contains(text.split(whereSeparator: \.isWhitespace).count) else { return false }
        }
        if field.isEmpty { return true }
        var found: Value? = value
        for name in field { found = found?[name] }
        guard let isTrue = found?.bool else {
            let known = value.members?.filter { $0.value.bool != nil }.map(\.key) ?? []
            throw mismatch("\(shown) has no `\(field.joined(separator: "."))` that is true or false", known: known)
        }
        return isTrue
    }

    private func mismatch(_ problem: String, known: [String] = []) -> Diagnostic {
        Diagnostic(
            .badInput, "`auto_approve_if` cannot tell: \(problem)", at: location,
            remedy: known.isEmpty
                ? "name a field of the artifact that is true or false" : Suggestion.remedy(for: field.joined(separator: "."), in: known))
    }
}
