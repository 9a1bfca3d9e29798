import EpCore
import EpPlan
import EpSQLite
import FoundationEssentials
import Testing

@testable import EpTools

/// `tool: index`: a database in which words are found.
@Suite struct IndexToolTests {
    private static let texts = "texts: { source: \"t/*.md\" }"
    private static let index = "index: { tool: index, from: [texts] }"

    private func rows(_ bytes: [UInt8], _ query: String) throws -> [String] {
        let path = FileManager.default.temporaryDirectory.appending(path: "eptools-index-\(UInt64.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data(bytes).write(to: path)
        return try SQLiteDatabase(path: path.path()).rows(query) { $0.text(0) }
    }

    private func bytes(_ files: [String: String], _ stages: String...) async throws -> [UInt8] {
        let planned = try PlannedEpisode(([Self.texts] + stages).joined(separator: "\n"), Self.index, files: files)
        try await planned.build()
        return try #require(try planned.planner.bytes(of: planned.files("index")[0].source))
    }

    @Test func wordsAreFoundWhateverTheirAccents() async throws {
        let bytes = try await bytes(["ep/t/a.md": "The café by the sea.\n\nAnother passage.", "ep/t/b.md": "蜂は花へ飛ぶ。"])
        func found(_ table: String, _ word: String) throws -> [String] {
            try rows(
                bytes,
                "SELECT stage || '/' || item FROM \(table) JOIN passage ON passage.id = \(table).rowid JOIN document ON document.id = passage.document WHERE \(table) MATCH '\(word)'"
            )
        }
        #expect(try found("words", "CAFE") == ["texts/a.md"])
        #expect(try found("words", "wine").isEmpty)
        #expect(try found("letters", "花へ飛") == ["texts/b.md"])
        #expect(try rows(bytes, "SELECT text FROM passage WHERE document = 1").contains { $0.contains("Another passage.") })
    }

    @Test func theSameTextsGiveTheSameBytes() async throws {
        let texts = ["ep/t/a.md": "One.\n\nTwo.", "ep/t/b.md": ""]
        let (one, again) = (try await bytes(texts), try await bytes(texts))
        #expect(one == again && !one.isEmpty)
    }

    /// Names are values of the database, not a part of what it is told.
    @Test func hostileNamesAndTextsAreTexts() async throws {
        let text = "'); DROP TABLE passage; -- \u{0} \" MATCH"
        let bytes = try await bytes(["ep/t/'; DROP TABLE document; --.md": text])
        #expect(try rows(bytes, "SELECT item FROM document") == ["'; DROP TABLE document; --.md"])
        #expect(try rows(bytes, "SELECT count(*) FROM passage") == ["1"])
    }

    @Test func fieldsOfDocumentsAreTexts() async throws {
        let planned = try PlannedEpisode(
            "plan: { source: plan.yaml }", "index: { tool: index, from: [plan] }",
            files: ["ep/plan.yaml": "title: Tides\nchapters: [{ title: The moon pulls }]\n"])
        try await planned.build()
        let bytes = try #require(try planned.planner.bytes(of: planned.files("index")[0].source))
        #expect(try rows(bytes, "SELECT text FROM passage").joined(separator: "\n").contains("The moon pulls"))
    }

    @Test func whatIsNoTextIsRefused() async throws {
        let planned = try PlannedEpisode(Self.texts, Self.index, files: ["ep/t/a.md": "x"])
        planned.memory["ep/t/a.md"] = [0xFF, 0xFE, 0]
        let step = try #require(try planned.plan().first)
        let failure = await #expect(throws: StepFailure.self) { try await planned.run(step) }
        #expect(failure?.diagnostic.message == "texts/a.md is no text, so there are no words to be found in it")
    }

    @Test func nothingToIndexIsAMistake() {
        let problems = PlannedEpisode.problems("index: { tool: index }")
        #expect(problems.map(\.message) == ["stage \"index\" has nothing to index"] && problems.first?.location?.line == 2)
    }
}
