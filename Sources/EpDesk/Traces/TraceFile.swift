public import EpCore
public import EpEngine
import EpFiles

/// A form that traces are written in.
protocol TraceForm: Sendable {
    func value(_ builds: [Timeline]) -> Value
}

/// Writes what ran when into a file, for programs that draw it. It is whole at any time, and has the builds that have ended.
public final class TraceFile: BuildObserver {
    private let path: String
    private let form: any TraceForm
    private let warn: @Sendable (Diagnostic) -> Void
    private var builds: [Timeline] = []
    /// Of builds that go on.
    private var current: [BuildID: Timeline] = [:]

    /// - Parameters:
    ///   - path: of a file that is begun anew. What ends in `.otlp.json` is OTLP, else Chrome's format.
    ///   - warn: is told if it cannot be written later on.
    /// - Throws: `Diagnostic` if it cannot be written now.
    public init(_ path: String, warn: @escaping @Sendable (Diagnostic) -> Void) throws(Diagnostic) {
        (self.path, self.warn) = (path, warn)
        if let kind = FileStatus(path, followingLink: true)?.kind, kind != .regular {
            throw Diagnostic(
                .usage, "--trace writes a file, and \(path) is something else",
                remedy: "name a file, such as build.trace.json")
        }
        form = path.hasSuffix(".otlp.json") ? OpenTelemetryTrace() : ChromeTrace()
        try write(form.value([]))
    }

    public func observe(_ event: BuildEvent) {
        current[event.build, default: Timeline()].observe(event)
        guard case .finished = event.kind, let ended = current.removeValue(forKey: event.build) else { return }
        builds.append(ended)
        do throws(Diagnostic) { try write(form.value(builds)) } catch {
            warn(Diagnostic(.system, "the trace is not written: \(error.message)", remedy: error.remedy, severity: .warning))
        }
    }

    private func write(_ value: Value) throws(Diagnostic) { try Files.replace(path, with: Array("\(value.json())\n".utf8)) }
}
