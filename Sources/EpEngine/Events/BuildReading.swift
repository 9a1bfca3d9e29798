import EpFiles
import Synchronization

/// The seam to everybody who watches a build. Called by one thread at a time, with the events in their order.
public protocol BuildObserver: AnyObject {
    func observe(_ event: BuildEvent)
}

/// Has an observer read on a thread of its own: one that blocks delays no build.
public final class BuildReading: Sendable {
    private let observer: Mutex<any BuildObserver>
    private let thread = WorkerPool(threads: 1)

    public init(_ observer: sending any BuildObserver) { self.observer = Mutex(observer) }

    func add(_ event: BuildEvent) {
        thread.add { [self] in observer.withLock { $0.observe(event) } }
    }

    /// Waits until the observer has read all that was told so far.
    public func caughtUp() async { await thread.run {} }
}
