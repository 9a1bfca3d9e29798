public import EpCore

/// What a note asks of the mix: `[[pause 2s]]`, `[[sfx: bell]]`, `[[recording: interview.mp3]]`. No voice is given any of it.
public struct Direction: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// For so long nobody says anything.
        case pause(milliseconds: Int)
        /// A sound that begins on a word, while it is said.
        case effect(String)
        /// A file of the person's that is heard by itself, as loud as speech.
        case recording(String)

        /// What is said after it is a line of its own.
        var endsLine: Bool { if case .effect = self { false } else { true } }
    }

    public let kind: Kind
    /// Index of the line in which the note stands, or before which; the number of lines if none follows.
    public let line: Int
    /// Words of that line that are said before it. 0 for a pause and a recording: what is said after one is a line of its own.
    public let word: Int
    public let location: SourceLocation

    /// The effect that it asks for; nil for anything else.
    public var effect: String? { if case .effect(let name) = kind { name } else { nil } }
    /// The recording that it asks for, as a path; nil for anything else.
    public var recording: String? { if case .recording(let file) = kind { file } else { nil } }

    public init(kind: Kind, line: Int, word: Int, location: SourceLocation) {
        self.kind = kind
        self.line = line
        self.word = word
        self.location = location
    }
}

/// What the text of a note says to the mix.
enum DirectionNote: Equatable {
    case direction(Direction.Kind)
    /// It is nearly a direction, and nobody would hear it.
    case doubtful(String, remedy: String)
    /// A note for people.
    case none

    private static let example = "write [[pause 2s]], or [[pause 500ms]]"
    /// Longer than ten minutes is no pause.
    private static let longestSeconds = 600.0

    /// - Parameter text: what stands between the brackets.
    init(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        let head = text.drop(while: \.isWhitespace).prefix(while: \.isLetter)
        let rest = String(text.drop(while: \.isWhitespace).dropFirst(head.count)).folded
        switch head.lowercased() {
        case "pause": self = Self.pause(rest, words: words.count)
        case "sfx": self = Self.effect(rest)
        case "recording": self = Self.recording(rest, words: words.count)
        case let name where rest.hasPrefix(":") && Suggestion.nearest(to: name, in: ["recording"]) != nil:
            self = .doubtful(
                "\"\(Legible.text(text))\" is a note that nobody hears",
                remedy: "did you mean [[recording:\(Legible.text(String(rest.dropFirst())))]]?")
        case let name where rest.hasPrefix(":") && Self.nearlyEffect.contains(name):
            self = .doubtful(
                "\"\(Legible.text(text))\" is a note that nobody hears",
                remedy: "did you mean [[sfx:\(Legible.text(String(rest.dropFirst())))]]?")
        case "music" where rest.hasPrefix(":"):
            self = .doubtful(
                "music does not begin within a speech",
                remedy: "write MUSIC:\(Legible.text(String(rest.dropFirst()))) on a line of its own, after an empty one")
        case let name where !name.isEmpty && Self.milliseconds(rest) != nil:
            self = .doubtful("\"\(Legible.text(text))\" is a note that nobody hears", remedy: "did you mean [[pause \(rest)]]?")
        default: self = .none
        }
    }

    /// What somebody writes who means `sfx`.
    private static let nearlyEffect: Set<String> = [
        "fx", "sf", "sx", "sxf", "fsx", "sfxx", "ssfx", "sffx", "sfc", "sfz", "sfy", "effect", "sound",
    ]

    private static func pause(_ rest: String, words: Int) -> DirectionNote {
        let length = rest.hasPrefix(":") ? String(rest.dropFirst()).folded : rest
        if let milliseconds = milliseconds(length) {
            guard Double(milliseconds) <= longestSeconds * 1000 else {
                return .doubtful("a pause of \(Legible.text(length)) is too long, and is left out", remedy: "ten minutes are the longest")
            }
            return .direction(.pause(milliseconds: milliseconds))
        }
        // A sentence that begins with the word is for people.
        if words > 3, !length.contains(where: \.isNumber) { return .none }
        return .doubtful("\"\(Legible.text("pause \(length)".folded))\" does not say how long, and is left out", remedy: example)
    }

    private static func effect(_ rest: String) -> DirectionNote {
        guard rest.hasPrefix(":") else {
            return .doubtful(
                "this note lacks its colon, and is left out", remedy: "write [[sfx: \(rest.isEmpty ? "bell" : Legible.text(rest))]]")
        }
        let name = Emphasis.spoken(String(rest.dropFirst()))
        return name.isEmpty
            ? .doubtful("this note does not say which sound, and is left out", remedy: "write [[sfx: bell]]") : .direction(.effect(name))
    }

    private static func recording(_ rest: String, words: Int) -> DirectionNote {
        guard rest.hasPrefix(":") else {
            // A sentence that begins with the word is for people.
            guard words == 2, rest.contains(".") else { return .none }
            return .doubtful("this note lacks its colon, and is left out", remedy: "write [[recording: \(Legible.text(rest))]]")
        }
        let file = String(rest.dropFirst()).folded
        return file.isEmpty
            ? .doubtful("this note does not say which recording, and is left out", remedy: "write [[recording: interview.mp3]]")
            : .direction(.recording(file))
    }

    /// `2s`, `1.5 s`, `500ms`, `2 seconds`; nil for anything else.
    private static func milliseconds(_ length: String) -> Int? {
        let number = length.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        guard let value = Double(number), value.isFinite, value < 1e9 else { return nil }
        switch length.dropFirst(number.count).drop(while: \.isWhitespace).lowercased() {
        case "s", "sec", "second", "seconds": return Int((value * 1000).rounded())
        case "ms", "millisecond", "milliseconds": return Int(value.rounded())
        default: return nil
        }
    }
}

extension String {
    /// Without white space at its ends, and with single spaces in it.
    fileprivate var folded: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
