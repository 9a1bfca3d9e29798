import EpCore
import EpEngine

/// Tells of warnings only: for commands that look at an episode and run nothing.
final class WarningView: BuildObserver {
    func observe(_ event: BuildEvent) {
        if case .warning(let problem) = event { Console.report(problem) }
    }
}
