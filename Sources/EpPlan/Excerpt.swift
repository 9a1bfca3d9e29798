/// A part of an episode that is asked for: what stands at one coordinate, `chapter=1`.
public struct Excerpt: Sendable, Equatable {
    /// What elements are called in `each`, or a field of theirs.
    public let name: String
    /// A number from 1, or a name.
    public let value: String

    /// Reads `NAME=VALUE`; nil if it is none.
    public init?(parsing text: String) {
        guard let sign = text.firstIndex(of: "=") else { return nil }
        name = String(text[..<sign])
        value = String(text[text.index(after: sign)...])
        if name.isEmpty || value.isEmpty { return nil }
    }
}
