import EpCore
import EpEngine

/// A command's way through several episodes: what is wrong with one of them does not keep the others from their turn.
struct EpisodeRound {
    /// Of the episodes so far, the worst.
    private(set) var status = ExitStatus.success
    /// What is doubtful or wrong in what episodes share is told once.
    let told: ToldOnce

    init(_ told: ToldOnce = ToldOnce()) { self.told = told }

    mutating func note(_ status: ExitStatus) { self.status = max(self.status, status) }

    /// Tells what has ended an episode's turn.
    mutating func note(_ trouble: Trouble) {
        trouble.failures.forEach { told.tell($0) }
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

    init(_ error: any Error) { failures = [Diagnostic](describing: error) }

    var exitStatus: ExitStatus { DiagnosticList(failures).exitStatus }

    /// The word for an episode that cannot be looked at.
    static let state = "broken"

    /// What `--json` prints of such an episode.
    func value(of episode: String) -> Value {
        ["episode": .string(episode), "state": .string(Self.state), "failures": .list(failures.map(\.value))]
    }
}

extension BuildReport {
    /// True if it has nothing to tell but its failures.
    var isTrouble: Bool { outcome == .failed && actions.total == 0 }
}
