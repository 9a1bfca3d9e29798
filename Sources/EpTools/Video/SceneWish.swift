import EpCore
import EpPlan

/// What a person has written about a scene: what is said in it, and how long it may be.
struct SceneWish {
    let value: Value
    let location: SourceLocation?
    var minimumSeconds: Double?
    var maximumSeconds: Double?

    /// Keys by which an element is known for a scene, beside all else that it may have.
    private static let keys = [
        "narration", "text", "title", "points", "minimum_seconds", "maximum_seconds", "seconds", "picture", "visual", "description",
    ]

    /// The scene of an item: the innermost of its elements that is one. Nothing is wished of any other.
    /// - Throws: `Diagnostic` if its lengths make no sense.
    init(_ stage: StageContext) throws {
        let elements = (stage.outer?.elements ?? []) + [stage.element].compactMap(\.self)
        let scene = elements.last { element in Self.keys.contains { element.subject[$0] != nil } }
        try self.init(scene, at: stage.stage.location)
    }

    /// - Parameter place: of what has no element.
    /// - Throws: as above.
    init(_ scene: Element?, at place: SourceLocation?) throws(Diagnostic) {
        value = scene?.subject ?? .object([])
        location = scene?.location ?? place
        minimumSeconds = try seconds("minimum_seconds")
        maximumSeconds = try seconds("maximum_seconds")
        guard let least = minimumSeconds, let most = maximumSeconds, most < least else { return }
        throw Diagnostic(
            .badInput, "a scene cannot last \(least) seconds at least and \(most) at most", at: location,
            remedy: "correct `minimum_seconds` or `maximum_seconds`")
    }

    private static let range = 0.1...86_400

    func seconds(_ key: String) throws(Diagnostic) -> Double? {
        guard let written = value[key], written != .null else { return nil }
        guard let seconds = written.number, Self.range.contains(seconds) else {
            throw Diagnostic(
                .badInput, "`\(key)` of a scene must be a number of seconds from 0.1 to 86400, not \(written.json())", at: location)
        }
        return seconds
    }

    /// The first of some keys that has a text.
    func text(_ keys: String...) -> String { keys.lazy.compactMap { PodcastFacts.text(value[$0]) }.first ?? "" }

    /// What is said. Beside a `narration`, a `text` is what is shown.
    var narration: String { value["narration"] == nil && value["speaker"] != nil ? text("text") : text("narration") }
}
