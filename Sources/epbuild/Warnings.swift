import EpCore
import Synchronization

/// Tells a person of a problem once, however many episodes of a round meet it.
final class ToldOnce: Sendable {
    private let told = Mutex<Set<Diagnostic>>([])

    /// - Returns: true if it was not told before.
    @discardableResult
    func tell(_ problem: Diagnostic) -> Bool {
        let isNew = told.withLock { $0.insert(problem).inserted }
        if isNew { Console.report(problem) }
        return isNew
    }
}
