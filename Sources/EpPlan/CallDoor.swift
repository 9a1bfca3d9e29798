public import EpCore

/// The seam between a step that asks a service and the build that it runs in.
public protocol CallDoor: Sendable {
    /// Asks whether the service may be asked again after a failure, and waits as long as that says.
    /// - Throws: `StepWithdrawn` if the build starts nothing new by now, `StepFailure` if what may be spent does not allow it.
    func again(_ retry: Retry) async throws
    /// Waits for a place or for a service to come back.
    /// - Throws: `StepWithdrawn` as soon as the build starts nothing new.
    func wait(_ duration: Duration) async throws
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
    public func again(_ retry: Retry) async throws { try await wait(retry.wait) }
    public func wait(_ duration: Duration) async throws { try await Task.sleep(for: duration) }
}
