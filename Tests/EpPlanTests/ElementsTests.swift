import EpCore
import Testing

@testable import EpPlan

@Suite struct ElementsTests {
    private let place = SourceLocation(file: "pipeline.yaml", line: 4, column: 9)

    private func select(_ path: String, _ text: String, _ name: String) throws -> [Element] {
        try Elements.select(path.split(separator: ".").map(String.init), from: Array(text.utf8), named: name, shown: name, at: place)
    }

    @Test func linesOfAScript() throws {
        let elements = try select("lines", "# One\n\nOLIVER\n(softly)\nHello.\n\nPIP\nHi!\n\n[[a note]]\n", "s.fountain")
        #expect(elements.map(\.number) == [1, 2])
        #expect(elements.map { $0.value["speaker"]?.string } == ["OLIVER", "PIP"])
        #expect(elements[0].value["text"] == "Hello.")
        #expect(elements[0].value["delivery"]?.string?.contains("softly") == true)
        #expect(elements.allSatisfy { $0.location?.file == "s.fountain" && $0.location?.line ?? 0 > 2 })
    }

    @Test func aScriptInWhichNobodySpeaksIsAMistake() {
        #expect(
            problems { _ = try select("lines", "# Only a chapter\n", "s.fountain") }.first?.message == "nobody says anything in this script"
        )
    }

    @Test func linesOfAText() throws {
        let elements = try select("lines", "one\r\n\n  \t\ntwo \nüber", "a.txt")
        #expect(elements.map(\.value) == [["text": "one"], ["text": "two "], ["text": "über"]])
        #expect(elements.map(\.location?.line) == [1, 4, 5])
        #expect(try select("lines", "", "a.txt").isEmpty)
    }

    @Test func aByteOrderMarkIsNotPartOfAText() throws {
        #expect(try select("lines", "\u{FEFF}one\ntwo\n", "a.txt").map(\.value) == [["text": "one"], ["text": "two"]])
        #expect(try Elements.value(of: Array("\u{FEFF}one\n".utf8), named: "a.txt", shown: "a.txt").string?.unicodeScalars.first == "o")
        #expect(try Template(parsing: Array("\u{FEFF}one".utf8), file: "a.md").render([:]).unicodeScalars.first == "o")
    }

    @Test(arguments: [
        ("beats:\n  - a\n  - {n: 2}\n", "a.yaml"), (#"{"beats": ["a", {"n": 2}]}"#, "a.json"), ("beats: [a, {n: 2}]", "A.YML"),
    ])
    func elementsOfAList(_ text: String, _ name: String) throws {
        let elements = try select("beats", text, name)
        #expect(elements.map(\.value) == ["a", ["n": 2]])
        #expect(elements.allSatisfy { $0.location?.line ?? 0 > 0 })
    }

    @Test func aListFurtherIn() throws {
        #expect(try select("a.b", "a: {b: [1, 2, 3]}", "a.yaml").count == 3)
    }

    @Test(arguments: [
        ("beatz", "beats: []", "a.yaml", "a.yaml has no `beatz`", "did you mean \"beats\"?"),
        ("a.c", "a: {b: []}", "a.yaml", "a.yaml has no `a.c`", "did you mean \"b\"?"),
        ("words", "x", "a.txt", "a.txt has no `words`", "known: lines"),
        ("scenes", "X\nhello\n", "a.fountain", "a.fountain has no `scenes`", "known: lines"),
    ])
    func aPathThatIsNotThere(_ path: String, _ text: String, _ name: String, _ message: String, _ remedy: String) throws {
        #expect(problems { _ = try select(path, text, name) } == [Diagnostic(.badInput, message, at: place, remedy: remedy)])
    }

    @Test func whatIsNoListIsShownWhereItStands() throws {
        let problem = try #require(problems { _ = try select("a", "b: 1\na: text\n", "a.yaml") }.first)
        #expect(problem.message == "`a` in a.yaml is the text \"text\", not a list")
        #expect(problem.location == SourceLocation(file: "a.yaml", line: 2, column: 4))
    }

    @Test func aTextThatIsNotUTF8() {
        #expect(
            problems { _ = try Elements.select(["lines"], from: [0xFF], named: "a.txt", shown: "a.txt", at: place) }.map(\.remedy) == [
                "save it as UTF-8"
            ])
    }
}
