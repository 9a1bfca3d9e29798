import EpPlan
import Synchronization

/// Signs of life of a running step: that it asks a service, or gets an answer.
final class Pulse: Sendable {
    private let beats = Mutex(0)

    func beat() { beats.withLock { $0 += 1 } }

    /// Returns as soon as there was no sign of life for so long.
    /// - Throws: what `sleep` throws when it is cancelled.
    func silence(of duration: Duration, _ sleep: @Sendable (Duration) async throws -> Void) async throws {
        while true {
            let before = beats.withLock(\.self)
            try await sleep(duration)
            if beats.withLock(\.self) == before { return }
        }
    }
}

/// A step's door through which every word is a sign of life.
struct BeatingDoor: CallDoor {
    let door: any CallDoor
    let pulse: Pulse

    func again(_ retry: Retry) async throws {
        pulse.beat()
        defer { pulse.beat() }
        try await door.again(retry)
    }

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

    /// Who waits for its turn is well.
    func wait(_ duration: Duration) async throws {
        pulse.beat()
        defer { pulse.beat() }
        try await door.wait(duration)
    }
}
