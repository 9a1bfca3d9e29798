public import EpCore

/// SSML, the markup that some services understand in what they speak. In a script it is a mistake: another voice would read it out.
public enum SpeechMarkup {
    /// A tag, and what to write in its place.
    public struct Tag: Hashable, Sendable {
        public let text: String
        /// Characters before it.
        public let offset: Int
        public let remedy: String
    }

    /// - Returns: in their order.
    public static func tags(in text: String) -> [Tag] {
        guard text.utf8.contains(UInt8(ascii: "<")) else { return [] }
        let tag = /<\/?(break|emphasis|prosody|say-as|phoneme|sub|speak|voice|audio|mark|lang|mstts:[a-z-]+|amazon:[a-z-]+)(\s[^<>]*)?\/?>/
            .ignoresCase()
        return text.matches(of: tag).map { match in
            Tag(
                text: String(match.output.0), offset: text.distance(from: text.startIndex, to: match.range.lowerBound),
                remedy: remedy(for: match.output.1.lowercased(), String(match.output.2 ?? "")))
        }
    }

    private static func remedy(for name: String, _ attributes: String) -> String {
        switch name {
        case "break":
            let time = attributes.firstMatch(of: /time\s*=\s*["']?\s*([0-9.]+\s*m?s)/).map { String($0.output.1) }
            return "write [[pause \(time ?? "1s")]] in its place"
        case "emphasis": return "put stars around the words in place of the tags: *word*"
        case "prosody":
            return "take the tags out; a delivery such as (slowly), on a line of its own under the name, changes how it is said"
        case "phoneme", "sub", "say-as": return "take the tags out; `lexicon:` in show.yaml says how a word is said"
        case "audio": return "write [[sfx: NAME]] in its place"
        default: return "take the tag out"
        }
    }

    /// What is wrong with a text that somebody is to speak; nil if nothing is.
    /// - Parameter location: of the text.
    public static func problem(in text: String, at location: SourceLocation?) -> Diagnostic? {
        tags(in: text).first.map { tag in
            Diagnostic(
                .badInput, "\"\(Legible.text(tag.text))\" is SSML, which no script has: it might be read out", at: location,
                remedy: tag.remedy)
        }
    }
}

extension Script {
    /// The tags of SSML in what is spoken, each at its place: nobody is to speak this script.
    public var markupProblems: [Diagnostic] {
        guard source.contains(UInt8(ascii: "<")) else { return [] }
        return WrittenLines(of: self).lines.filter { $0.kind.isSaid }.compactMap { line in
            guard let tag = SpeechMarkup.tags(in: line.text).first else { return nil }
            let place = SourceLocation(file: line.location.file, line: line.location.line, column: line.location.column + tag.offset)
            return SpeechMarkup.problem(in: line.text, at: place)
        }
    }
}
