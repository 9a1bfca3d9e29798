import Dispatch
import EpCore
import EpScript
import Synchronization

/// What a script's author probably did not mean, looked for while the plan goes on: in a long script that takes as long as planning it.
final class PendingReport: Sendable {
    private let group = DispatchGroup()
    private let found = Mutex<[Diagnostic]>([])

    /// - Parameter file: where the script stands for the person; nil: where it was read.
    init(of script: Script, show: ShowCast, standingIn file: String?) {
        DispatchQueue.global(qos: .userInitiated).async(group: group) { [self] in
            let warnings = ScriptReport(script, show: show).warnings.map { warning in
                var warning = warning
                if let file { warning.location?.file = file }
                return warning
            }
            found.withLock { $0 = warnings }
        }
    }

    /// Nil while it is looked through.
    var knownWarnings: [Diagnostic]? { group.wait(timeout: .now()) == .success ? found.withLock(\.self) : nil }

    /// Waits until all of it is looked through.
    var warnings: [Diagnostic] {
        group.wait()
        return found.withLock(\.self)
    }
}
