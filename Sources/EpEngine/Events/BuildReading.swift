import EpFiles
import Synchronization

/// The seam to everybody who watches a build. Called by one thread at a time, with the events in their order.
public protocol BuildObserver: AnyObject {
    func observe(_ event: BuildEvent)
}

/// Has an observer read on a thread of its own: one that blocks delays no build.
public final class BuildReading: Sendable {
    private let observer: Mutex<any BuildObserver>
    /// Told, and not read yet. Whoever tells the first of them calls the thread: there may be tens of thousands in a second.
    private let unread = Mutex<[BuildEvent]>([])
    private let thread = WorkerPool(threads: 1)

    public init(_ observer: sending any BuildObserver) { self.observer = Mutex(observer) }

    func add(_ told: [BuildEvent]) {
        let isFirst = unread.withLock { events in
            defer { events += told }
            return events.isEmpty
        }
        if isFirst { thread.add { [self] in read() } }
    }

    private func read() {
        let events = unread.withLock { events in
            defer { events = [] }
            return events
        }
        observer.withLock { observer in events.forEach { observer.observe($0) } }
    }

    /// Waits until the observer has read all that was told so far.
    public func caughtUp() async { await thread.run {} }
}
