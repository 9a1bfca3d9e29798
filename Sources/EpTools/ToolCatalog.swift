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
            AdaptTool(), AnimaticTool(), AudiobookTool(vendors), BookTool(), CaptionsTool(), CheckTool(), ClipTool(), CommandTool(),
            CoverTool(), CoveredTool(),
            FeedTool(), ImageTool(vendors, services), IndexTool(), LanguageModelTool(vendors, services), MixTool(), NotesTool(),
            PackageTool(vendors), PageTool(),
            ReadingTool(), SpeechTool(vendors, services), SynthTool(), TimingTool(), TranscribeTool(vendors, services), VideoTool(),
        ]
    }
}
