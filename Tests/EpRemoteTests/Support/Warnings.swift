import EpCore
import Synchronization

/// Collects what a store warns of.
final class Warnings: Sendable {
    private let diagnostics = Mutex<[Diagnostic]>([])

    var all: [Diagnostic] { diagnostics.withLock { $0 } }
    var handler: @Sendable (Diagnostic) -> Void { { diagnostic in self.diagnostics.withLock { $0.append(diagnostic) } } }
}
