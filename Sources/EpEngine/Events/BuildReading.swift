import EpFiles
import Synchronization

/// The seam to everybody who watches a build. Called by one thread at a time, with the events in their order.
public protocol BuildObserver: AnyObject {
    func observe(_ event: BuildEvent)
}

/// Has observers read on a thread of their own: one that blocks delays no build, and those that share its thread.
public final class BuildReading: Sendable {
    private let observers: Mutex<[any BuildObserver]>
    /// Told, and not read yet. Whoever tells the first of them calls the thread: there may be tens of thousands in a second.
    private let unread = Mutex<[BuildEvent]>([])
    private let thread = WorkerPool(threads: 1)

    /// - Parameter observers: each is told in turn. To wake a thread takes longer than most of them read.
    public init(_ observers: sending [any BuildObserver]) { self.observers = Mutex(observers) }

    public convenience init(_ observer: sending any BuildObserver) { self.init([observer]) }

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
        observers.withLock { observers in
            for observer in observers { events.forEach { observer.observe($0) } }
        }
    }

    /// Waits until the observers have read all that was told so far.
    public func caughtUp() async { await thread.run {} }
}
