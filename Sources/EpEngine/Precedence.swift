public import EpPlan

/// Whoever brings something to a person that waits for it: meanwhile the machine does nothing else that can wait.
public protocol Precedence: Sendable {
    /// Waits until a step of a build may take the machine.
    /// - Parameter event: the number of the event that tells that the step has started: who reads events has to have come so far.
    func giveWay(_ step: Step, of build: BuildID, after event: Int) async
}
