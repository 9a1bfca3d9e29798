import EpCore
import Testing

@testable import EpPlan

@Suite struct FileNameTests {
    @Test(arguments: [
        ("How Rockets Work", "how-rockets-work"), ("Die Flüsse von Köln", "die-flüsse-von-köln"), ("STRAßE", "straße"), ("東京の川", "東京の川"),
        ("Река Волга", "река-волга"), ("Cafe\u{301} Ole\u{301}", "café-olé"), ("हिन्दी में", "हिन्दी-में"), ("نهر النيل", "نهر-النيل"), ("ไทย", "ไทย"),
        ("Rockets 🚀 & more!", "rockets-more"), ("1️⃣ First", "1-first"), ("a\u{AD}b", "ab"), ("x² and ½", "x²-and-½"), ("--- a ---", "a"),
        ("a/b\\c:d", "a-b-c-d"),
    ])
    func lettersOfEveryScriptStay(_ text: String, _ slug: String) throws {
        let found = try #require(FileName.slug(text, atMost: 80))
        #expect(Path(found) == Path(slug))
    }

    @Test(arguments: ["", "🚀🌙", " - / ", "\u{301}", "…"]) func whatHasNoLetterHasNoName(_ text: String) {
        #expect(FileName.slug(text, atMost: 80) == nil)
    }

    @Test func aNameIsCutAtAWordOrACharacter() throws {
        #expect(FileName.slug("one two three", atMost: 8) == "one-two")
        #expect(FileName.slug("abcdefghij", atMost: 4) == "abcd")
        let long = try #require(FileName.slug(String(repeating: "語", count: 300), atMost: 80))
        #expect(long == String(repeating: "語", count: 66), "200 bytes hold 66 of 3 bytes each")
        let words = try #require(FileName.slug(String(repeating: "вода ", count: 60), atMost: 80))
        #expect(words.utf8.count <= FileName.mostBytes && words.hasSuffix("вода"))
    }

    @Test func aLongNameIsCutAndStaysItsOwn() {
        #expect(FileName.bounded("short%name") == "short%name")
        let (one, two) = (String(repeating: "п", count: 120) + "1", String(repeating: "п", count: 120) + "2")
        #expect(FileName.bounded(one) != FileName.bounded(two))
        #expect(FileName.bounded(one).utf8.count <= 240)
    }
}
