import EpCore
import EpDesk
import Testing

/// How people name a line of a file, and how items are called.
@Suite struct FileLineTests {
    @Test(arguments: [
        ("script.fountain:57", "script.fountain", 57), ("ep001/script.fountain:1", "ep001/script.fountain", 1),
        ("script.fountain:57:12", "script.fountain", 57), ("a:b.yaml:3", "a:b.yaml", 3),
    ])
    func isRead(_ word: String, _ file: String, _ line: Int) throws {
        let place = try #require(FileLine(parsing: word))
        #expect(place.file == file && place.line == line)
    }

    @Test(arguments: [
        "script.fountain", "script.fountain:", "script.fountain:0", "script.fountain:x", "audio_synthesis/3", "scenes:3", ".hidden:3", ":3",
        "",
    ])
    func anythingElseIsNone(_ word: String) { #expect(FileLine(parsing: word) == nil) }

    @Test func aTitleIsWhoSaysWhat() throws {
        let place = SourceLocation(file: "script.fountain", line: 7)
        let line = try #require(
            ItemTitle(["speaker": "PIP", "text": "Why does\nUranus  lie on its side, I wonder?", "delivery": "curious"], at: place))
        #expect(
            line.text() == "PIP: \"Why does Uranus lie on its…\"" && line.text(atMost: 33) == "PIP: \"Why does Uranus lie on its side…\""
                && line.words == "Why does Uranus lie on its side, I wonder?")
        #expect(ItemTitle(["title": "Hello"], at: nil)?.text() == "\"Hello\"")
        #expect(ItemTitle("noon", at: nil)?.text() == "\"noon\"")
        #expect(ItemTitle(["number": 3], at: nil) == nil && ItemTitle(4, at: nil) == nil)
    }

    /// What is cut off never ends in the middle of a sign.
    @Test func aTitleIsCutBetweenCharacters() throws {
        let title = try #require(ItemTitle(["text": .string(String(repeating: "👩‍🚀", count: 40))], at: nil))
        #expect(title.text(atMost: 5) == "\"…\"" || title.text(atMost: 5).count <= 7)
    }
}
