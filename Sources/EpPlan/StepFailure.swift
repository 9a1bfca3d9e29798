public import EpCore

/// In which way a step failed, as far as that decides who is asked next.
public enum FailureClass: String, Sendable, CaseIterable {
    /// Whatever is none of the others.
    case any
    /// The provider does not want to answer, or its filters have kept the answer back.
    case refused
    /// What was asked is longer than the provider can take.
    case tooLong = "too_long"
}

/// A step that ran and failed, as its tool explains it.
public struct StepFailure: Error, Sendable {
    public let diagnostic: Diagnostic
    /// What the attempt has cost all the same.
    public let cost: Cost
    /// How often it was tried.
    public let attempts: Int
    private let named: FailureClass?
    /// True if nobody else is asked: what failed is not who serves.
    private let isFinal: Bool
    /// The exit status of the program that failed; nil: it was none, or it was ended.
    public let exitStatus: Int32?

    /// - Parameters:
    ///   - kind: in which way it failed, if that is another than `any`.
    ///   - cost: what it has cost all the same, so far as the build was not told by `CallDoor`.
    ///   - attempts: how often it was tried.
    ///   - exitStatus: of the program that failed.
    ///   - isFinal: true if nobody else is to be asked.
    public init(
        _ diagnostic: Diagnostic, _ kind: FailureClass? = nil, cost: Cost = .zero, attempts: Int = 1, exitStatus: Int32? = nil,
        isFinal: Bool = false
    ) {
        (self.diagnostic, named, self.cost, self.attempts, self.exitStatus, self.isFinal) = (
            diagnostic, kind, cost, attempts, exitStatus, isFinal
        )
    }

    /// Nil if no alternative is asked: what a person wrote is wrong, or the machine failed, and both would fail the next one too.
    public var kind: FailureClass? {
        if isFinal { return nil }
        return switch diagnostic.code {
        case .actionFailed, .unavailable, .remote, .providerFailed, .badAnswer, .spendLimit, .keyRejected: named ?? .any
        case .refused: .refused
        case .tooLong: .tooLong
        case .usage, .badInput, .approvalOverdue, .overBudget, .paused, .system, .damagedCache: nil
        }
    }
}
