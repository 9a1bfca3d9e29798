import EpCore
import EpPlan
import Testing

@Suite struct ShippedPipelineTests {
    private static let novel = ShippedPipeline(
        "novel", makes: "a novel",
        files: [
            "pipeline.yaml": Array("stages: {}\n".utf8), "prompts/prose.md": [1], "templates/blueprint.yaml": [2],
            "templates/episode/facts.yaml": [3],
            "templates/episode/notes/plan.md": [4],
        ])

    private func node(_ text: String) throws -> Node { try Node(parsing: Array(text.utf8), file: "show.yaml") }

    @Test func aBuildReadsNoTemplates() {
        #expect(Self.novel.files.map(\.path) == ["pipeline.yaml", "prompts/prose.md"])
        #expect(Self.novel.showTemplate == [2])
        #expect(Self.novel.episodeTemplates.map(\.path) == ["facts.yaml", "notes/plan.md"])
    }

    @Test func aShowNamesOneOrNone() throws {
        #expect(try ShippedPipeline.named(in: node("pipeline: novel"), of: [Self.novel])?.name == "novel")
        #expect(try ShippedPipeline.named(in: node("title: A"), of: [Self.novel]) == nil)
        #expect(try ShippedPipeline.named(in: node("pipeline: pipeline.yaml"), of: [Self.novel]) == nil)
    }

    @Test(arguments: [
        ("pipeline: novle", "there is no pipeline \"novle\"", "did you mean \"novel\"?"),
        ("pipeline: [novel]", "must be the name of a pipeline, not a list", ""),
    ])
    func whatIsNoneIsAnErrorWithItsPlace(text: String, message: String, remedy: String) throws {
        let error = try #require(throws: Diagnostic.self) { _ = try ShippedPipeline.named(in: node("title: A\n\(text)"), of: [Self.novel]) }
        #expect(error.message.contains(message) && (error.remedy ?? "").contains(remedy), "\(error)")
        #expect(error.location?.line == 2)
    }
}
