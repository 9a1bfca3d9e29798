import EpCore
import EpPlan
import Testing

@testable import EpEngine

@Suite struct EpisodeLockTests {
    private static let hostile = [
        "a/1", "a/notes [draft], 2.txt", "a/x: y #1.txt", "a/\"quoted\".txt", "a/ü {b}.txt", "a/", "a/- ", "a/new\nline",
    ]

    @Test(arguments: hostile) func whatIsWrittenIsRead(_ name: String) throws {
        var lock = EpisodeLock()
        lock.takes[digest("1").hex] = .init(take: Take(2), latest: Take(3), note: name)
        lock.takes[digest("2").hex] = .init(take: Take(1), latest: Take(2), note: "")
        lock.files[Path(name)] = [digest("3").hex, digest("4").hex]
        lock.files["script.fountain"] = [digest("5").hex]
        lock.accepts[digest("6").hex] = Acceptance(
            action: ActionDigest(digest("7")), target: Target(parsing: name), by: name, at: "2026-11-27T02:00:00Z")
        #expect(lock.text.contains("version: 3\n"))
        let read = try EpisodeLock(parsing: Array(lock.text.utf8), file: "episode.lock")
        #expect(read == lock)
        #expect(read.text == lock.text)
        #expect(read.take(of: ActionDigest(digest("1"))) == Take(2))
        #expect(read.take(of: ActionDigest(digest("9"))) == .first)
    }

    /// Two machines' takes merge by lines: each is a line of its own, at a place that its digest alone decides.
    @Test func anEntryIsALineOfItsOwn() {
        var lock = EpisodeLock()
        for number in 0..<20 { lock.takes[digest("\(number)").hex] = .init(take: Take(2), latest: Take(2), note: "a/\(number)") }
        let before = lock.text.split(separator: "\n")
        lock.takes[digest("new").hex] = .init(take: Take(2), latest: Take(2), note: "a/21")
        let after = lock.text.split(separator: "\n")
        #expect(after.count == before.count + 1)
        #expect(after.filter { !$0.contains(digest("new").hex) } == before)
        #expect(lock.text.hasSuffix("\n"))
    }

    @Test(arguments: [
        ("", 1), ("version: 4\n", 1), ("version: 1\nextra: 1\n", 2), ("version: 1\ntakes:\n  a: [3, 2]\n", 3),
        ("version: 1\ntakes:\n  a: [0, 2]\n", 3), ("version: 1\ntakes:\n  a: x\n", 3),
    ])
    func aWrongLockIsAMessage(_ text: String, _ line: Int) {
        do {
            _ = try EpisodeLock(parsing: Array(text.utf8), file: "episode.lock")
            Issue.record("it was taken")
        } catch let list as DiagnosticList {
            #expect(list.diagnostics.map(\.location?.line) == [line])
        } catch { Issue.record(error) }
    }

    /// A lock with every kind of entry.
    static func full() -> EpisodeLock {
        var lock = EpisodeLock()
        lock.takes[digest("1").hex] = .init(take: Take(2), latest: Take(3), note: "lines/3")
        lock.takes[digest("2").hex] = .init(take: Take(1), latest: Take(2), note: "")
        lock.files["script.fountain"] = [digest("5").hex]
        lock.files["scenes/1 # \"a\".md"] = [digest("3").hex, digest("4").hex]
        let place = ItemPlace([Standing(element: String(digest("e").hex.prefix(16)), before: "", after: "gone")])
        lock.items["scenes/1.md"] = place
        lock.gates[GateKey(stage: StageName("outline"), artifact: digest("a"))] = GateRecord(
            decision: .approved, by: "Ann: \u{e4} # 1", at: "2026-11-21T04:15:00Z", note: "", signature: "ann:AbC=")
        lock.gates[GateKey(stage: StageName("outline"), artifact: digest("b"))] = GateRecord(
            decision: .rejected, by: "Ben", at: "2026-11-21T04:15:01Z", note: "less\nfuel, \\ more \"air\"", order: 7,
            question: digest("q").hex, takes: [digest("1").hex: Take(1)])
        lock.gates[GateKey(stage: StageName("outline"), artifact: digest("c"))] = GateRecord(
            decision: .waiting, by: "epbuild", at: "2026-11-21T04:15:00Z", note: "")
        lock.pins[Target(stage: StageName("lines"), item: "3")] = Pin(
            item: "3", place: place, files: [.init(name: "a.wav", action: ActionDigest(digest("x")), path: "out/a.wav")])
        return lock
    }

    @Test func everyKindOfEntryIsRead() throws {
        let lock = Self.full()
        #expect(try EpisodeLock(parsing: Array(lock.text.utf8), file: "episode.lock") == lock)
    }

    /// Every byte, changed to whatever may come of it: the decisions are the same, or the line is named.
    @Test func noDamagedByteChangesADecision() throws {
        let lock = Self.full()
        let bytes = Array(lock.text.utf8)
        var line = 1
        for index in bytes.indices {
            defer { if bytes[index] == 0x0A { line += 1 } }
            var values = Set([1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xFF].map { bytes[index] ^ $0 })
            values.formUnion(Array("\n\r #\"'0a:,-[]{}\\".utf8))
            for value in values where value != bytes[index] {
                var damaged = bytes
                damaged[index] = value
                do {
                    let read = try EpisodeLock(parsing: damaged, file: "episode.lock")
                    #expect(read == lock, "byte \(index), line \(line): \(value)")
                } catch let list as DiagnosticList {
                    let places = list.diagnostics.compactMap(\.location?.line)
                    #expect(places.contains { abs($0 - line) <= 1 }, "byte \(index), line \(line): \(list.diagnostics)")
                } catch { Issue.record(error, "byte \(index), line \(line)") }
            }
            // One that is lost, and one that is too many.
            for variant in [Array(bytes[..<index] + bytes[(index + 1)...]), Array(bytes[...index] + bytes[index...])] {
                if let read = try? EpisodeLock(parsing: variant, file: "episode.lock") {
                    #expect(read == lock, "byte \(index), line \(line)")
                }
            }
        }
    }

    /// Where the file ends too early, the line that is cut is an error, or whole but for its check; the lines before it say what they said.
    @Test func aLineThatIsCutOffSaysNothingElse() {
        let bytes = Array(Self.full().text.utf8)
        for count in bytes.indices {
            guard let read = try? EpisodeLock(parsing: Array(bytes[..<count]), file: "episode.lock") else { continue }
            #expect(bytes.starts(with: Array(read.text.utf8)), "cut at \(count)")
        }
    }

    /// What an older epbuild wrote has no checks, and is read as it is.
    @Test func anOlderLockIsRead() throws {
        let lock = Self.full()
        var older = lock.text.replacing(#/  # [0-9a-f]{8}\n/#, with: "\n").replacing(", \"\"]", with: "]")
        #expect(older != lock.text && !older.contains("  # "))
        #expect(try EpisodeLock(parsing: Array(older.utf8), file: "episode.lock") == lock)
        older = older.replacing("\n", with: "\r\n")
        #expect(try EpisodeLock(parsing: Array(older.utf8), file: "episode.lock") == lock, "with the line ends of another system")
        let text = "version: 1\nfiles:\n  script.fountain: \(digest("5").hex)\ntakes: {}\n\n"
        #expect(try EpisodeLock(parsing: Array(text.utf8), file: "episode.lock").files == ["script.fountain": [digest("5").hex]])
    }

    @Test(arguments: [
        "gates:\n  \"outline/HEX\": {\"decision\":\"approved\",\"by\":\"Ann\",\"at\":\"2026-11-21T04:15:00Z\",\"nots\":\"x\"}",
        "gates:\n  \"outline/HEX\": {\"decision\":\"approved\",\"by\":\"Ann\",\"at\":\"2026-11-21T04:15:00Z\",\"note\":5}",
        "gates:\n  \"outline/HEX\": {\"decision\":\"approved\",\"by\":\"Ann\",\"at\":\"yesterday\"}",
        "gates:\n  \"outline/HEXG\": {\"decision\":\"approved\",\"by\":\"Ann\",\"at\":\"2026-11-21T04:15:00Z\"}",
        "takes:\n  HEX: [1, 2, \"a\", 4]", "takes:\n  HEX: [1, 2, 3]", "takes:\n  nothex: [1, 2]", "files:\n  \"a\": [HEX, 5]",
        "files:\n  \"a\": []", "files:\n  \"a\": [HEX]  # note",
        "items:\n  \"a/b\": [\"x\", \"\", \"\"]",
        "pins:\n  \"a\": {\"place\":[\"\",\"\",\"\"],\"files\":[[\"n\",\"HEX/1\",\"p\"],[\"n\"]]}", "takes:\n#  HEX: [1, 2]",
        "takes:\n  HEX: [1, 2]\n  HEX: [1, 3]",
    ])
    func whatIsNotWhollyUnderstoodIsAnError(_ text: String) {
        let text = "version: 1\n" + text.replacing("HEX", with: digest("1").hex) + "\n"
        let list = #expect(throws: DiagnosticList.self) { try EpisodeLock(parsing: Array(text.utf8), file: "episode.lock") }
        #expect(list?.diagnostics.compactMap(\.location?.line) == [text.split(separator: "\n").count], "\(list?.diagnostics ?? [])")
        #expect(list?.diagnostics.allSatisfy { $0.remedy != nil } == true)
    }

    /// Times tell seconds, and a script may decide several times within one.
    @Test func rejectionsComeInTheOrderOfTheirDecision() throws {
        var lock = EpisodeLock()
        let notes = (0..<12).map { "note \($0)" }
        for note in notes {
            var record = GateRecord(decision: .rejected, by: "Ann", at: "2026-11-21T04:15:00Z", note: note, question: digest("q").hex)
            record.order = lock.nextOrder
            lock.gates[GateKey(stage: StageName("outline"), artifact: digest(note))] = record
        }
        let read = try EpisodeLock(parsing: Array(lock.text.utf8), file: "episode.lock")
        #expect(read.rejections(of: digest("q"), in: StageName("outline")).map(\.note) == notes)
        // An older epbuild's come first, by their times.
        lock.gates[GateKey(stage: StageName("outline"), artifact: digest("old"))] = GateRecord(
            decision: .rejected, by: "Ben", at: "2026-11-21T04:15:09Z", note: "old", question: digest("q").hex)
        #expect(lock.rejections(of: digest("q"), in: StageName("outline")).map(\.note) == ["old"] + notes)
    }
}
