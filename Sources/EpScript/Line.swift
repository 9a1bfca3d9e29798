public import EpCore

/// What one voice says in one breath: a speech, or the part of a speech with one delivery.
public struct Line: Sendable, Hashable {
    /// The character cue without its extension, as written: `OLIVER` for `OLIVER (V.O.)`.
    public let speaker: String
    /// What is heard: without emphasis marks, notes and boneyard, white space folded. Never empty.
    public let text: String
    /// The parenthetical without its parentheses, or "". Several in a row are joined by ", ".
    public let delivery: String
    /// Which words of the text are to stand out, counted from 0, in their order: those that have emphasis in the script. None of a line
    /// that has it throughout.
    public let stressed: [Int]
    /// Whether the cue ends in `^`: to be heard together with the speech before it.
    public let isDual: Bool
    /// The character cue; for the later lines of a speech the parenthetical that starts them.
    public let location: SourceLocation
}

/// A top-level section, or what is heard before the first one.
public struct Chapter: Sendable, Hashable {
    /// Without emphasis marks; "" for what comes before the first section.
    public let title: String
    /// Indices into the script's lines. Empty if nothing is said.
    public let lines: Range<Int>
    public let location: SourceLocation
}

/// A sound that is not speech: `SFX: name` or `MUSIC: name` on a line of its own.
public struct Cue: Sendable, Hashable {
    public enum Kind: String, Sendable { case effect, music }

    public let kind: Kind
    /// Without emphasis marks, white space folded. Never empty.
    public let name: String
    /// Index of the line that follows the cue; the number of lines if none does.
    public let beforeLine: Int
    public let location: SourceLocation
}
