import EpCore
import Testing

@testable import EpPlan

/// What libyaml does not understand is told in a person's words, with how it is written.
@Suite struct YAMLProblemTests {
    @Test(arguments: [
        ("title: Rockets: how\n", "1:15", "a colon stands in a text that has no quotes", "`title: \"Rockets: how\"`"),
        ("title: a: \"b\"\n", "1:9", "a colon stands in a text", "put the text into quotes"),
        ("title: x\n  number: 3\n", "2:9", "indented deeper", "as many spaces"),
        ("title T\nnumber: 3\n", "1:1", "this line has no key", "write `key: value`"),
        ("number: 3\ntitle T\n", "2:1", "this line has no key", "write `key: value`"),
        ("// x\ntitle: T\n", "1:1", "this line has no key", "a remark begins with #"),
        ("title: *Star* x\n", "1:8", "a text that begins with `*` needs quotes", "quotes"),
        ("title: & b\n", "1:8", "a text that begins with `&` needs quotes", "quotes"),
        ("title: @x\n", "1:8", "a text that begins with `@` needs quotes", "quotes"),
        ("title: `x`\n", "1:8", "begins with ``` needs quotes", "quotes"),
        ("title: %x\n", "1:8", "a text that begins with `%` needs quotes", "quotes"),
        ("%x: 1\n", "1:1", "a text that begins with `%` needs quotes", "quotes"),
        ("title: ? x\n", "1:8", "a text that begins with `?` needs quotes", "quotes"),
        ("title: - x\n", "1:8", "a list begins behind its key", "on a line of its own"),
        ("title: [draft] x\n", "1:16", "something follows a value that has ended", "quotes"),
        ("title: \"Q\" and\n", "1:12", "something follows a value that has ended", "quotes"),
        ("title: 'It's'\n", "1:12", "something follows a value that has ended", "the other kind"),
        ("title: \"a\\d\"\n", "1:10", "no character is written so in double quotes", "single quotes"),
        ("title: | x\n", "1:10", "something follows on the line of `|`", "below it"),
        ("a: [b, c\nd: 3\n", "2:2", "the `[` of line 1 is not closed here", "close it"),
        ("a: {b: 1\n", "2:1", "the `{` of line 1 is not closed here", "close it"),
        ("a:\n  - b\n- c\n", "3:1", "does not fit those above", "spaces"), ("a:\n  - b\n  c: d\n", "3:3", "does not fit those above", "spaces"),
        ("title: T\n}\n", "2:1", "does not fit those above", "spaces"), ("  a: T\nb: 3\n", "2:1", "does not fit those above", "spaces"),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", "2:1", "a merge left a conflict here", "remove the marks"),
        ("title: x\u{1}\n", "1:9", "a control character, U+0001", "take it out"),
    ])
    func isToldInPlainWords(_ text: String, _ place: String, _ words: String, _ remedy: String) throws {
        let problem = try #require(problems { _ = try yaml(text) }.first)
        #expect(problem.message.hasPrefix("not valid YAML: ") && problem.message.contains(words), "\(problem)")
        #expect(problem.location?.description == "a.yaml:\(place)", "\(problem)")
        #expect(problem.remedy?.contains(remedy) == true, "\(problem)")
    }

    /// What is no text at all is told of as that.
    @Test func otherEncodingsAreNamed() throws {
        let utf16 = problems { _ = try Node(parsing: [0xFF, 0xFE] + "a: 1\n".utf8.flatMap { [$0, 0] }, file: "a.yaml") }
        #expect(utf16.map(\.message) == ["the file is UTF-16, not UTF-8"])
        #expect(problems { _ = try Node(parsing: "a: 1\n".utf8.flatMap { [$0, 0] }, file: "a.yaml") } == utf16)
    }

    /// `title: !important x` would be "x" and a tag.
    @Test(arguments: [("a: !important x", "`!important` would be a tag"), ("a: ! x", "`!` would be"), ("a: !x [b]", "`!x`"), ("a: !y {b: c}", "`!y`")])
    func aTagIsNoWordThatGoesAway(_ text: String, _ words: String) throws {
        let problem = try #require(problems { _ = try yaml(text) }.first)
        #expect(problem.message.contains(words) && problem.location?.column == 4, "\(problem)")
    }

    @Test func whatTagsSayOfPlainValuesIsHeeded() throws {
        #expect(try yaml("a: !!str 5\nb: !!int 5\nc: !!seq [1]\nd: !!map {e: 1}\n").value == ["a": "5", "b": 5, "c": [1], "d": ["e": 1]])
    }
}
