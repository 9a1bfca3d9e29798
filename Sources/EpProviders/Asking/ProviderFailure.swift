public import EpCore

/// Why a provider did not serve, as its vendor reads it out of what came back.
public struct ProviderFailure: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// It was not reached, broke off, or is overloaded: another try may help.
        case transient
        /// It is asked too often, and says so.
        case tooOften
        /// What came back is of no use, and another try may bring something better.
        case badAnswer
        /// The answer ends where it must not: as it was asked, it would do so again.
        case cutOff
        /// It does not want to answer, or its filters have kept the answer back.
        case refused
        /// What was asked is longer than it can take.
        case tooLong
        /// The account is empty or has reached its limit.
        case money
        /// The key is missing, or is not taken.
        case key
        /// What is asked for is wrong: a model that is not there, a setting that is not taken.
        case wrongQuestion
    }

    public let kind: Kind
    /// A clause for people: `the model is overloaded`.
    public let message: String
    public let remedy: String?
    /// How long the server wants to be left alone, at least.
    public var wait: Duration?
    /// What it has cost all the same.
    public var cost = Cost.zero
    /// Whether it may have been billed, though nobody has said so.
    public var isPerhapsBilled = false
    /// By which the provider finds it again.
    var requestID: String?
    /// What does not fit the form that was asked for.
    var reasons: [String] = []

    public init(_ kind: Kind, _ message: String, remedy: String? = nil, wait: Duration? = nil, cost: Cost = .zero) {
        // Servers end their sentences.
        (self.kind, self.message) = (kind, message.hasSuffix(".") && !message.hasSuffix("..") ? String(message.dropLast()) : message)
        (self.remedy, self.wait, self.cost) = (remedy, wait, cost)
    }

    /// True if the same may be asked again.
    var isWorthAnotherTry: Bool { [.transient, .tooOften, .badAnswer].contains(kind) }

    /// As the person is told it.
    /// - Parameter provider: who has failed: `openai gpt-6-luna`.
    func diagnostic(of provider: String) -> Diagnostic {
        let amount = cost.isKnown ? "perhaps \(cost.text) are billed for it" : "perhaps it is billed, nobody knows how much"
        let billed = isPerhapsBilled && cost != .zero ? "; \(amount)" : ""
        return Diagnostic(code, "\(provider): \(message)\(billed)", remedy: remedy ?? usualRemedy)
    }

    private var code: Diagnostic.Code {
        switch kind {
        case .transient, .tooOften: .providerFailed
        case .badAnswer, .cutOff: .badAnswer
        case .refused: .refused
        case .tooLong: .tooLong
        case .money: .spendLimit
        case .key: .keyRejected
        case .wrongQuestion: .actionFailed
        }
    }

    private var usualRemedy: String? {
        switch kind {
        case .transient: "run the same command again later, or give the provider a `fallback`"
        case .tooOften: "run the same command again later; `requests_per_minute` and `limit` of the provider keep builds below its limits"
        case .badAnswer: "run the same command again, or ask in other words"
        case .cutOff: "raise `max_tokens`, or ask for less"
        case .refused: "ask in other words, or give the provider a `fallback: { refused: [...] }`"
        case .tooLong: "ask for less at once, or give the provider a `fallback: { too_long: [...] }` with a larger window"
        case .money: "see the account's balance and limits at the provider, then run the same command again"
        case .key, .wrongQuestion: nil
        }
    }
}
