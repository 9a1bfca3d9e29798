public import EpCore
public import EpPlan

/// Runs steps: a built-in one by its tool, a program as a child process.
public struct ToolRunner: StepRunner {
    private let tools: [ToolName: any Tool]
    private let programs: ProgramRunner
    private let company = StandingCompany()
    /// Those that stay loaded for the build that this is for; nil: it is for none.
    private var standing: StandingPrograms?

    /// - Parameters:
    ///   - searchPath: where programs are looked for, as in `PATH`.
    ///   - temporaryDirectory: where programs are asked for their versions, in a directory of their own.
    ///   - ownPath: where epbuild itself is, which draws cards in a process of its own.
    ///   - sandbox: what programs run in; nil: they see all of this machine.
    public init(tools: [any Tool], searchPath: String, temporaryDirectory: String = "/tmp", ownPath: String? = nil, sandbox: Sandbox? = nil)
    {
        self.tools = Dictionary(tools.map { ($0.name, $0) }) { first, _ in first }
        programs = ProgramRunner(searchPath: searchPath, temporaryDirectory: temporaryDirectory, sandbox: sandbox, ownPath: ownPath)
    }

    public func run(_ job: Job) async throws -> JobResult {
        var job = job
        job.programs = JobPrograms(programs, for: job, standing: standing)
        switch job.step.operation {
        case .program(let arguments, let environment):
            let run: @Sendable () async throws -> JobResult = { [programs, job] in
                if let elsewhere = job.elsewhere {
                    return try await elsewhere.cluster.run(job, elsewhere, in: job.directory())
                }
                return try await programs.run(job, arguments: arguments, environment: environment, in: job.directory())
            }
            guard let tool = tools[job.step.tool] else { return try await run() }
            return try await tool.oversee(job, run)
        case .builtIn(let name, _, _):
            guard let tool = tools[name] else {
                throw StepFailure(Diagnostic(.unavailable, "this epbuild has no tool \"\(name)\""))
            }
            if let elsewhere = job.elsewhere { return try await elsewhere.cluster.run(job, elsewhere, in: job.directory()) }
            return try await tool.run(job)
        case .stored: throw StepFailure(Diagnostic(.actionFailed, "a pinned result cannot be run"))
        }
    }

    public func forBuild() -> any StepRunner {
        var runner = self
        runner.standing = company.programs(programs)
        return runner
    }

    public func version(of program: Program) async throws -> ProgramVersion { try await programs.version(of: program) }

    public func absence(of program: Program) -> Diagnostic? { programs.absence(of: program) }

    public func places(of program: Program) -> [String] {
        // epbuild itself is no other for being somewhere else.
        program.name == "epbuild" ? [] : programs.places(of: program.name).filter { $0.hasPrefix("/") }
    }
}
