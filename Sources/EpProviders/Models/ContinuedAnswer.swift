import EpCore

/// A vendor that hands on a long answer in several replies: each but the last has a token with which the next is asked for.
protocol ContinuedVendor: RemoteModelVendor {
    /// With what the rest is asked for; nil: the answer is complete, or has ended otherwise.
    func token(_ reply: Value) -> String?
    /// The same question, for the rest of its answer.
    func continued(_ request: RemoteRequest, with token: String) -> RemoteRequest
    /// Puts replies together into what would have come at once, with the usage of all.
    func joined(_ replies: [Value]) -> Value
}

/// The replies that an answer has come in so far.
struct ContinuedAnswer: Sendable {
    /// No answer has more of them: the longest that anybody gives has thirty-two.
    static let mostReplies = 64

    private(set) var replies: [Value] = []
    /// What they have cost.
    private(set) var cost = Cost.zero
    /// With what the next is asked for.
    private(set) var token: String?

    /// One of several replies, or the answer.
    enum Part: Sendable {
        case reply(Value, token: String, Cost)
        case whole(RemoteAnswer)
    }

    /// - Throws: `ProviderFailure` (cut off) if this leads nowhere.
    mutating func take(_ reply: Value, _ token: String, _ cost: Cost) throws(ProviderFailure) {
        guard token != self.token, replies.count < Self.mostReplies else {
            throw ProviderFailure(.cutOff, "its answer goes on and on, and comes no further")
        }
        replies.append(reply)
        self.token = token
        self.cost += cost
    }
}
