public import EpCore
public import EpPlan

/// A vendor that writes down what is said in a sound.
public protocol TranscriberVendor: Vendor {
    /// Part of every address: another revision may hear otherwise.
    var revision: String { get }
    /// The share of words that it mishears in good speech, at most: more of them is the speaker's fault.
    var tolerance: Double { get }

    /// Reads the settings that shape what it hears, as a provider gives them.
    func checkSettings(_ fields: inout Fields)

    /// All that shapes what it hears beside the sound, for the address.
    func settings(of provider: ProviderConfiguration?, language: String?) -> Value

    /// The same as a provider configures it, where that decides what it is.
    func configured(by configuration: ProviderConfiguration?) -> any TranscriberVendor

    /// What it asks of a service, and costs at most; nil: it asks none.
    func call(_ recording: SpeechRecording, by provider: ProviderConfiguration?, _ prices: PriceTable, on day: String) -> ProviderCall?

    /// - Parameter programs: by which it runs one, if it is one.
    /// - Throws: `StepFailure`, `StepWithdrawn` or `CancellationError`.
    func transcribe(_ recording: SpeechRecording, _ serving: Serving, _ programs: any ProgramDoor) async throws -> HeardSpeech
}

extension TranscriberVendor {
    public var revision: String { "1" }
    public var tolerance: Double { 0.3 }
    public func configured(by configuration: ProviderConfiguration?) -> any TranscriberVendor { self }
    public func call(
        _ recording: SpeechRecording, by provider: ProviderConfiguration?, _ prices: PriceTable, on day: String
    ) -> ProviderCall? { nil }
}

/// A sound that is to be transcribed.
public struct SpeechRecording: Sendable {
    /// A WAV file.
    public let wav: [UInt8]
    public let seconds: Double
    /// As `TranscriberVendor.settings` has made them.
    public let settings: Value
    /// True if nobody has spoken it yet: it may last so long.
    public let isGuess: Bool

    public init(wav: [UInt8], seconds: Double, settings: Value, isGuess: Bool = false) {
        (self.wav, self.seconds, self.settings, self.isGuess) = (wav, seconds, settings, isGuess)
    }

    var model: String { settings["model"]?.letters ?? "" }
    var language: String? { settings["language"]?.letters }
}

/// What was heard in a sound, and by whom.
public struct HeardSpeech: Sendable, Equatable {
    public let text: String
    /// Empty where the vendor tells no times.
    public let words: [TimedWord]
    /// As the vendor names it; nil: it does not say.
    public let language: String?
    public internal(set) var servedBy = ""
    public internal(set) var cost = Cost.zero
    public internal(set) var usage: [String: Int64] = [:]

    /// As JSON, in which it can be kept.
    public var value: Value {
        .object(
            [.init("text", .string(text))] + (language.map { [.init("language", .string($0))] } ?? []) + [
                .init("words", .list(words.map(\.value)))
            ])
    }

    public init(_ text: String, words: [TimedWord] = [], language: String? = nil) {
        (self.text, self.words, self.language) = (text, words, language)
    }

    /// - Parameter json: with `text`, and perhaps `language` and `words` of `{word, start, end}`: the form that several vendors share.
    /// - Returns: nil if it has no `text`.
    public init?(_ json: Value) {
        guard let text = json["text"]?.string else { return nil }
        self.init(
            text.trimmed, words: (json["words"]?.list ?? []).compactMap(TimedWord.init),
            language: json["language"]?.string ?? json["language_code"]?.string)
    }
}
