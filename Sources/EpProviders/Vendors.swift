import EpCore
public import EpPlan

/// All vendors, by what they can do; of each kind, the first is who serves where nobody is named.
public struct Vendors: Sendable {
    public let languageModels: [any LanguageModelVendor]
    public let voices: [any VoiceVendor]
    public let transcribers: [any TranscriberVendor]
    public let images: [any ImageVendor]

    public init(
        languageModels: [any LanguageModelVendor], voices: [any VoiceVendor], transcribers: [any TranscriberVendor] = [],
        images: [any ImageVendor] = []
    ) {
        self.languageModels = languageModels
        self.voices = voices
        self.transcribers = transcribers
        self.images = images
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
            EspeakVoice(), FliteVoice(), OpenAIVoice(), ElevenLabsVoice(), GeminiVoice(), InstalledVoice.hibari(), PiperVoice(),
            OpenAIVoice(
                "kokoro", url: "http://127.0.0.1:8880/v1", keyVariable: nil, voice: "af_heart", model: "kokoro", canTellWords: true),
            OpenAIVoice("groq", url: "https://api.groq.com/openai/v1", keyVariable: "GROQ_API_KEY", voice: "troy", longest: 200),
            ProgramVoice(),
        ],
        transcribers: [
            WhisperProgram(), PocketSphinx(), OpenAITranscriber(), ElevenLabsTranscriber(), OpenRouterTranscriber(), WhisperServer(),
            OpenAITranscriber("groq", url: "https://api.groq.com/openai/v1", keyVariable: "GROQ_API_KEY", model: "whisper-large-v3-turbo"),
            OpenAITranscriber("speaches", url: "http://127.0.0.1:8000/v1", keyVariable: nil), ProgramTranscriber(),
        ],
        images: [OpenAIImages(), GeminiImages()])

    public func languageModel(named name: String) -> (any LanguageModelVendor)? { languageModels.first { $0.isCalled(name) } }
    public func voice(named name: String) -> (any VoiceVendor)? { voices.first { $0.isCalled(name) } }
    public func transcriber(named name: String) -> (any TranscriberVendor)? { transcribers.first { $0.isCalled(name) } }
    public func images(named name: String) -> (any ImageVendor)? { images.first { $0.isCalled(name) } }

    /// The kinds of providers that serve some tools, by these.
    public func kinds(of tools: String...) -> [String: [ProviderKind]] {
        Dictionary(uniqueKeysWithValues: tools.map { ($0, vendors(of: $0).kinds) })
    }

    /// Who serves a provider; nil if there is no such kind.
    public func vendor(of provider: ProviderConfiguration) -> (any Vendor)? {
        switch provider.tool {
        case "llm": languageModel(named: provider.use)?.configured(by: provider)
        case "tts": voice(named: provider.use)?.configured(by: provider)
        case "transcribe": transcriber(named: provider.use)?.configured(by: provider)
        case "image": images(named: provider.use)
        default: nil
        }
    }

    /// One by one: where an array is cast, the runtime asks of each what it is.
    private func vendors(of tool: String) -> [any Vendor] {
        switch tool {
        case "llm": languageModels.map { $0 }
        case "tts": voices.map { $0 }
        case "transcribe": transcribers.map { $0 }
        case "image": images.map { $0 }
        default: []
        }
    }

    /// Who speaks: the provider of the workspace that has this name, else the vendor.
    public func voice(of provider: String, in workspace: Workspace?) -> (any VoiceVendor)? {
        let configured = workspace?.providers.first { $0.tool == "tts" && $0.name == provider }
        return voice(named: configured?.use ?? provider)?.configured(by: configured)
    }
}
