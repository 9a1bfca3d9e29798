public import EpCore

/// What a film or a talk consists of: scenes in their order, each with what is said and what is shown.
///
/// The one form that every document is brought into, and that voices, cards, captions and films read.
public struct SceneList: Hashable, Sendable {
    public var title: String
    /// `de`, `en-GB`; "" if nobody says.
    public var language: String
    public var scenes: [Scene]
    /// What stood in the document and is in none of the scenes, each as a sentence.
    public var dropped: [String]

    public init(title: String = "", language: String = "", scenes: [Scene] = [], dropped: [String] = []) {
        (self.title, self.language, self.scenes, self.dropped) = (title, language, scenes, dropped)
    }

    /// As it is written into a file; what is empty is left out.
    public var value: Value {
        let heads = [("title", title), ("language", language)].filter { !$0.1.isEmpty }.map { Value.Member($0.0, .string($0.1)) }
        let rest = dropped.isEmpty ? [] : [Value.Member("dropped", .list(dropped.map(Value.string)))]
        return .object(heads + [.init("scenes", .list(scenes.map(\.value)))] + rest)
    }
}

/// A part of a film or a talk: what is said while one thing is shown.
public struct Scene: Hashable, Sendable {
    /// What is shown, and so how it is set.
    public enum Kind: String, Sendable, CaseIterable {
        case title, text, list, quote, code, image, end
    }

    /// What the scene is known by: made of its words, so that another scene before it changes nothing.
    public var id: String
    public var kind: Kind
    public var title: String
    /// What is said; "" for a scene that is only seen.
    public var narration: String
    /// A sentence that is shown, what is quoted, or code.
    public var text: String
    public var points: [String]
    /// Who is quoted.
    public var by: String
    /// A file of the episode.
    public var image: String
    /// Somebody of the show, by name; "" for the voice of the language.
    public var speaker: String
    public var minimumSeconds: Double?
    public var maximumSeconds: Double?

    public init(
        id: String = "", _ kind: Kind, title: String = "", narration: String = "", text: String = "", points: [String] = [],
        by: String = "", image: String = "",
        speaker: String = "", minimumSeconds: Double? = nil, maximumSeconds: Double? = nil
    ) {
        (self.id, self.kind, self.title, self.narration, self.text, self.points) = (id, kind, title, narration, text, points)
        (self.by, self.image, self.speaker) = (by, image, speaker)
        (self.minimumSeconds, self.maximumSeconds) = (minimumSeconds, maximumSeconds)
    }

    public var value: Value {
        func text(_ key: String, _ text: String) -> [Value.Member] { text.isEmpty ? [] : [.init(key, .string(text))] }
        func seconds(_ key: String, _ seconds: Double?) -> [Value.Member] { seconds.map { [.init(key, .double($0))] } ?? [] }
        let shown =
            text("title", title) + text("text", self.text) + (points.isEmpty ? [] : [.init("points", .list(points.map(Value.string)))])
        let said = text("narration", narration) + text("speaker", speaker)
        let more =
            text("by", by) + text("image", image) + seconds("minimum_seconds", minimumSeconds) + seconds("maximum_seconds", maximumSeconds)
        return .object([.init("id", .string(id)), .init("type", .string(kind.rawValue))] + shown + said + more)
    }
}
