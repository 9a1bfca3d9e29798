public import EpCore
import EpFiles

/// One build that somebody has asked the server for, as it is kept. A value: what may become of it is decided here, and written elsewhere.
public struct Job: Sendable, Equatable {
    public enum State: String, Sendable, CaseIterable {
        /// Its turn has not come yet, or has to come again.
        case queued
        case running
        /// Somebody has stopped it for a while.
        case paused
        /// It has come to its end, whatever that was: `outcome` tells.
        case ended
        /// Somebody has stopped it for good.
        case cancelled

        /// True if nothing becomes of it any more.
        public var isFinal: Bool { self == .ended || self == .cancelled }
    }

    /// What was asked for.
    public struct Order: Sendable, Equatable {
        /// As the server names them.
        public var episodes: [String]
        /// Whose episodes, as they are when the build is asked for; none in a job.
        public var shows: [String] = []
        public var targets: [String] = []
        public var jobs: Int?
        public var budget: Cost?
        public var isDraft = false
        public var keepsGoing = false
        public var isRetry = false
        /// Brings hand edits of the targets and new generations together, and builds nothing else.
        public var isMerge = false
        /// The greater goes first.
        public var priority = 0
        /// What has at least this priority waits for no lane: somebody sits there and wants to hear it.
        public static let urgent = 10

        public init(episodes: [String], targets: [String] = [], priority: Int = 0) {
            (self.episodes, self.targets, self.priority) = (episodes, targets, priority)
        }
    }

    public let id: Int64
    public let order: Order
    public let by: String
    public let asked: String
    public var state: State
    /// When it began the last time.
    public var began: String?
    public var ended: String?
    /// How often it was begun: more than once after a crash or a pause.
    public var starts: Int
    /// The worst of its builds' outcomes.
    public var outcome: String?
    /// Their reports, as `build --json` gives them.
    public var reports: [Value]

    /// As the API gives it.
    public var value: Value {
        let order = self.order.members.filter { $0.key != "shows" }
        return .object(
            [.init("id", .int(id))] + order + [
                .init("by", .string(by)), .init("asked", .string(asked)), .init("state", .string(state.rawValue)),
                .init("starts", .int(Int64(starts))),
                .init("began", Self.text(began)), .init("ended", Self.text(ended)), .init("outcome", Self.text(outcome)),
                .init("reports", .list(reports)),
            ])
    }

    private static func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }
}

/// What happens to a job, and what it is then. Nothing else ever changes a job's state.
public enum JobEvent: Sendable, Equatable {
    case begun
    case ended(outcome: String)
    /// The server ends, or has been killed: another start of it goes on.
    case interrupted
    case cancelled
    case paused
    case resumed

    /// Nil if that cannot happen to a job in such a state.
    public func state(after state: Job.State) -> Job.State? {
        switch (self, state) {
        case (.begun, .queued): .running
        case (.ended, .running): .ended
        case (.interrupted, .running): .queued
        case (.cancelled, .queued), (.cancelled, .running), (.cancelled, .paused): .cancelled
        case (.paused, .queued), (.paused, .running): .paused
        case (.resumed, .paused): .queued
        default: nil
        }
    }
}
