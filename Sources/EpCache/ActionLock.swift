public import EpCore
import EpFiles
import Synchronization

/// Holds an action, so that nobody else runs it: until released, at the latest when nobody refers to this any more.
public final class ActionLock: Sendable {
    public let action: ActionDigest
    private let table: LockTable
    private let committer: Committer
    private let isReleased = Atomic<Bool>(false)

    /// Waits until the action is free. Asks again after a quarter of the time already waited, within bounds:
    /// so a wait is prolonged by a quarter at most, costs little, can be cancelled, and blocks no thread.
    init(_ action: ActionDigest, in table: LockTable, telling committer: Committer, pausing pauses: Pause) async throws {
        var waited = Duration.zero
        while try !table.tryLock(action) {
            let pause = min(max(waited / 4, .milliseconds(1)), .milliseconds(50))
            try await pauses.wait(pause)
            waited += pause
        }
        self.action = action
        self.table = table
        self.committer = committer
        committer.begin()
    }

    /// Lets go. May be called more than once.
    public func release() {
        guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
        table.unlock(action)
        committer.end()
    }

    deinit { release() }
}
