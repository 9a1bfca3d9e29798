public import EpCore

/// The seam between a step that asks a service and the build that it runs in.
public protocol CallDoor: Sendable {
    /// Asks whether the service may be asked again after a failure, and waits as long as that says.
    /// - Throws: `StepWithdrawn` if the build starts nothing new by now, `StepFailure` if what may be spent does not allow it.
    func again(_ retry: Retry) async throws
    /// Writes down durably that a call which may cost something is about to be sent.
    /// - Returns: by which its end is written down; nil where nobody keeps a ledger.
    /// - Throws: `Diagnostic` if that cannot be written down: then it must not be sent.
    func sending(_ call: PaidCall) async throws -> Int64?
    /// Writes down what became of it.
    func ended(_ number: Int64, _ end: PaidCall.End) async
    /// Tells that a service is left alone from now on, or is asked again.
    func tell(_ change: BreakerChange)
    /// Tells that the step gives no sign of life.
    func tell(_ stall: Stall)
    /// Tells how far another machine is that does the step.
    func tell(_ stage: RemoteStage)
    /// Tells that another machine is making the same, and that it is waited for.
    func tell(_ wait: LeaseWait)
    /// Waits for a place or for a service to come back.
    /// - Throws: `StepWithdrawn` as soon as the build starts nothing new.
    func wait(_ duration: Duration) async throws
}

extension CallDoor {
    public func tell(_ stall: Stall) {}
    public func tell(_ stage: RemoteStage) {}
    public func tell(_ wait: LeaseWait) {}
}

/// That a service which fails again and again is left alone, or serves again.
public struct BreakerChange: Sendable, Hashable {
    /// `openai gpt-6-luna`.
    public let service: String
    /// How long it is left alone; nil: until the configuration changes, or if it serves again.
    public let seconds: Double?
    public let isOpen: Bool
    /// Why; "" if it serves again.
    public let reason: String

    public init(opened service: String, seconds: Double?, because reason: String) {
        (self.service, self.seconds, isOpen, self.reason) = (service, seconds, true, reason)
    }
    public init(closed service: String) { (self.service, seconds, isOpen, reason) = (service, nil, false, "") }
}

/// One call of a service that may cost something.
public struct PaidCall: Sendable, Hashable {
    /// As the workspace calls it.
    public let provider: String
    public let vendor: String
    public let service: String
    public let model: String
    /// The most that it may cost; nil: nobody knows.
    public let atMost: Cost?

    public init(provider: String, vendor: String, service: String, model: String, atMost: Cost?) {
        (self.provider, self.vendor, self.service, self.model, self.atMost) = (provider, vendor, service, model, atMost)
    }

    /// What became of a call.
    public struct End: Sendable, Hashable {
        /// What it has cost; of one that was lost, the most that it may have.
        public let cost: Cost
        /// By which the provider finds it again.
        public let requestID: String?
        public let outcome: Outcome

        public enum Outcome: String, Sendable {
            case answered, failed
            /// It was sent, and nobody knows what became of it: perhaps it is billed.
            case lost
        }

        public init(_ outcome: Outcome, cost: Cost, requestID: String? = nil) {
            (self.outcome, self.cost, self.requestID) = (outcome, cost, requestID)
        }
    }
}

/// That a service is to be asked again.
public struct Retry: Sendable {
    /// Who has failed.
    public let provider: String
    /// How many attempts have failed, and how many there may be.
    public let attempts: Int
    public let most: Int
    public let problem: Diagnostic
    /// What the last attempt has cost all the same.
    public let cost: Cost
    /// How long it is waited before the next.
    public let wait: Duration

    public init(_ provider: String, attempts: Int, of most: Int, after problem: Diagnostic, cost: Cost, wait: Duration) {
        (self.provider, self.attempts, self.most, self.problem, self.cost, self.wait) = (provider, attempts, most, problem, cost, wait)
    }
}

/// A step that gives up its turn, as its build starts nothing new: it has not failed.
public struct StepWithdrawn: Error, Sendable {
    public init() {}
}

/// For a step that runs in no build: it is asked nothing and waits as long as it is told.
public struct OpenDoor: CallDoor {
    public init() {}
    public func sending(_ call: PaidCall) async throws -> Int64? { nil }
    public func ended(_ number: Int64, _ end: PaidCall.End) async {}
    public func tell(_ change: BreakerChange) {}
    public func again(_ retry: Retry) async throws { try await wait(retry.wait) }
    public func wait(_ duration: Duration) async throws { try await Task.sleep(for: duration) }
}
