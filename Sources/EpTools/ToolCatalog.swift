public import EpPlan
public import EpProviders

/// Every tool that ships with epbuild.
public struct ToolCatalog: Sendable {
    public let tools: [any Tool]

    /// - Parameter vendors: who serves those that ask the outside world.
    public init(_ vendors: Vendors = .shipped) {
        tools = [
            CommandTool(), CoverTool(), CoveredTool(), FeedTool(), LanguageModelTool(vendors), MixTool(), NotesTool(), PackageTool(vendors), SpeechTool(vendors),
            SynthTool(),
        ]
    }
}
