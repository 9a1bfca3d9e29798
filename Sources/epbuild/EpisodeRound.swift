import EpCore
import EpEngine

/// A command's way through several episodes: what is wrong with one of them does not keep the others from their turn.
struct EpisodeRound {
    /// Of the episodes so far, the worst.
    private(set) var status = ExitStatus.success
    /// A mistake in what episodes share is told once.
    private var told: Set<Diagnostic> = []

    mutating func note(_ status: ExitStatus) { self.status = max(self.status, status) }

    /// - Returns: true if any of them was not told before.
    @discardableResult
    mutating func tell(_ problems: [Diagnostic]) -> Bool {
        let new = problems.filter { told.insert($0).inserted }
        new.forEach { Console.report($0) }
        return !new.isEmpty
    }

    /// Tells what has ended an episode's turn.
    mutating func note(_ trouble: Trouble) {
        tell(trouble.failures)
        note(trouble.exitStatus)
    }

    /// - Throws: `EarlyEnd` unless all went well.
    func end() throws(EarlyEnd) {
        guard status == .success else { throw EarlyEnd(status: status) }
    }
}

/// Why an episode cannot be built, or looked at.
struct Trouble {
    let failures: [Diagnostic]

    init(_ error: any Error) {
        failures = switch error {
        case let list as DiagnosticList: list.diagnostics
        case let problem as Diagnostic: [problem]
        default: [Diagnostic(.system, "\(error)")]
        }
    }

    var exitStatus: ExitStatus { DiagnosticList(failures).exitStatus }

    /// The word for an episode that cannot be looked at.
    static let state = "broken"

    /// What `--json` prints of such an episode.
    func value(of episode: String) -> Value {
        ["episode": .string(episode), "state": .string(Self.state), "failures": .list(failures.map(\.value))]
    }
}

extension BuildReport {
    /// Of a build that could not begin, or whose files could not be written.
    init(of episode: String, endedBy trouble: Trouble, seconds: Double) {
        self.init(episode: episode)
        (outcome, failures, self.seconds) = (.failed, trouble.failures, seconds)
    }

    /// True if it has nothing to tell but its failures.
    var isTrouble: Bool { outcome == .failed && actions.total == 0 }
}
