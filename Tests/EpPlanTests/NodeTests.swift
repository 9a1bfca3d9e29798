import EpCore
import Testing

@testable import EpPlan

@Suite struct NodeTests {
    @Test func everyValueKnowsItsPlace() throws {
        let node = try yaml("title: Hello\nbeats:\n  - a\n  - {x: 1, ü: [zwei]}\n")
        #expect(node["title"]?.location == SourceLocation(file: "a.yaml", line: 1, column: 8))
        guard case .list(let beats)? = node["beats"]?.content else {
            Issue.record("no list")
            return
        }
        #expect(beats.map(\.location.line) == [3, 4])
        #expect(beats.map(\.location.column) == [5, 5])
        // Columns count characters, not bytes.
        guard case .object(let members) = beats[1].content else {
            Issue.record("no mapping")
            return
        }
        #expect(members[1].keyLocation.column == 12)
        #expect(members[1].value.location.column == 15)
    }

    @Test(arguments: [
        ("1", Value.int(1)), ("-7", .int(-7)), ("\"1\"", .string("1")), ("1.5", .double(1.5)), ("1e3", .double(1000)),
        ("true", .bool(true)),
        ("'true'", .string("true")), ("yes", .string("yes")), ("no", .string("no")), ("~", .null), ("null", .null),
        ("1.2.3", .string("1.2.3")),
        ("2026-01-02", .string("2026-01-02")), ("0x10", .string("0x10")), ("nan", .string("nan")), (".inf", .string(".inf")),
        ("12:30", .string("12:30")), ("99999999999999999999", .double(1e20)), ("[]", .list([])), ("{}", .object([])),
        ("a b", .string("a b")),
    ])
    func scalarsFollowTheCoreSchema(_ text: String, _ value: Value) throws {
        #expect(try yaml("a: \(text)").value["a"]?.meaning == value)
    }

    /// Wherever a value is filled in, it stands as it is written; JSON has a text for what it has no number for.
    @Test(arguments: [
        ("1.10", "1.10"), ("2.50", "2.50"), ("1.0", "1.0"), ("1e3", "1e3"), ("6.02E+23", "6.02E+23"), ("0.00001", "0.00001"), ("-0", "-0"),
        ("-0.0", "-0.0"), ("42", "42"),
        ("12345678901234567890", "12345678901234567890"), ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
        ("1e400", "\"1e400\""),
        ("0123", "\"0123\""), ("007", "\"007\""), ("+49", "\"+49\""), (".5", "\".5\""), ("5.", "\"5.\""), ("0x1F", "\"0x1F\""),
        ("0o17", "\"0o17\""),
        ("1_000", "\"1_000\""), ("1,000", "\"1,000\""), ("2026-11-05", "\"2026-11-05\""), ("12:30", "\"12:30\""), ("yes", "\"yes\""),
        ("No", "\"No\""),
        ("True", "true"), ("FALSE", "false"), ("true", "true"),
    ])
    func aScalarKeepsItsLetters(_ text: String, _ json: String) throws {
        let value = try #require(try yaml("a: \(text)").value["a"])
        #expect(value.rendered(indent: 0) == text && value.json() == json)
        #expect(try yaml(value.yaml()).value == value || value.string != nil)
        let inside = try #require(try yaml("a: {b: [\(text.contains(",") ? "\"\(text)\"" : text)]}").value["a"])
        #expect(try yaml(inside.yaml()).value == inside)
    }

    @Test func numbersOfJSONKeepTheirLetters() throws {
        let text = #"{"a":1.10,"b":[1e5,0.50,-0.0,12345678901234567890,1E-7]}"#
        #expect(try yaml(text).value.json() == text)
    }

    @Test(arguments: ["", "\n\n", "# nothing but a remark\n", "---\n", "--- ~\n...\n"])
    func anEmptyFileIsAnEmptyMapping(_ text: String) throws {
        let isNull = text.contains("~")
        #expect(try yaml(text).value == (isNull ? .null : .object([])))
    }

    @Test func jsonIsReadToo() throws {
        #expect(try yaml(#"{"a": [1, "zwei\u00fc", null], "b": {"c": true}}"#).value["a"] == [1, "zweiü", .null])
    }

    /// As Python writes a character beyond U+FFFF; places stay what they are.
    @Test func surrogatePairsAreCharacters() throws {
        #expect(try yaml(#"{"a": ["\ud83d\ude00", "x\uD83D\uDE00y\ud83D\uDe00", "\\ud83d"]}"#).value["a"] == ["😀", "x😀y😀", #"\ud83d"#])
        #expect(try yaml(#"{"\ud83d\ude00": {"b": 1}}"#)["😀"]?["b"]?.location.column == 24)
        #expect(try yaml(#"{a: \uD83d\ude00, b: '\ud83d\ude00', c: "\ud83d\udE00\n", d: "\ue83d\ue000", e: "\\ud83d\\ude00"}"#).value == [
            "a": #"\uD83d\ude00"#, "b": #"\ud83d\ude00"#, "c": "😀\n", "d": "\u{E83D}\u{E000}", "e": #"\ud83d\ude00"#,
        ])
        for half in [#"["\ud83d"]"#, #"["\ud83d\ud83d"]"#, #"["\ude00\ud83d"]"#, #"["\\\ud83d\\ude00"]"#] {
            #expect(problems { _ = try yaml(half) }.first?.message.hasPrefix("not valid YAML") == true)
        }
    }

    @Test func anAliasStandsForItsAnchor() throws {
        let node = try yaml("a: &x {k: [1, 2]}\nb: *x\n")
        #expect(node["b"]?.value == node["a"]?.value)
        #expect(node["b"]?["k"] != nil)
    }

    @Test(arguments: [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "second time"), ("x:\n  k: 1\n  k: 2\n", 3, 3, "second time"), ("a: *none\n", 1, 4, "no anchor"),
        ("a: &x [*x]\n", 1, 8, "no anchor"), ("a: 1\n---\nb: 2\n", 2, 1, "second YAML document"),
        ("a: 1\n<<: {b: 2}\n", 2, 1, "would merge"),
        ("{a: 1\n", 2, 1, "not valid YAML"),
        ("a: b: c\n", 1, 5, "not valid YAML"), ("a:\n\t- x\n", 2, 1, "a tab stands where only spaces may"),
        ("[1]: x\n", 1, 1, "key must be a text"),
        ("a: 'open\n", 1, 4, "the quote that opens here is never closed"), ("a: \"open\nb: \"x\"\n", 1, 4, "closed in line 2"),
        ("a: 1\n b: 2\n", 2, 3, "not valid YAML"), ("a: %x\n", 1, 4, "not valid YAML"),
    ])
    func mistakesHaveTheirPlace(_ text: String, _ line: Int, _ column: Int, _ words: String) throws {
        let problem = try #require(problems { _ = try yaml(text) }.first)
        #expect(problem.code == .badInput)
        #expect(problem.message.contains(words), "\(problem)")
        #expect(problem.location == SourceLocation(file: "a.yaml", line: line, column: column), "\(problem)")
    }

    @Test func bytesThatAreNotUTF8AreFound() throws {
        let problem = try #require(problems { _ = try Node(parsing: Array("a: 1\nb: x".utf8) + [0xFF, 10], file: "a.yaml") }.first)
        #expect(problem.location == SourceLocation(file: "a.yaml", line: 2, column: 5), "\(problem)")
        #expect(problem.message == "the file is not UTF-8: byte 0xFF fits no character" && problem.remedy == "save it as UTF-8")
    }

    @Test func aByteOrderMarkAndWindowsLineEndsAreRead() throws {
        #expect(try Node(parsing: [0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: zwei\r\n".utf8), file: "a").value == ["a": 1, "b": "zwei"])
    }

    /// Ten levels of ten aliases each would be ten thousand million values.
    @Test func billionLaughsAreStopped() throws {
        var text = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 { text += "l\(level): &l\(level) [\((0..<10).map { _ in "*l\(level - 1)" }.joined(separator: ", "))]\n" }
        // Of this thread alone: beside all other tests, most of the time is waiting for a processor.
        let start = processorSeconds()
        let problem = try #require(problems { _ = try yaml(text) }.first)
        #expect(problem.message.contains("more than 2000000 values"))
        #expect(processorSeconds() - start < 60)
    }

    @Test func deepNestingEndsInAMessage() throws {
        let text = String(repeating: "[", count: 100_000)
        #expect(problems { _ = try yaml(text) }.count == 1)
    }

    /// Bytes of every kind give a value or one message, never a crash.
    @Test func noBytesCrashTheParser() {
        var random = Seeded(7)
        let alphabet = Array("ab:-[]{}#&*!|>'\"%@`,?\n\n  \t~01\\.".utf8) + [0xC3, 0xBC, 0xFF, 0, 0x85]
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
            let found = problems { _ = try Node(parsing: bytes, file: "a").value }
            #expect(found.count <= 1)
            #expect(found.allSatisfy { $0.location?.file == "a" })
        }
    }
}
