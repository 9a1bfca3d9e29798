import CSupervisor
import EpCore
import EpFiles
import Glibc

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
    /// True if it reads from `output`, too: a socket.
    var converses = false

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
        let run = try start()
        let end = await withTaskCancellationHandler { await run.end } onCancel: { run.stop() }
        try Task.checkCancellation()
        return end
    }

    /// One that waits may have been ended by somebody, which shows when it is asked; a new one is not asked twice.
    func start() throws(Diagnostic) -> SupervisedRun {
        while let supervisor = Supervisors.shared.takeIdle() {
            if order(of: supervisor) { return SupervisedRun(supervisor) }
            supervisor.leave()
        }
        guard let supervisor = Supervisor() else { throw Self.shortage(of: "a process for \(arguments.first ?? path)") }
        guard order(of: supervisor) else {
            let error = SystemError.last
            supervisor.leave()
            throw Self.shortage(error, of: "a process for \(arguments.first ?? path)")
        }
        return SupervisedRun(supervisor)
    }

    /// - Returns: false if the supervisor is of no use; then nothing was run.
    private func order(of supervisor: Supervisor) -> Bool {
        Self.withStrings(arguments) { arguments in
            Self.withStrings(environment) { environment in
                path.withCString { path in
                    directory.withCString { directory in
                        held.withUnsafeBufferPointer { held in
                            var program = supervised_program(
                                path: path, arguments: arguments, environment: environment, directory: directory, output: output,
                                errors: errors, converses: converses ? 1 : 0, held: held.baseAddress, held_count: held.count)
                            return supervise(supervisor.control, &program) == 0
                        }
                    }
                }
            }
        }
    }

    /// Something that the machine has no more of.
    /// - Parameter path: where it was to be made; nil: on no disk.
    static func shortage(_ error: SystemError = .last, of what: String, at path: String? = nil) -> Diagnostic {
        let isOutOfFiles = path.map { error.isOutOfFiles(at: $0) } ?? false
        let remedy = switch error.kind {
        case .tooManyFiles: "raise the limit (`ulimit -n 4096`), or build with fewer jobs (`-j 2`)"
        case .notNow: "raise the limit (`ulimit -u`), or build with fewer jobs (`-j 2`)"
        case .noMemory: "end other programs, or build with fewer jobs (`-j 2`)"
        case .noSpace: isOutOfFiles ? SystemError.outOfFilesRemedy : "free some space on that disk"
        default: "see what is wrong with it"
        }
        return Diagnostic(.system, "the system has not got \(what): \(path.map(error.reason) ?? error.reason)", remedy: remedy)
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
