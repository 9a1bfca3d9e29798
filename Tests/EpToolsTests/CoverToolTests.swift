import EpCore
import EpPlan
import Testing

@testable import EpTools

@Suite struct CoverToolTests {
    private static let stage = "cover: { tool: cover }"

    /// The picture is a program's work; the titles are all that it is made of.
    @Test func titlesAreAllThatItIsMadeOf() throws {
        let planned = try PlannedEpisode(
            Self.stage, show: "title: Bees & <Honey>\nauthor: Ann", episode: "title: The \"Sea\"\nnumber: 7\nsummary: S")
        let step = try #require(try planned.plan().first)
        #expect(planned.steps("cover").count == 1 && step.labels == ["cover.svg"] && step.platform == ["ffmpeg": "ffmpeg 1"])
        #expect(step.arguments.first == "ffmpeg" && step.outputs == ["cover.jpg"])
        let svg = try #require(step.text("cover.svg"))
        #expect(svg.contains("&amp;") && !svg.contains("<Honey>") && !svg.contains("Ann"))
        let other = try PlannedEpisode(
            Self.stage, show: "title: Bees & <Honey>\nauthor: Ben", episode: "title: The \"Sea\"\nnumber: 7\nsummary: T")
        #expect(try other.plan().first?.inputs == step.inputs, "nothing else of the show makes it anew")
    }

    @Test(arguments: [
        ("colours: [\"1F4E79\", chalk]", "\"chalk\" is no colour", 2, 45),
        ("colours: { a: b }", "`colours` of stage \"cover\" must be a list of texts, not a mapping", 2, 34),
    ])
    func mistakesAreToldAtTheirPlaces(keys: String, message: String, line: Int, column: Int) throws {
        let problems = PlannedEpisode.problems("cover: { tool: cover, \(keys) }")
        #expect(problems.map(\.message) == [message])
        #expect(problems.first?.location == SourceLocation(file: "pipeline.yaml", line: line, column: column), "\(problems)")
    }

    @Test func aProgramThatIsNotAskedYetIsWaitedFor() throws {
        let planned = try PlannedEpisode(Self.stage)
        planned.memory.missing = ["ffmpeg"]
        #expect(try planned.plan().isEmpty && planned.planner.awaitedPrograms.map(\.name) == ["ffmpeg"])
    }

    @Test(arguments: ["title: The Sea", "title: \"蜂 🐝 \\u0301\"", "topic: x"])
    func aDraftHasACardInItsPlace(episode: String) async throws {
        let planned = try PlannedEpisode(Self.stage, episode: episode, isDraft: true)
        let step = try #require(try planned.plan().first)
        let tool = CoverTool()
        let alternative = try #require(step.alternatives.first)
        #expect(alternative.isPlaceholder)
        let inputs = MemoryInputs(texts: ["title": "The Sea"])
        let made = try await tool.run(Job(step: step, inputs: inputs, take: Take(1)) { "" })
        guard case .bytes(let bytes)? = made.outputs["cover.jpg"] else { return #expect(Bool(false), "it makes a file of bytes") }
        #expect(bytes.prefix(3) == [0xFF, 0xD8, 0xFF] && bytes.suffix(2) == [0xFF, 0xD9])
    }
}
