public import EpPlan
public import EpProviders

/// Every tool that ships with epbuild.
public struct ToolCatalog: Sendable {
    public let tools: [any Tool]

    /// - Parameters:
    ///   - vendors: who serves those that ask the outside world.
    ///   - services: the way there.
    public init(_ vendors: Vendors = .shipped, _ services: Services) {
        tools = [
            CommandTool(), CoverTool(), CoveredTool(), FeedTool(), ImageTool(vendors, services), LanguageModelTool(vendors, services), MixTool(), NotesTool(),
            PackageTool(vendors), SpeechTool(vendors, services),
            SynthTool(),
        ]
    }
}
