public import EpPlan

/// Every tool that ships with epbuild.
public enum ToolCatalog {
    public static let all: [any Tool] = [
        CommandTool(), CoveredTool(), FeedTool(), ImageTool(), LanguageModelTool(), MixTool(), NotesTool(), PackageTool(), SpeechTool(), SynthTool(),
    ]
}
