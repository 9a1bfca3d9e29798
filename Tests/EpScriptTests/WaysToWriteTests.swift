import EpCore
import Testing

@testable import EpScript

/// Ways in which people write the same six lines. However they are written, each is spoken by the right voice, or a warning points at it.
struct WaysToWriteTests {
    struct Way: Sendable, CustomTestStringConvertible {
        let name: String
        var gap = "\n\n"
        var names = ["SAM", "ALEX"]
        /// Ends of lines.
        var end = "\n"
        /// Whether every line is heard as it is meant.
        var isRight = false
        let speech: @Sendable (_ name: String, _ words: String) -> String

        var testDescription: String { name }
    }

    private static let words = [
        "Did you hear that?", "Hear what?", "The wind.", "It is only the wind.", "Then shut the window.", "I will shut it.",
    ]
    private static let small = ["Sam", "Alex"]
    private static let smallest = ["sam", "alex"]
    private static let wide = ["黒澤", "志村"]

    static let ways: [Way] = readable + unreadable

    /// What the standard reads.
    private static let readable: [Way] = [
        Way(name: "plain", isRight: true) { "\($0)\n\($1)" },
        Way(name: "colon on the name", isRight: true) { "\($0):\n\($1)" },
        Way(name: "full-width colon on the name", isRight: true) { "\($0)：\n\($1)" },
        Way(name: "forced", names: small, isRight: true) { "@\($0)\n\($1)" },
        Way(name: "forced, without case", names: wide, isRight: true) { "@\($0)\n\($1)" },
        Way(name: "bold", isRight: true) { "**\($0)**\n\($1)" },
        Way(name: "extension", isRight: true) { "\($0) (V.O.)\n\($1)" },
        Way(name: "caret before the extension", isRight: true) { "\($0) ^ (V.O.)\n\($1)" },
        Way(name: "spaces behind", isRight: true) { "\($0)   \n\($1)  " },
        Way(name: "indented", isRight: true) { "\t\t\($0)\n\t\($1)" },
        Way(name: "no-break space behind", isRight: true) { "\($0)\u{A0}\n\($1)\u{A0}" },
        Way(name: "byte-order mark before", isRight: true) { "\u{FEFF}\($0)\n\($1)" },
        Way(name: "carriage returns", end: "\r\n", isRight: true) { "\($0)\n\($1)" },
        Way(name: "old line ends", end: "\r", isRight: true) { "\($0)\n\($1)" },
        Way(name: "two spaces under the name", isRight: true) { "\($0)\n  \n\($1)" },
        Way(name: "delivery", isRight: true) { "\($0)\n(softly)\n\($1)" },
        Way(name: "delivery in emphasis", isRight: true) { "\($0)\n*(softly)*\n\($1)" },
        Way(name: "delivery over two lines", isRight: true) { "\($0)\n(softly, and\nslowly)\n\($1)" },
        Way(name: "note under the name", isRight: true) { "\($0)\n[[a note]]\n\($1)" },
        Way(name: "rule between", gap: "\n---\n", isRight: true) { "\($0)\n\($1)" },
        Way(name: "rule and empty lines between", gap: "\n\n* * *\n\n", isRight: true) { "\($0)\n\($1)" },
        Way(name: "boneyard between", gap: "\n/* cut */\n", isRight: true) { "\($0)\n\($1)" },
        Way(name: "boneyard on lines of its own between", gap: "\n/*\ncut\n*/\n", isRight: true) { "\($0)\n\($1)" },
        Way(name: "no-break space between", gap: "\n\u{A0}\n", isRight: true) { "\($0)\n\($1)" },
        Way(name: "zero-width space between", gap: "\n\u{200B}\n", isRight: true) { "\($0)\n\($1)" },
        Way(name: "ideographic space between", gap: "\n\u{3000}\n", isRight: true) { "\($0)\n\($1)" },
        Way(name: "a form feed between", gap: "\n\n\u{0C}", isRight: true) { "\($0)\n\($1)" },
        Way(name: "a form feed on a line between", gap: "\n\u{0C}\n", isRight: true) { "\($0)\n\($1)" },
        Way(name: "a line separator behind each line", isRight: true) { "\($0)\u{2028}\n\($1)\u{2028}" },
        Way(name: "sharp s", names: ["GROß", "STRAßE"], isRight: true) { "\($0)\n\($1)" },
        Way(name: "ordinals", names: ["SOLDIER Nº 1", "SOLDIER Nº 2"], isRight: true) { "\($0)\n\($1)" },
        Way(name: "one space between", gap: "\n \n", isRight: true) { "\($0)\n\($1)" },
        Way(name: "sound in brackets between", gap: "\n\n[SFX: bell]\n", isRight: true) { "\($0)\n\($1)" },
        Way(name: "forced, without empty lines", gap: "\n", names: small, isRight: true) { "@\($0)\n\($1)" },
    ]

    /// What it does not.
    private static let unreadable: [Way] = [
        Way(name: "small letters", names: small) { "\($0)\n\($1)" },
        Way(name: "smallest letters", names: smallest) { "\($0)\n\($1)" },
        Way(name: "without case", names: wide) { "\($0)\n\($1)" },
        Way(name: "colon, small letters", names: small) { "\($0):\n\($1)" },
        Way(name: "colon and words") { "\($0): \($1)" },
        Way(name: "colon and words, small letters", names: small) { "\($0): \($1)" },
        Way(name: "colon and words, smallest letters", names: smallest) { "\($0): \($1)" },
        Way(name: "colon and words, no empty lines", gap: "\n") { "\($0): \($1)" },
        Way(name: "colon and words, no empty lines, small letters", gap: "\n", names: small) { "\($0): \($1)" },
        Way(name: "full-width colon and words") { "\($0)：\($1)" },
        Way(name: "full-width colon and words, without case", names: wide) { "\($0)：\($1)" },
        Way(name: "colon and words, without case", names: wide) { "\($0): \($1)" },
        Way(name: "tab and words") { "\($0)\t\($1)" },
        Way(name: "tab and words, small letters", names: small) { "\($0)\t\($1)" },
        Way(name: "dash and words") { "\($0) - \($1)" },
        Way(name: "long dash and words", names: small) { "\($0) — \($1)" },
        Way(name: "brackets") { "[\($0)]\n\($1)" },
        Way(name: "brackets, small letters", names: small) { "[\($0)]\n\($1)" },
        Way(name: "brackets and words", names: small) { "[\($0)] \($1)" },
        Way(name: "brackets, colon and words", names: small) { "[\($0)]: \($1)" },
        Way(name: "parentheses") { "(\($0))\n\($1)" },
        Way(name: "bold, small letters", names: small) { "**\($0)**\n\($1)" },
        Way(name: "bold, colon", names: small) { "**\($0):**\n\($1)" },
        Way(name: "bold, colon and words", names: small) { "**\($0):** \($1)" },
        Way(name: "bold, colon and words, capitals") { "**\($0):** \($1)" },
        Way(name: "italics, colon and words", names: small) { "*\($0)*: \($1)" },
        Way(name: "heading") { "### \($0)\n\($1)" },
        Way(name: "heading, small letters", names: small) { "## \($0)\n\($1)" },
        Way(name: "first heading", names: small) { "# \($0)\n\($1)" },
        Way(name: "time before the name") { "00:07 \($0)\n\($1)" },
        Way(name: "time before the name, colon and words") { "00:07 \($0): \($1)" },
        Way(name: "time in brackets", names: small) { "[00:00:07] \($0): \($1)" },
        Way(name: "time above the name") { "00:07\n\($0)\n\($1)" },
        Way(name: "subtitles") { "00:00:07,000 --> 00:00:09,000\n\($0): \($1)" },
        Way(name: "list", gap: "\n", names: small) { "- \($0): \($1)" },
        Way(name: "list of names") { "- \($0)\n\($1)" },
        Way(name: "list with stars", names: small) { "* \($0): \($1)" },
        Way(name: "numbered names") { "1. \($0)\n\($1)" },
        Way(name: "numbered lines") { "12. \($0): \($1)" },
        Way(name: "table", gap: "\n") { "| \($0) | \($1) |" },
        Way(name: "no empty line above", gap: "\n") { "\($0)\n\($1)" },
        Way(name: "two spaces between", gap: "\n  \n") { "\($0)\n\($1)" },
        Way(name: "two tabs between", gap: "\n\t\t\n") { "\($0)\n\($1)" },
        Way(name: "note between", gap: "\n[[a note]]\n") { "\($0)\n\($1)" },
        Way(name: "sound between", gap: "\nSFX: bell\n") { "\($0)\n\($1)" },
        Way(name: "empty line under the name") { "\($0)\n\n\($1)" },
        Way(name: "empty line under the name, small letters", names: small) { "\($0)\n\n\($1)" },
        Way(name: "empty line under a colon", names: small) { "\($0):\n\n\($1)" },
        Way(name: "delivery beside the name", isRight: true) { "\($0) (softly)\n\($1)" },
        Way(name: "delivery before the words") { "\($0)\n(softly) \($1)" },
        Way(name: "delivery behind the words") { "\($0)\n\($1) (softly)" },
        Way(name: "delivery in brackets") { "\($0)\n[softly]\n\($1)" },
        Way(name: "delivery beside the name, colon and words", names: small) { "\($0) (softly): \($1)" },
        Way(name: "empty line under the delivery") { "\($0)\n(softly)\n\n\($1)" },
        Way(name: "quotes around the name") { "\"\($0)\"\n\($1)" },
        Way(name: "dash behind the name") { "\($0) -\n\($1)" },
        Way(name: "backslash behind the name") { "\($0)\\\n\($1)" },
        Way(name: "forced, on one line", names: small) { "@\($0): \($1)" },
        Way(name: "forced, on one line, without colon", names: small) { "@\($0) \($1)" },
        Way(name: "centred") { "> \($0) <\n\($1)" },
        Way(name: "quoted", gap: "\n", names: small) { "> \($0): \($1)" },
        Way(name: "action above the name") { "A door.\n\($0)\n\($1)" },
    ]

    /// These look like a name to those who know it only.
    private static let ofAShow: [Way] = [
        Way(name: "quotes beside the name") { "\($0) \"\($1)\"" },
        Way(name: "full stop behind the name") { "\($0).\n\($1)" },
    ]

    @Test(arguments: ways + ofAShow)
    func eachLineIsSpokenOrWarnedOfWhereTheShowIsKnown(_ way: Way) {
        check(way, ShowCast(characters: way.names.map { .init(name: $0) }))
    }

    @Test(arguments: ways)
    func eachLineIsSpokenOrWarnedOf(_ way: Way) { check(way, .unknown) }

    private func check(_ way: Way, _ show: ShowCast) {
        var text = "Title: Wind\n\n"
        var ranges: [ClosedRange<Int>] = []
        for (index, words) in Self.words.enumerated() {
            let start = text.count { $0 == "\n" } + 1
            text += way.speech(way.names[index % 2], words)
            ranges.append(start...text.count { $0 == "\n" } + 1)
            text += way.gap
        }
        let source = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: way.end)
        let script = parse(source)
        let warned = Set(ScriptReport(script, show: show).warnings.map { $0.location?.line ?? 0 })
        for (index, words) in Self.words.enumerated() {
            let own = script.lines.filter { $0.speaker == way.names[index % 2] && ranges[index].contains($0.location.line) }
            let isRight = own.contains { $0.text == words }
            // Words that run into the next speech are the fault of its name.
            let next = ranges[min(index + 1, ranges.count - 1)]
            let runsOn = own.contains { $0.text.hasPrefix(words) } && next.contains(where: warned.contains)
            let isWarned = ranges[index].contains(where: warned.contains) || runsOn
            #expect(
                isRight || isWarned,
                "line \(index + 1) of \(source.debugDescription): \(script.lines.map { "\($0.speaker): \($0.text)" }), warned of: \(warned.sorted())"
            )
            if way.isRight { #expect(isRight, "\(source.debugDescription): \(script.outline)") }
        }
    }

    @Test func thereAreMany() { #expect(Self.ways.count >= 56 && Set(Self.ways.map(\.name)).count == Self.ways.count) }

    /// The right ways are not found fault with, but where a delivery is lost.
    @Test(arguments: readable)
    func theRightWaysAreNotWarnedOf(_ way: Way) {
        let text = Self.words.enumerated().map { way.speech(way.names[$0 % 2], $1) }.joined(separator: way.gap)
        #expect(warnings(text, show: ShowCast(characters: way.names.map { .init(name: $0) })).isEmpty)
        #expect(warnings(text).isEmpty)
    }
}
