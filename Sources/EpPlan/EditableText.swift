public import EpCore

/// A text in the episode that a person may change: that of a stage, or of one item of it.
public struct EditableText: Sendable {
    /// Relative to the episode.
    public let file: String
    /// Nil for a stage that does not fan out.
    public let place: ItemPlace?
    /// What a person has made of it; nil if it is as it was generated.
    public let edit: SourceFile?

    public var isEdited: Bool { edit != nil }
}

/// A file in the directory of an editable fan-out stage that is no item's.
public struct LostText: Sendable {
    public let stage: StageName
    /// Where its item would stand again; nil if nobody knows of one.
    public let place: ItemPlace?
    /// False if it is as it was generated.
    public let isEdited: Bool

    /// What is told of one that is edited.
    func warning(of file: Path) -> Diagnostic {
        let (why, back) =
            place == nil
            ? ("no item of \(stage) has this name", "") : ("what it was made for is gone", ", and stands again if that comes back")
        return Diagnostic(
            .badInput, "\(file) is edited by hand, and \(why)", remedy: "it is kept\(back); delete it if you want it no more",
            severity: .warning)
    }
}

extension Element {
    /// The beginning of a file's name, from the element's own name or its first words, in lower case.
    var stem: String {
        let named = ["id", "name", "title", "heading", "text"].lazy.compactMap { self.subject[$0]?.string }.first
        let text = named ?? subject.string ?? subject.members?.lazy.compactMap(\.value.string).first ?? ""
        // An element that is a file has nothing but its name.
        let isFile = subject.members?.count == 1 && subject["name"] != nil
        return FileName.slug(isFile ? ArtifactRef.stem(of: text) : text, atMost: 40) ?? "item"
    }
}
