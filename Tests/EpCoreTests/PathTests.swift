import Testing

@testable import EpCore

@Suite struct PathTests {
    /// One letter in two forms, as two systems write it.
    private let composed = "caf\u{E9}.txt"
    private let decomposed = "cafe\u{301}.txt"

    @Test func namesAreEqualByTheirBytes() {
        #expect(composed == decomposed, "to a String they are one")
        #expect(Path(composed) != Path(decomposed))
        #expect(Path(composed) == Path("caf\u{E9}.txt"))
        #expect(Set([Path(composed), Path(decomposed)]).count == 2)
        #expect([Path(composed), Path(decomposed)].sorted() == [Path(decomposed), Path(composed)])
        #expect(Target(parsing: "texts/\(composed)") != Target(parsing: "texts/\(decomposed)"))
    }

    /// To a String, a slash and the accent behind it are one character.
    @Test func aNameMayBeginWithAnAccent() {
        let path = Path("/a/\u{301}b/c")
        #expect(path.parts == ["a", "\u{301}b", "c"])
        #expect(path.parent == "/a/\u{301}b" && path.name == "c")
        #expect(path.below("/a") == "\u{301}b/c")
        #expect(Target(parsing: "s/\u{301}b").item == "\u{301}b")
        #expect(RelativePath.isClean("a/\u{301}b") && !RelativePath.isClean("a//\u{301}b"))
    }

    @Test(
        arguments: [("/a/b", "/a", "b"), ("/a/b", "/", "a/b"), ("/ab", "/a", nil), ("/a", "/a", nil), ("a", "b", nil)]
            as [(String, String, String?)])
    func whatLiesBelowADirectory(_ path: String, _ directory: String, _ rest: String?) {
        #expect(Path(path).below(directory) == rest)
    }

    @Test(arguments: ["a b", "new\nline", "back\\slash\\n", "\r\n", "ü\u{301}", ""]) func aPathIsALine(_ text: String) {
        let line = Path(text).line
        #expect(!line.utf8.contains { $0 == 10 || $0 == 13 })
        #expect(Path(line: line) == Path(text))
    }

    /// Two inputs whose labels differ in form alone are two, here and in the address.
    @Test func labelsAreBytes() throws {
        let (one, two) = (Digest(of: Array("1".utf8)), Digest(of: Array("2".utf8)))
        let tree = InputTree([.init(label: composed, digest: one), .init(label: decomposed, digest: two)])
        #expect(tree[composed] == one && tree[decomposed] == two)
        let below = InputTree([.init(label: "\(composed)/a", digest: one), .init(label: "\(decomposed)/a", digest: two)])
        let blobs = Action(arguments: ["x"], outputs: [composed, decomposed], inputs: below).encoded().blobs
        #expect(blobs.count == 5, "the action, its command, the root and two directories")
        let result = ActionResult(outputs: [.init(path: composed, digest: one), .init(path: decomposed, digest: two)], servedBy: "")
        #expect(result[composed] == one && result[decomposed] == two)
        #expect(try ResultEntry(canonical: result.encoded(for: ActionDigest(one)), for: ActionDigest(one)).result == result)
    }
}
