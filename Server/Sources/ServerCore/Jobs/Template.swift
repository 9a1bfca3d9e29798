public import EpCore
public import EpFiles

/// A build with a name, to be asked for again and again: by people, or at times of its own. A value.
public struct Template: Sendable, Equatable {
    public let name: String
    public let order: Job.Order
    /// Nil: only when somebody asks for it.
    public let every: Times?
    /// Who has written it; builds that it asks for by itself bear that name.
    public let by: String
    /// When it is due next.
    public let next: Moment?
    /// The last build that it has asked for.
    public let job: Int64?

    /// As the API gives it.
    public var value: Value {
        .object([.init("name", .string(name))] + order.members + [
            .init("every", every.map { .string($0.text) } ?? .null), .init("by", .string(by)),
            .init("next", next.map { .string($0.iso8601Seconds) } ?? .null), .init("build", job.map { .int($0) } ?? .null),
        ])
    }

    /// What a name may be: it stands in URLs.
    public static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") }
    }
}

extension Job.Order {
    /// As the API gives and takes it.
    public var members: [Value.Member] {
        [
            .init("episodes", .list(episodes.map { .string($0) })), .init("shows", .list(shows.map { .string($0) })),
            .init("targets", .list(targets.map { .string($0) })), .init("draft", .bool(isDraft)), .init("keepGoing", .bool(keepsGoing)),
            .init("retryFailed", .bool(isRetry)), .init("merge", .bool(isMerge)), .init("priority", .int(Int64(priority))),
            .init("jobs", jobs.map { .int(Int64($0)) } ?? .null), .init("budgetUSD", budget.map { .double($0.usd) } ?? .null),
        ]
    }

    /// Of what `members` gives.
    init(_ value: Value) {
        func texts(_ key: String) -> [String] { value[key]?.list?.compactMap(\.string) ?? [] }
        func number(_ key: String) -> Int? { value[key]?.number.flatMap { Int(exactly: $0) } }
        self.init(episodes: texts("episodes"), targets: texts("targets"), priority: number("priority") ?? 0)
        shows = texts("shows")
        (isDraft, keepsGoing) = (value["draft"]?.bool ?? false, value["keepGoing"]?.bool ?? false)
        (isRetry, isMerge) = (value["retryFailed"]?.bool ?? false, value["merge"]?.bool ?? false)
        jobs = number("jobs")
        budget = value["budgetUSD"]?.number.map { Cost(usd: $0) }
    }
}
