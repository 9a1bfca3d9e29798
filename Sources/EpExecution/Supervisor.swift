import CSupervisor
import EpFiles
import Glibc
import Synchronization

/// A process that runs programs, one after another: to fork this process anew for each would cost more than most programs.
struct Supervisor: Sendable {
    private let process: pid_t
    /// Its socket.
    let control: Int32

    /// Starts one.
    /// - Returns: nil if the system has no process for it; `errno` says why.
    init?() {
        var process = pid_t()
        let control = start_supervisor(&process)
        guard control >= 0 else { return nil }
        (self.process, self.control) = (process, control)
    }

    /// Waits, blocking, for what it tells of the program that it runs; nil if it was ended before.
    func report() -> supervisor_report? {
        var report = supervisor_report()
        return receive_report(control, &report) ? report : nil
    }

    /// Lets it end.
    func leave() {
        close(control)
        var status: Int32 = 0
        retrying { waitpid(process, &status, 0) }
    }
}

/// Supervisors that wait for their next program. They end with this process.
final class Supervisors: Sendable {
    static let shared = Supervisors()
    private let idle = Mutex<[Supervisor]>([])

    /// The one that has waited least: what it needs is in the processor's cache.
    func takeIdle() -> Supervisor? { idle.withLock { $0.popLast() } }

    func giveBack(_ supervisor: Supervisor) { idle.withLock { $0.append(supervisor) } }

    /// Starts one while this process is small: what it shares with its fork has to be copied when it changes.
    func prepare() {
        if let supervisor = Supervisor() { giveBack(supervisor) }
    }
}

/// A program that runs under its supervisor.
final class SupervisedRun: Sendable {
    private let supervisor: Supervisor
    /// False once it has ended: the supervisor may be another program's by then.
    private let isRunning = Mutex(true)

    init(_ supervisor: Supervisor) { self.supervisor = supervisor }

    /// Waits until the program and all that it has left behind has ended. To be asked for once.
    var end: SupervisedProgram.End {
        get async {
            await withCheckedContinuation { continuation in
                DescriptorWatch.shared.whenReadable(supervisor.control) { continuation.resume(returning: self.report()) }
            }
        }
    }

    /// Asks the program to end.
    func stop() { isRunning.withLock { if $0 { stop_supervised(supervisor.control) } } }

    private func report() -> SupervisedProgram.End {
        let report = isRunning.withLock { isRunning in
            isRunning = false
            return supervisor.report()
        }
        if report?.is_ready ?? 0 != 0 { Supervisors.shared.giveBack(supervisor) } else { supervisor.leave() }
        return report.map(SupervisedProgram.End.init) ?? .lost
    }
}

extension SupervisedProgram.End {
    fileprivate init(_ report: supervisor_report) {
        switch UInt32(report.end) {
        case SUPERVISED_EXITED.rawValue: self = .exited(report.value)
        case SUPERVISED_SIGNALED.rawValue: self = .signaled(report.value)
        default: self = .notStarted(report.value)
        }
    }
}
