import EpPlan
import Synchronization

/// Signs of life of a running step: that it asks a service, gets an answer, or waits as it is told.
final class Pulse: Sendable {
    private let state = Mutex((beats: 0, waiting: 0))

    func beat() { state.withLock { $0.beats += 1 } }

    /// Who waits for its turn, or as long as a service wants, is well.
    func whileWaiting(_ wait: () async throws -> Void) async rethrows {
        state.withLock { $0.waiting += 1 }
        defer { state.withLock { $0 = ($0.beats + 1, $0.waiting - 1) } }
        try await wait()
    }

    /// Returns as soon as there was no sign of life for so long.
    /// - Throws: what `sleep` throws when it is cancelled.
    func silence(of duration: Duration, _ sleep: @Sendable (Duration) async throws -> Void) async throws {
        while true {
            let before = state.withLock(\.beats)
            try await sleep(duration)
            if state.withLock({ $0.beats == before && $0.waiting == 0 }) { return }
        }
    }
}

/// A step's door through which every word is a sign of life.
struct BeatingDoor: CallDoor {
    let door: any CallDoor
    let pulse: Pulse

    func again(_ retry: Retry) async throws { try await pulse.whileWaiting { try await door.again(retry) } }
    func wait(_ duration: Duration) async throws { try await pulse.whileWaiting { try await door.wait(duration) } }

    func sending(_ call: PaidCall) async throws -> Int64? {
        pulse.beat()
        return try await door.sending(call)
    }

    func ended(_ number: Int64, _ end: PaidCall.End) async {
        pulse.beat()
        await door.ended(number, end)
    }

    func tell(_ change: BreakerChange) { door.tell(change) }
    func tell(_ stall: Stall) { door.tell(stall) }
    func tell(_ wait: LeaseWait) { door.tell(wait) }

    func tell(_ stage: RemoteStage) {
        pulse.beat()
        door.tell(stage)
    }
}
