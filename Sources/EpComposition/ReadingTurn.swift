import EpEngine
import Synchronization

/// How far a reader of events has come in the build that goes on, and who waits for it to come further.
final class ReadingTurn: Sendable {
    private struct State {
        var build: BuildID?
        var read = 0
        var waiting: [(event: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// It has read an event; `.max`: nobody waits for it any more in this build.
    func pass(_ event: Int, of build: BuildID) {
        let due = state.withLock { state in
            if state.build != build { (state.build, state.read) = (build, 0) }
            state.read = max(state.read, event)
            let due = state.waiting.filter { $0.event <= state.read }
            state.waiting.removeAll { $0.event <= state.read }
            return due
        }
        due.forEach { $0.continuation.resume() }
    }

    /// Waits until it has read an event.
    func reach(_ event: Int, of build: BuildID) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.build == build, state.read >= event { return true }
                state.waiting.append((event, continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }
}
