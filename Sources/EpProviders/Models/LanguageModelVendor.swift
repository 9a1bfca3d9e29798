public import EpCore
public import EpPlan

/// A vendor that answers prompts.
public protocol LanguageModelVendor: Vendor {
    /// Part of every address: another revision may answer otherwise.
    var revision: String { get }
    /// The same for one question, where a vendor has several kinds of answers.
    func revision(of question: ModelQuestion) -> String

    /// Reads the settings that shape an answer, as a provider or a stage's `settings:` gives them.
    func checkSettings(_ fields: inout Fields)

    /// All that shapes its answers beside the prompt, for the address: which service, which model, and what a person has written of
    /// settings.
    /// - Parameter stage: the stage's `settings:`, which go before the provider's.
    /// - Returns: nil if nothing does.
    func settings(of provider: ProviderConfiguration?, _ stage: Value?) -> Value?

    /// The same as a provider configures it, where that decides what it is.
    func configured(by configuration: ProviderConfiguration?) -> any LanguageModelVendor

    /// What an answer asks of a service, and costs at most; nil: it asks none.
    func call(_ question: ModelQuestion, by provider: ProviderConfiguration?, _ prices: PriceTable, on day: String) -> ProviderCall?

    /// - Throws: `StepFailure`, `StepWithdrawn` or `CancellationError`.
    func answer(_ question: ModelQuestion, _ serving: Serving) async throws -> ModelAnswer
}

extension LanguageModelVendor {
    public func revision(of question: ModelQuestion) -> String { revision }
    public func configured(by configuration: ProviderConfiguration?) -> any LanguageModelVendor { self }
    public func checkSettings(_ fields: inout Fields) {}
    public func settings(of provider: ProviderConfiguration?, _ stage: Value?) -> Value? { nil }
    public func call(_ question: ModelQuestion, by provider: ProviderConfiguration?, _ prices: PriceTable, on day: String) -> ProviderCall?
    { nil }
}

/// What a language model has said, and who it was.
public struct ModelAnswer: Sendable, Equatable {
    public let text: String
    public let servedBy: String
    public let cost: Cost
    /// Counted or reported by the provider, by unit: `input_tokens`.
    public let usage: [String: Int64]

    public init(_ text: String, servedBy: String, cost: Cost = .zero, usage: [String: Int64] = [:]) {
        (self.text, self.servedBy, self.cost, self.usage) = (text, servedBy, cost, usage)
    }
}
