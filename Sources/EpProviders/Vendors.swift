import EpCore
public import EpPlan

/// All vendors, by what they can do; of each kind, the first is who serves where nobody is named.
public struct Vendors: Sendable {
    public let languageModels: [any LanguageModelVendor]
    public let voices: [any VoiceVendor]

    public init(languageModels: [any LanguageModelVendor], voices: [any VoiceVendor]) {
        self.languageModels = languageModels
        self.voices = voices
    }

    /// Those that ship with epbuild: one line for each.
    public static let shipped = Vendors(
        languageModels: [
            OfflineModel(), OpenAIModel(), AnthropicModel(), GeminiModel(), OllamaModel(),
            OpenAIModel("llama.cpp", aliases: ["llamacpp"], url: "http://127.0.0.1:8080/v1", keyVariable: nil),
            OpenAIModel("groq", url: "https://api.groq.com/openai/v1", keyVariable: "GROQ_API_KEY"),
            OpenAIModel("openrouter", url: "https://openrouter.ai/api/v1", keyVariable: "OPENROUTER_API_KEY"), ProgramModel(),
        ],
        voices: [
            EspeakVoice(), FliteVoice(), OpenAIVoice(), ElevenLabsVoice(), GeminiVoice(), PiperVoice(),
            OpenAIVoice("kokoro", url: "http://127.0.0.1:8880/v1", keyVariable: nil, voice: "af_heart", model: "kokoro"),
            OpenAIVoice("groq", url: "https://api.groq.com/openai/v1", keyVariable: "GROQ_API_KEY", voice: "troy", longest: 200), ProgramVoice(),
        ])

    public func languageModel(named name: String) -> (any LanguageModelVendor)? { languageModels.first { $0.isCalled(name) } }
    public func voice(named name: String) -> (any VoiceVendor)? { voices.first { $0.isCalled(name) } }

    /// Who speaks: the provider of the workspace that has this name, else the vendor.
    public func voice(of provider: String, in workspace: Workspace?) -> (any VoiceVendor)? {
        let configured = workspace?.providers.first { $0.tool == "tts" && $0.name == provider }
        return voice(named: configured?.use ?? provider)?.configured(by: configured)
    }
}
