import EpCore
import EpDelivery
public import EpPlan

/// `tool: cover`: the cover of an episode, drawn from its titles: a square JPEG of 1,400 pixels.
public struct CoverTool: Tool {
    public let name = ToolName("cover")
    public let keys = ["colours"]
    private static let ffmpeg = Program("ffmpeg", versionArguments: ["-version"], package: "ffmpeg")
    public var programs: [Program] { [Self.ffmpeg] }

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        var fields = try stage.fields()
        let colours = try (fields.located("colours") ?? []).map { colour in
            guard let read = Colour(hex: colour.text) else {
                throw Diagnostic(
                    .badInput, "\"\(colour.text)\" is no colour", at: colour.location,
                    remedy: "write six hexadecimal digits, such as \"1F4E79\"")
            }
            return read
        }
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
        guard let version = stage.version(of: Self.ffmpeg) else { return nil }
        let showTitle = PodcastFacts.text(stage.blueprint["title"]) ?? ""
        let design = CoverDesign(
            showTitle: showTitle, title: PodcastFacts.text(stage.episode.value["title"]),
            mark: PodcastFacts.text(stage.episode.value["number"]) ?? "", palette: .init(colours, showTitle: showTitle))
        let step = stage.add(
            operation: .program(arguments: CoverDesign.arguments(), environment: [:]),
            inputs: [Step.Input("cover.svg", text: design.svg())], outputs: ["cover.jpg"], platform: ["ffmpeg": version])
        return [ArtifactRef(name: "cover.jpg", source: .output(step, path: "cover.jpg"))]
    }

    public func placeholders(for step: Step, in stage: StageContext) -> [Alternative] {
        let title = PodcastFacts.text(stage.episode.value["title"]) ?? PodcastFacts.text(stage.blueprint["title"]) ?? ""
        return [Alternative(placeholder: "a title card", by: name, "card", inputs: [Step.Input("title", text: title)])]
    }

    /// Draws a placeholder: anything else is a program's work.
    @concurrent public func run(_ job: Job) async throws -> JobResult {
        JobResult(outputs: ["cover.jpg": .bytes(TitleCard(title: try job.inputs.text("title")).jpeg())], servedBy: "epbuild placeholder")
    }
}
