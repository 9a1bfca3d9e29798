public import EpCore
import EpFiles
import Glibc

/// Writes what happens in builds to `.epbuild/events/`, a file a month, one JSON object a line.
///
/// What was found in the local cache is counted in the last line and not told one by one.
public final class EventLog: BuildObserver {
    private let directory: String
    private let warn: @Sendable (Diagnostic) -> Void
    private var isBroken = false
    /// The file of a month, as long as events of that month come.
    private var file: (month: String, descriptor: Int32)?

    /// - Parameters:
    ///   - stateDirectory: the workspace's `.epbuild/`.
    ///   - warn: is told once if nothing can be written. That never fails a build.
    public init(stateDirectory: String, warn: @escaping @Sendable (Diagnostic) -> Void) {
        directory = "\(stateDirectory)/events"
        self.warn = warn
    }

    public func observe(_ event: BuildEvent) {
        switch event.kind {
        case .planned: return
        case .actionFinished(let end) where end.origin == .cache: return
        default: break
        }
        guard !isBroken else { return }
        do throws(Diagnostic) {
            try write("\(event.value.json())\n", month: event.time.iso8601Seconds.prefix(7))
        } catch {
            isBroken = true
            warn(Diagnostic(.system, "what happens is not logged: \(error.message)", remedy: error.remedy, severity: .warning))
        }
    }

    deinit { file.map { _ = close($0.descriptor) } }

    /// Several builds may write at once: each line is added by one call.
    private func write(_ line: String, month: Substring) throws(Diagnostic) {
        let path = "\(directory)/\(month).jsonl"
        if file?.month != String(month) {
            file.map { _ = close($0.descriptor) }
            file = nil
            try StateFile.makeDirectory(directory)
            file = (String(month), try StateFile.open(path, O_WRONLY | O_APPEND))
        }
        guard let file, Files.writeAll(Array(line.utf8), to: file.descriptor) else { throw Files.unwritable(path) }
    }
}
