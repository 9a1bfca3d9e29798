import CSupervisor
import EpCore
import EpFiles
import Glibc
import Synchronization

/// A program that is about to run, with everything that it is given.
struct SupervisedProgram: Sendable {
    /// Absolute.
    let path: String
    /// The first is its name.
    let arguments: [String]
    /// `NAME=value`.
    let environment: [String]
    let directory: String
    /// Descriptors for its standard output and its standard error.
    let output: Int32
    let errors: Int32
    /// Descriptors of locks, which are held until all that it has started has ended.
    let held: [Int32]

    /// How it ended.
    enum End: Sendable, Hashable {
        case exited(Int32)
        case signaled(Int32)
        /// It could not be started; the error number says why.
        case notStarted(Int32)
        /// Its supervisor was ended before it could tell.
        case lost
    }

    /// Runs it, with a supervisor above it that ends whatever the program leaves behind, and all of it if this process ends.
    /// If the task is cancelled, the program is asked to end.
    /// - Throws: `Diagnostic` if the system has no process for it, `CancellationError`.
    func run() async throws -> End {
        let supervisor = try start()
        let end = await withTaskCancellationHandler { await supervisor.end } onCancel: { supervisor.stop() }
        try Task.checkCancellation()
        return end
    }

    private func start() throws(Diagnostic) -> Supervisor {
        var process = pid_t()
        let control = Self.withStrings(arguments) { arguments in
            Self.withStrings(environment) { environment in
                path.withCString { path in
                    directory.withCString { directory in
                        held.withUnsafeBufferPointer { held in
                            var program = supervised_program(
                                path: path, arguments: arguments, environment: environment, directory: directory, output: output,
                                errors: errors, held: held.baseAddress, held_count: held.count)
                            return supervise(&program, &process)
                        }
                    }
                }
            }
        }
        guard control >= 0 else { throw Self.shortage(of: "a process for \(arguments.first ?? path)") }
        return Supervisor(process: process, control: control)
    }

    /// Something that the machine has no more of.
    static func shortage(_ error: SystemError = .last, of what: String) -> Diagnostic {
        let remedy = switch error.kind {
        case .tooManyFiles: "raise the limit (`ulimit -n 4096`), or build with fewer jobs (`-j 2`)"
        case .notNow: "raise the limit (`ulimit -u`), or build with fewer jobs (`-j 2`)"
        case .noMemory: "end other programs, or build with fewer jobs (`-j 2`)"
        case .noSpace: "free some space on that disk"
        default: "see what is wrong with it"
        }
        return Diagnostic(.system, "the system has not got \(what): \(error.reason)", remedy: remedy)
    }

    /// The texts as C has them, with a null pointer behind the last.
    private static func withStrings<Result>(_ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result) -> Result {
        let strings = texts.map { strdup($0) } + [nil]
        defer { strings.forEach { free($0) } }
        return strings.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("the list has a last element") }
            return body(start)
        }
    }
}

/// The process above a program that runs.
private final class Supervisor: Sendable {
    private let process: pid_t
    /// Its socket; nil when it has been closed.
    private let control: Mutex<Int32?>

    init(process: pid_t, control: Int32) {
        self.process = process
        self.control = Mutex(control)
    }

    /// Waits until the program and all that it has left behind has ended. To be asked for once.
    var end: SupervisedProgram.End {
        get async {
            await withCheckedContinuation { continuation in
                let descriptor = control.withLock { $0 } ?? -1
                DescriptorWatch.shared.whenReadable(descriptor) { continuation.resume(returning: self.report()) }
            }
        }
    }

    /// Asks the program to end.
    func stop() {
        control.withLock { control in
            if let control { send(control, "\n", 1, Int32(MSG_NOSIGNAL)) }
        }
    }

    private func report() -> SupervisedProgram.End {
        let end = control.withLock { control -> SupervisedProgram.End in
            var report = supervisor_report()
            let size = MemoryLayout<supervisor_report>.size
            let count = retrying { read(control ?? -1, &report, size) }
            if let open = control { close(open) }
            control = nil
            return count == size ? SupervisedProgram.End(report) : .lost
        }
        var status: Int32 = 0
        retrying { waitpid(process, &status, 0) }
        return end
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
