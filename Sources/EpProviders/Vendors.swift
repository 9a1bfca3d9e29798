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
        languageModels: [OfflineModel()],
        voices: [EspeakVoice(), FliteVoice()])

    public func languageModel(named name: String) -> (any LanguageModelVendor)? { languageModels.first { $0.isCalled(name) } }
    public func voice(named name: String) -> (any VoiceVendor)? { voices.first { $0.isCalled(name) } }

    /// Who speaks: the provider of the workspace that has this name, else the vendor.
    public func voice(of provider: String, in workspace: Workspace?) -> (any VoiceVendor)? {
        voice(named: workspace?.providers.first { $0.tool == "tts" && $0.name == provider }?.use ?? provider)
    }
}

extension Vendor {
    func isCalled(_ name: String) -> Bool { self.name == name || aliases.contains(name) }
}

extension [any Vendor] {
    /// The kinds of providers that these are, with the keys that each reads.
    public var kinds: [String: [String]] {
        Dictionary(flatMap { vendor in ([vendor.name] + vendor.aliases).map { ($0, vendor.keys) } }) { first, _ in first }
    }
}
