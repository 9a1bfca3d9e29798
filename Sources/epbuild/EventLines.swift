import EpCore
import EpEngine
import EpFiles
import Glibc
import Synchronization

/// Writes every event of a build as a line of JSON, for scripts (`--events`).
final class EventLines: BuildObserver, Sendable {
    private let descriptor: Int32
    private let name: String
    private let warn: @Sendable (Diagnostic) -> Void
    private let broken = Mutex(false)
    /// True if a line could not be written: none is written behind it, so that every line but the last is a whole one.
    var isBroken: Bool { broken.withLock(\.self) }

    /// - Parameters:
    ///   - path: of a file that is begun anew; `-` is standard output.
    ///   - warn: is told once if it cannot be written later on.
    /// - Throws: `Diagnostic` if it cannot be written now.
    init(_ path: String, warn: @escaping @Sendable (Diagnostic) -> Void) throws(Diagnostic) {
        (name, self.warn) = (path == "-" ? "standard output" : path, warn)
        descriptor = path == "-" ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Files.unwritable(path) }
    }

    func observe(_ event: BuildEvent) {
        let line = Array("\(event.value.json())\n".utf8)
        guard !isBroken, !line.withUnsafeBytes({ Screen.writeAll($0, to: descriptor) }) else { return }
        broken.withLock { $0 = true }
        let problem = Files.unwritable(name, remedy: "write them to a disk with room; what was built is kept")
        warn(Diagnostic(.system, "no more events are written: \(problem.message)", remedy: problem.remedy, severity: .warning))
    }
}
