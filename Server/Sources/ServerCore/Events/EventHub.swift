import EpEngine
import Synchronization

/// Wakes all listeners when a log of events has grown: one look at it for all of them.
public final class EventHub: Sendable {
    enum Tick: Sendable { case grown, jobs, alive, end }

    private struct State {
        var listeners: [Int: AsyncStream<Tick>.Continuation] = [:]
        var next = 0
        var isEnded = false
    }

    private let tail: EventTail
    private let shelf: EventShelf
    private let state = Mutex(State())
    private static let pause = Duration.milliseconds(100)
    private static let ticksAlive = 150
    /// More than that are not let in.
    private static let most = 500

    /// - Parameter stateDirectory: a workspace's `.epbuild/`.
    public init(stateDirectory: String) {
        tail = EventTail(stateDirectory: stateDirectory)
        shelf = EventShelf(tail)
    }

    /// Looks until the task is cancelled or all has ended.
    public func watch() async {
        var (known, count, pace) = (tail.end, 0, TellingPace())
        while !Task.isCancelled, !state.withLock(\.isEnded) {
            guard (try? await Task.sleep(for: Self.pause)) != nil else { return }
            count += 1
            let listeners = listenerCount
            if listeners > 0, pace.allows(listeners, at: .now) {
                let end = tail.end
                if end != known {
                    shelf.clear()
                    tell(.grown)
                    pace.note(.now)
                }
                known = end
            }
            if count % Self.ticksAlive == 0 { tell(.alive) }
        }
    }

    /// Nil if there are too many already.
    func feed(after lastID: String?) -> EventFeed? {
        let (stream, continuation) = AsyncStream.makeStream(of: Tick.self, bufferingPolicy: .bufferingNewest(8))
        let isIn = state.withLock { state in
            guard state.listeners.count < Self.most, !state.isEnded else { return false }
            let number = state.next
            state.next += 1
            state.listeners[number] = continuation
            continuation.onTermination = { [weak self] _ in _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) } }
            return true
        }
        guard isIn else { return nil }
        // What comes between this look at the log and the first tick is seen by whoever looks next.
        continuation.yield(.grown)
        return EventFeed(tail, shelf, after: lastID, ticks: stream)
    }

    public var listenerCount: Int { state.withLock { $0.listeners.count } }

    /// Something has changed about builds that were asked for.
    public func tellOfJobs() { tell(.jobs) }

    /// Every listener is told that this is the end.
    public func end() {
        let listeners = state.withLock { state in
            state.isEnded = true
            return Array(state.listeners.values)
        }
        shelf.clear()
        for listener in listeners {
            listener.yield(.end)
            listener.finish()
        }
    }

    private func tell(_ tick: Tick) {
        let listeners = state.withLock { Array($0.listeners.values) }
        listeners.forEach { $0.yield(tick) }
    }
}
