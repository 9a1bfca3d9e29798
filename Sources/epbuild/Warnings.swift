import EpCore
import Synchronization

/// Tells a person of a problem once, however many episodes of a round, or lines of one, meet it.
final class ToldOnce: Sendable {
    private let told = Mutex<Set<Diagnostic>>([])
    private let said = Mutex<Set<String>>([])

    /// - Returns: true if it was not told before.
    @discardableResult
    func tell(_ problem: Diagnostic) -> Bool {
        let isNew = told.withLock { $0.insert(problem).inserted }
        if isNew { Console.report(problem) }
        return isNew
    }

    /// Says what is no problem.
    func say(_ words: String) {
        if said.withLock({ $0.insert(words).inserted }) { Console.say(words) }
    }
}
