import EpPlan

/// Programs that a built-in step runs.
struct JobPrograms: ProgramDoor {
    private let runner: ProgramRunner
    private let job: Job
    private let standing: StandingPrograms?

    /// - Parameter standing: those that stay for the next step; nil: none does.
    init(_ runner: ProgramRunner, for job: Job, standing: StandingPrograms?) {
        (self.runner, self.job, self.standing) = (runner, job, standing)
    }

    func run(_ arguments: [String], files: [String: [UInt8]]) async throws -> String {
        try await runner.run(arguments, files: files, in: job.directory(), holding: job.heldDescriptors)
    }

    func ask(_ arguments: [String], about file: (name: String, bytes: [UInt8])) async throws -> String? {
        try await standing?.ask(arguments, about: file)
    }
}
