import EpFiles
import Synchronization

/// The seam to everybody who watches a build. Called by one thread at a time, with the events in their order.
public protocol BuildObserver: AnyObject, SendableMetatype {
    func observe(_ event: BuildEvent)

    /// False for what observers of this kind do nothing about: they are not woken for it.
    static func minds(_ kind: BuildEvent.Kind) -> Bool
}

extension BuildObserver {
    public static func minds(_ kind: BuildEvent.Kind) -> Bool { true }
}

/// Has an observer read on a thread of its own: one that blocks delays no build.
public final class BuildReading: Sendable {
    private let observer: Mutex<any BuildObserver>
    private let minds: @Sendable (BuildEvent.Kind) -> Bool
    private let queue = Mutex(Queue())
    private let thread = WorkerPool(threads: 1)

    private struct Queue {
        /// Told, and not read yet. Whoever tells the first of them calls the thread: there may be tens of thousands in a second.
        var unread: [BuildEvent] = []
        /// True while the thread reads what it has taken.
        var isReading = false
    }

    public init<Observer: BuildObserver>(_ observer: sending Observer) {
        self.observer = Mutex(observer)
        minds = Observer.minds
    }

    func add(_ told: [BuildEvent]) {
        let news = told.filter { minds($0.kind) }
        guard !news.isEmpty else { return }
        let isFirst = queue.withLock { queue in
            defer { queue.unread += news }
            return queue.unread.isEmpty
        }
        if isFirst { thread.add { [self] in read() } }
    }

    private func read() {
        let events = queue.withLock { queue in
            defer { queue = Queue(isReading: true) }
            return queue.unread
        }
        observer.withLock { observer in events.forEach { observer.observe($0) } }
        queue.withLock { $0.isReading = false }
    }

    /// Waits until the observer has read all that was told so far.
    public func caughtUp() async {
        if queue.withLock({ $0.unread.isEmpty && !$0.isReading }) { return }
        await thread.run {}
    }
}
