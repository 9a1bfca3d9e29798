import EpCore
import EpPlan
import EpSQLite
import FoundationEssentials
import Testing

@testable import EpTools

/// Passages of texts, and which of them match a question best.
@Suite struct PassageTests {
    private func shelf(_ texts: [String]) throws -> PassageShelf {
        let shelf = try PassageShelf()
        try hold(texts, on: shelf)
        return shelf
    }

    private func hold(_ texts: [String], on shelf: PassageShelf) throws {
        try shelf.hold(texts.map { PassageShelf.Text(source: .literal(Array($0.utf8)), name: $0) }) { Passages(.string(texts[$0])) }
    }

    // MARK: passages

    @Test func paragraphsAreJoinedUntilTheySaySomething() {
        let paragraph = String(repeating: "word ", count: 80)
        #expect(Passages(.string("# Head\n\nshort one\n\nshort two")).all == ["# Head\n\nshort one\n\nshort two"])
        #expect(Passages(.string("\(paragraph)\n\n\(paragraph)\n\n# Head\n\nend")).all.count == 3)
        #expect(Passages(.string("\r\n\r\n---\r\n\r\n")).all.isEmpty && Passages(.string("")).all.isEmpty)
    }

    @Test func aVeryLongParagraphIsDividedBetweenSentences() {
        let sentence = "This is a sentence that says next to nothing. "
        let all = Passages(.string(String(repeating: sentence, count: 100))).all
        #expect(
            all.count > 5 && all.allSatisfy { $0.utf8.count < 1_000 }
                && all.dropLast().allSatisfy { $0.hasSuffix(".") || $0.hasSuffix(". ") })
        #expect(Passages(.string(String(repeating: "潮", count: 20_000))).all.allSatisfy { $0.count <= 1_801 })
    }

    @Test func elementsOfListsArePassages() {
        let value: Value = ["title": "T", "people": [["id": "a", "wants": "tea"], ["id": "b"]], "tags": ["x", "z"]]
        #expect(Passages(value).all == ["title: T\ntags:\n  - x\n  - z", "id: a\nwants: tea", "id: b"])
    }

    // MARK: searching

    @Test func theBestComesFirst() throws {
        let shelf = try shelf([
            "The bell rang over the harbour.", "A lamp stood by the harbour wall.", "The lamp leaned, the eleventh lamp of all.",
        ])
        #expect(try shelf.find("Which lamp leaned?", limit: 2).map(\.text) == [2, 1])
        #expect(try shelf.find("lamp", limit: 5, without: [2]).map(\.text) == [1])
        #expect(try shelf.find("zebra", limit: 5).isEmpty)
    }

    @Test(arguments: [
        "", "   ", "a-b", "what?", "\"", "\"\"\"", "'", "NEAR(a b)", "a AND OR NOT b", "col:x", "*", "^a", "(", ")", "a*", "-a", "{x}", "+",
        ";DROP TABLE passage", "\u{0}a\u{0}b",
        "日", "日本", "𞤀𞤣𞤤𞤢𞤥", "👩‍👩‍👧", "e\u{301}", "\u{301}\u{301}", "ﬁ", "%", "_", "a\\b", "--", "/* */", "\n\n", "½", "१२३",
    ])
    func noQuestionIsAnError(query: String) throws {
        let shelf = try shelf(["a b", "日本の灯台", "e\u{301}tude \(query)"])
        _ = try shelf.find(query, limit: 5)
    }

    @Test func aQuestionMayBeAsLongAsABook() throws {
        let shelf = try shelf(["w77 x", "y z"])
        let query = (0..<5_000).map { "w\($0)" }.joined(separator: " ")
        #expect(try shelf.find(query, limit: 5).map(\.text) == [0])
    }

    @Test func caseAndAccentsDoNotMatterAndChineseIsFound() throws {
        let shelf = try shelf(["L’ÉTÉ dernier", "他走到了灯塔旁边", "un hiver"])
        #expect(try shelf.find("ete", limit: 1).map(\.text) == [0])
        #expect(try shelf.find("灯塔在哪里", limit: 5).map(\.text) == [1])
        #expect(try shelf.find("走", limit: 5).isEmpty)
    }

    /// What is found depends on the texts that are asked about, whatever was held before.
    @Test func whatIsFoundDoesNotDependOnWhatWasHeldBefore() throws {
        var chance = Seeded(7)
        let words = (0..<40).map { "word\($0)" }
        let texts = (0..<30).map { _ in (0..<20).map { _ in words.randomElement(using: &chance) ?? "" }.joined(separator: " ") }
        let used = try PassageShelf()
        for _ in 0..<60 {
            let count = Int.random(in: 0...30, using: &chance), skipped = Int.random(in: 0..<30, using: &chance)
            let some = texts.prefix(count).enumerated().filter { $0.offset != skipped }.map(\.element)
            let query = "\(words.randomElement(using: &chance) ?? "") \(words.randomElement(using: &chance) ?? "")"
            try hold(some, on: used)
            let found = try used.find(query, limit: 4).map(\.text)
            #expect(try found == shelf(some).find(query, limit: 4).map(\.text))
        }
    }

    /// Of 500 scenes, each of which asks about all before it, each is read once.
    @Test func whatIsHeldIsNotReadAgain() throws {
        let scenes = (0..<500).map { "Scene \($0): the \($0 % 7 == 0 ? "bell" : "lamp") on the quay, number \($0 % 11)." }
        let all = scenes.map { PassageShelf.Text(source: .literal(Array($0.utf8)), name: $0) }
        let shelf = try PassageShelf()
        var reads = 0
        for count in all.indices {
            try shelf.hold(Array(all.prefix(count))) { index in
                reads += 1
                return Passages(.string(scenes[index]))
            }
            #expect(try shelf.find("the bell on the quay", limit: 5).count == min(5, count))
        }
        #expect(reads == 499)
    }
}

/// A reproducible source of chance (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
