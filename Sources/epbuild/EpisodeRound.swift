import EpCore
import EpDesk

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
