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

/// Has observers read on a thread of their own: one that blocks delays no build, and those that share its thread.
public final class BuildReading: Sendable {
    private let observers: Mutex<[any BuildObserver]>
    private let kinds: [any BuildObserver.Type]
    private let queue = Mutex(Queue())
    private let thread = WorkerPool(threads: 1, niceness: 5)

    private struct Queue {
        /// Told, and not read yet. Whoever tells the first of them calls the thread: there may be tens of thousands in a second.
        var unread: [BuildEvent] = []
        /// True while the thread reads what it has taken.
        var isReading = false
    }

    /// - Parameter observers: each is told in turn. To wake a thread takes longer than most of them read.
    public init(_ observers: sending [any BuildObserver]) {
        kinds = observers.map { type(of: $0) }
        self.observers = Mutex(observers)
    }

    public convenience init(_ observer: sending any BuildObserver) { self.init([observer]) }

    func add(_ told: [BuildEvent]) {
        let news = told.filter { event in kinds.contains { $0.minds(event.kind) } }
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
        observers.withLock { observers in
            for observer in observers {
                for event in events where type(of: observer).minds(event.kind) { observer.observe(event) }
            }
        }
        queue.withLock { $0.isReading = false }
    }

    /// Waits until the observers have read all that was told so far.
    public func caughtUp() async {
        if queue.withLock({ $0.unread.isEmpty && !$0.isReading }) { return }
        await thread.run {}
    }
}
