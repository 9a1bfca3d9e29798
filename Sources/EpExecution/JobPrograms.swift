import EpFiles
import EpPlan
import Synchronization

/// The directory of a job, made when it is first needed: for the first program that the job runs, and within it one for each further one.
final class JobHome: Sendable {
    private let job: Job
    private let made = Mutex<(path: String?, count: Int)>((nil, 0))

    init(of job: Job) { self.job = job }

    func fresh() throws -> String {
        let (path, number) = try made.withLock { made in
            let path = try made.path ?? job.directory()
            defer { made = (path, made.count + 1) }
            return (path, made.count)
        }
        guard number > 0 else { return path }
        let fresh = "\(path)/\(number)"
        try Directory.make(fresh)
        return fresh
    }
}

/// Programs that a built-in step runs.
struct JobPrograms: ProgramDoor {
    private let runner: ProgramRunner
    private let home: JobHome
    private let held: [Int32]
    private let standing: StandingPrograms?

    /// - Parameter standing: those that stay for the next step; nil: none does.
    init(_ runner: ProgramRunner, _ home: JobHome, holding held: [Int32], standing: StandingPrograms?) {
        (self.runner, self.home, self.held, self.standing) = (runner, home, held, standing)
    }

    func run(_ arguments: [String], files: [String: [UInt8]]) async throws -> String {
        try await runner.run(arguments, files: files, in: home.fresh(), holding: held)
    }

    func ask(_ arguments: [String], about file: (name: String, bytes: [UInt8])) async throws -> String? {
        try await standing?.ask(arguments, about: file)
    }
}
