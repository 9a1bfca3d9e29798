import EpCore
import EpFiles
import Glibc

/// Writes what happens in a build to `.epbuild/events/` (a file a month), one JSON object a line, and passes every event on.
///
/// What was found in the local cache is counted in the last line and not told one by one.
public final class EventLog: BuildObserver {
    private let next: any BuildObserver
    private let build: String
    private let directory: String
    private var episode = ""
    private var lines = ""
    private var isBroken = false

    /// - Parameters:
    ///   - stateDirectory: the workspace's `.epbuild/`.
    ///   - next: who also watches; is told once if nothing can be written.
    public init(stateDirectory: String, next: any BuildObserver) {
        self.next = next
        directory = "\(stateDirectory)/events"
        build = "\(Self.now.replacing(":", with: ""))-\(getpid())"
    }

    deinit { flush() }

    public func observe(_ event: BuildEvent) {
        if case .started(let episode) = event { self.episode = episode }
        if let members = Self.members(event) {
            let head: [Value.Member] = [.init("time", .string(Self.now)), .init("build", .string(build)), .init("episode", .string(episode))]
            lines += Value.object(head + members).json() + "\n"
            if lines.utf8.count > 1 << 16 { flush() }
        }
        if case .finished = event { flush() }
        next.observe(event)
    }

    /// A log that cannot be written never fails a build.
    private func flush() {
        guard !lines.isEmpty, !isBroken else { return }
        defer { lines = "" }
        do throws(Diagnostic) {
            try StateFile.makeDirectory(directory)
            let path = "\(directory)/\(build.prefix(7)).jsonl"
            let descriptor = try StateFile.open(path, O_WRONLY | O_APPEND)
            defer { close(descriptor) }
            guard Files.writeAll(Array(lines.utf8), to: descriptor) else { throw Files.unwritable(path) }
        } catch {
            isBroken = true
            next.observe(.warning(Diagnostic(.system, "what happens is not logged: \(error.message)", remedy: error.remedy, severity: .warning)))
        }
    }

    /// Nil for what is not logged.
    private static func members(_ event: BuildEvent) -> [Value.Member]? {
        func action(_ name: String, _ target: Target, _ step: String, _ more: [Value.Member] = []) -> [Value.Member] {
            [.init("event", .string(name)), .init("target", .string(target.description)), .init("step", .string(step))] + more
        }
        switch event {
        case .started: return [.init("event", "build_started")]
        case .actionStarted(let target, let step, _): return action("action_started", target, step)
        case .actionFinished(let end) where end.origin == .cache: return nil
        case .planned: return nil
        case .actionFinished(let end):
            return action("action_completed", end.target, end.step, [
                .init("action", .string(end.address.hex)), .init("origin", .string(end.origin.rawValue)),
                .init("seconds", .double(end.result.duration.seconds)), .init("costUSD", .double(end.result.cost.usd)),
            ])
        case .actionFailed(let target, let step, let problem): return action("action_failed", target, step, [.init("error", problem.value)])
        case .actionSaid(let target, let step, let lines): return action("action_said", target, step, [.init("lines", .list(lines.map(Value.string)))])
        case .actionExplained(let target, let step, let changes): return action("action_explained", target, step, [.init("changes", .list(changes.map(\.value)))])
        case .actionStoodIn(let standIn):
            return action("action_stood_in", standIn.target, standIn.step, [.init("placeholder", .string(standIn.what)), .init("reason", standIn.reason.value)])
        case .actionBlocked(let target, let step): return action("action_blocked", target, step)
        case .cacheHealed(let problem): return [.init("event", "cache_healed"), .init("error", problem.value)]
        case .warning(let problem): return [.init("event", "validation_warning"), .init("error", problem.value)]
        case .editDetected(let target, let file):
            return [.init("event", "edit_detected"), .init("target", .string(target.description)), .init("file", .string(file))]
        case .pinned(let target): return [.init("event", "artifact_pinned"), .init("target", .string(target.description))]
        case .gateWaiting(let gate): return [.init("event", "gate_waiting"), .init("gate", gate.value)]
        case .gateDecided(let target, let decision, let by):
            let name = decision == .approved && by == GateRecord.itself ? "gate_auto_approved" : "gate_\(decision.rawValue)"
            return [.init("event", .string(name)), .init("target", .string(target.description)), .init("by", .string(by))]
        case .wrote(let file): return [.init("event", "artifact_restored"), .init("file", .string(file))]
        case .removed(let file): return [.init("event", "artifact_removed"), .init("file", .string(file))]
        case .passRepeated(let reason): return [.init("event", "pass_repeated"), .init("reason", .string(reason))]
        case .finished(let report):
            let name = report.outcome == .failed ? "build_failed" : report.outcome == .interrupted ? "build_stopped" : "build_completed"
            return [.init("event", .string(name)), .init("report", report.value)]
        }
    }

    private static var now: String { CalendarTime.text(of: CalendarTime.now()) }
}
