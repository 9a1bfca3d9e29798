import EpCore
import EpEngine
import EpFiles
import Glibc

/// Writes every event of a build as a line of JSON, for scripts (`--events`).
final class EventLines: BuildObserver, Sendable {
    private let descriptor: Int32

    /// - Parameter path: of a file that is begun anew; `-` is standard output.
    /// - Throws: `Diagnostic` if it cannot be written.
    init(_ path: String) throws(Diagnostic) {
        descriptor = path == "-" ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Files.unwritable(path) }
    }

    func observe(_ event: BuildEvent) { _ = Files.writeAll(Array("\(event.value.json())\n".utf8), to: descriptor) }
}
