public import EpCore
public import EpEngine

/// How a person knows an item: who says what, or what it is called, and where it is written.
public struct ItemTitle: Sendable {
    /// Who says it; nil if nobody does.
    public let speaker: String?
    /// What is said, or what it is called, on one line; as long as it is.
    public let words: String
    public let place: SourceLocation?

    /// Nil for an element that says nothing in words, such as a number.
    public init?(_ element: Value, at place: SourceLocation?) {
        let found = Self.fields.lazy.compactMap { element[$0]?.string }.first { !$0.isEmpty } ?? element.string
        guard let found, !found.isEmpty else { return nil }
        speaker = element["speaker"]?.string
        words = found.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        self.place = place
    }

    /// What of an element a person would call it by, best first.
    private static let fields = ["text", "narration", "title", "name", "question", "summary", "topic", "heading"]

    /// `PIP: "Why does Uranus lie on…"`.
    public func text(atMost length: Int = 32) -> String {
        let quoted = "\"\(beginning(length))\""
        return speaker.map { "\($0): \(quoted)" } ?? quoted
    }

    /// As many whole words as there is room for.
    private func beginning(_ length: Int) -> String {
        guard words.count > length else { return words }
        var kept = words.prefix(length - 1)
        if words[kept.endIndex] != " ", let space = kept.lastIndex(of: " ") { kept = kept[..<space] }
        while let last = kept.last, !last.isLetter, !last.isNumber { kept = kept.dropLast() }
        return kept + "…"
    }
}

extension ItemTitle {
    /// The members that tell of it in JSON: `speaker`, `words`, `file`, `line`.
    var members: [Value.Member] {
        var members: [Value.Member] = speaker.map { [.init("speaker", .string($0))] } ?? []
        members.append(.init("words", .string(words)))
        if let place, place.line > 0 { members += [.init("file", .string(place.file)), .init("line", .int(Int64(place.line)))] }
        return members
    }
}

extension Inspection.StepView {
    /// How a person knows the item that the step belongs to; nil if that says no more than its name.
    public var title: ItemTitle? {
        element.flatMap { ItemTitle($0, at: place) }.flatMap { $0.words == target.item ? nil : $0 }
    }
}
