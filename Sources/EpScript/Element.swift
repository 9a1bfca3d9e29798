/// One element of a script, as the Fountain 1.1 standard names them.
public struct Element: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// `INT. WORKSHOP - DAY #1A#`; the number is what stands between the `#`.
        case sceneHeading(number: String?)
        case action
        /// A character cue; dual is one that ends in `^`: spoken together with the speech before it.
        case character(isDual: Bool)
        case parenthetical
        case dialogue
        /// Lines that begin with `~`. In a speech they are heard, elsewhere they are not.
        case lyrics(inSpeech: Bool)
        case transition
        case centered
        case note
        case boneyard
        /// `#` is level 1, `##` level 2.
        case section(level: Int)
        case synopsis
        case pageBreak
        /// The action line `SFX: name`.
        case effect
        /// The action line `MUSIC: name`.
        case music
    }

    public let kind: Kind
    /// What the element says: without the marks that tell its kind, without notes and boneyard. Emphasis marks are
    /// kept (`Emphasis.plain` removes them). Consecutive lines of action, dialogue, lyrics and centred text are
    /// one element, its lines parted by `\n`.
    public let text: String
    /// The text with the notes and boneyards that stand inside it, as they were written.
    public let markup: String
    public let span: SourceSpan
    /// Whether this note or boneyard stands inside the element before it, whose `markup` has it too.
    public let isInline: Bool

    init(_ kind: Kind, text: String, markup: String? = nil, span: SourceSpan, isInline: Bool = false) {
        self.kind = kind
        self.text = text
        self.markup = markup ?? text
        self.span = span
        self.isInline = isInline
    }

    /// Whether two elements are the same wherever they stand.
    public func isSame(as other: Element) -> Bool {
        kind == other.kind && isInline == other.isInline && text == other.text && markup == other.markup
    }
}

extension Element.Kind {
    /// The kind as `--json` names it.
    public var name: String {
        switch self {
        case .sceneHeading: "scene_heading"
        case .action: "action"
        case .character: "character"
        case .parenthetical: "parenthetical"
        case .dialogue: "dialogue"
        case .lyrics: "lyrics"
        case .transition: "transition"
        case .centered: "centered"
        case .note: "note"
        case .boneyard: "boneyard"
        case .section: "section"
        case .synopsis: "synopsis"
        case .pageBreak: "page_break"
        case .effect: "effect"
        case .music: "music"
        }
    }

    /// Part of what a character cue introduces: a parenthetical, dialogue, or lyrics in a speech.
    var isSpeech: Bool {
        switch self {
        case .parenthetical, .dialogue, .lyrics(inSpeech: true): true
        default: false
        }
    }

    /// Words that are heard.
    var isSaid: Bool { self == .dialogue || self == .lyrics(inSpeech: true) }

    /// A note or a boneyard: neither ends nor begins anything.
    var isMark: Bool { self == .note || self == .boneyard }

    /// Whether a further line of the same kind continues the element.
    var hasManyLines: Bool {
        switch self {
        case .action, .dialogue, .lyrics, .centered: true
        default: false
        }
    }

    /// Whether an empty line with two spaces on it may stand between the element's lines.
    var keepsEmptyLines: Bool { self == .dialogue || self == .lyrics(inSpeech: true) }
}
