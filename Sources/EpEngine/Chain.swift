import EpCore
import EpPlan

/// Who has been asked to do one step, and whose turn it is. A value without I/O; most steps have none.
struct Chain {
    enum Turn: Equatable {
        case first
        /// Of whoever did this action, as a record says; who that is, must be found out.
        case whoever(ActionDigest)
        /// An alternative's, by its number.
        /// - isRecorded: a record says so.
        case alternative(Int, isRecorded: Bool)
    }

    /// The step as it was planned.
    let first: Step
    /// Where the result of the first action is. Takes are kept under it, whoever serves.
    let address: StepAddress
    private(set) var turn = Turn.first
    /// What went wrong so far, with the names of the providers that were asked.
    private(set) var failures: [(name: String, problem: Diagnostic)] = []
    private var hasFirstFailed = false
    private var tried: Set<Int> = []

    init(_ first: Step, at address: StepAddress) { (self.first, self.address) = (first, address) }

    /// The alternative whose turn it is.
    var alternative: Alternative? {
        if case .alternative(let number, _) = turn { first.alternatives[number] } else { nil }
    }

    /// True if a provider serves that is not the first.
    var isServedByFallback: Bool { alternative?.isPlaceholder == false }

    /// True if it must be written down that another serves.
    var isToBeRecorded: Bool {
        if case .alternative(_, isRecorded: false) = turn { isServedByFallback } else { false }
    }

    /// Who was asked last, for people.
    var asked: String { alternative?.name ?? first.service?.name ?? first.tool.text }

    mutating func follow(_ action: ActionDigest) { turn = .whoever(action) }

    /// The record means this alternative; nil: nobody whom it could mean.
    mutating func found(_ number: Int?) { turn = number.map { .alternative($0, isRecorded: true) } ?? .first }

    /// Goes on to whoever may be asked after a failure.
    /// - Returns: false if nobody may.
    mutating func goOn(after failure: StepFailure) -> Bool {
        if alternative?.isPlaceholder != true { failures.append((asked, failure.diagnostic)) }
        switch turn {
        case .first, .whoever: hasFirstFailed = true
        case .alternative(let number, _): tried.insert(number)
        }
        if !hasFirstFailed {
            // A record has named the one that failed: the first was not asked yet.
            turn = .first
            return true
        }
        let next = first.alternatives.indices.first { isNew($0) && first.alternatives[$0].follows(failure) }
        guard let next else { return false }
        turn = .alternative(next, isRecorded: false)
        return true
    }

    /// A provider may stand in several lists, and is asked once.
    private func isNew(_ number: Int) -> Bool {
        let alternative = first.alternatives[number]
        if tried.contains(number) { return false }
        return alternative.isPlaceholder || !tried.contains { first.alternatives[$0].name == alternative.name }
    }

    /// Why nobody could do it: what the first met, and then the others.
    var problem: Diagnostic? {
        guard var told = failures.first?.problem else { return nil }
        guard failures.count > 1 else { return told }
        let others = failures.dropFirst().map { "; then \($0.name) failed, too: \($0.problem.headline)" }.joined()
        // What the first program has said stands below.
        let said = told.message.split(separator: "\n").dropFirst()
        told.message = told.headline + others + (said.isEmpty ? "" : ":") + said.map { "\n\($0)" }.joined()
        return told
    }
}
