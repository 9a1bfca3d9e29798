public import EpCore

/// Keeps the warnings of a build or a look at one, each once, and passes every event on.
///
/// A build that goes through its plan again meets the same warnings again; nobody wants to be told twice.
public final class WarningObserver: BuildObserver {
    /// In the order in which they came.
    public private(set) var warnings: [Diagnostic] = []
    private var known: Set<Diagnostic> = []
    private let next: any BuildObserver

    public init(next: any BuildObserver = Unobserved()) { self.next = next }

    public func observe(_ event: BuildEvent) {
        if case .warning(let problem) = event {
            guard known.insert(problem).inserted else { return }
            warnings.append(problem)
        }
        next.observe(event)
    }
}

extension Diagnostic {
    /// The same, its file named otherwise.
    func moved(to name: (String) -> String) -> Diagnostic {
        var moved = self
        moved.location = location.map { SourceLocation(file: name($0.file), line: $0.line, column: $0.column) }
        return moved
    }
}
