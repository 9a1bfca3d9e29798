import EpCore
import EpFiles
public import EpPlan
public import EpRemote
import Synchronization

/// Runs programs of steps on a cluster, as they would run here: the same inputs in a fresh directory, the same outputs of it.
///
/// It does not know when a step's turn comes, nor under which address its result is kept.
public final class ClusterRunner: ProgramCluster {
    public var name: String { service.name }
    public var places: Int { settings.jobs }

    private let service: ExecutionService
    private let settings: ExecutionSettings
    /// By tool: the built-in operations that are worth sending.
    private let heavy: [ToolName: Set<String>]
    private let own: OwnProgram?
    private let versions: ClusterVersions
    /// Why what needs a program does not run there, by the program's name.
    private let unfit = Mutex<[String: Diagnostic]>([:])
    private let failures = Mutex(0)
    /// Steps in a row that a cluster can fail to run before it is left alone for the rest of a build.
    private static let mostFailures = 3

    /// - Parameters:
    ///   - tools: all that there are.
    ///   - ownPath: where epbuild itself is, which does built-in steps there; nil: they stay here.
    public init(_ service: ExecutionService, _ settings: ExecutionSettings, tools: [any Tool], ownPath: String?) {
        (self.service, self.settings, own) = (service, settings, ownPath.map(OwnProgram.init))
        let named = Set(settings.stages.map(\.tool))
        heavy = Dictionary(tools.filter { named.contains($0.name) }.map { ($0.name, $0.heavyOperations) }) { first, _ in first }
        versions = ClusterVersions(service)
    }

    /// What asks services stays here, as does what is given variables from outside, and what finds files that it has not declared.
    public func takes(_ step: Step) -> Bool {
        guard heavy[step.tool] != nil, step.call == nil, step.reading == nil, step.passedVariables.isEmpty else { return false }
        switch step.operation {
        case .program(let arguments, _): return arguments.first.map { $0 != "epbuild" } ?? false
        case .builtIn(let tool, let operation, _): return own != nil && !step.isPlaceholder && heavy[tool]?.contains(operation) == true
        case .stored: return false
        }
    }

    public func run(_ job: Job, _ elsewhere: Job.Elsewhere, in home: String) async throws -> JobResult {
        do {
            let order = try ClusterOrder(job, elsewhere, settings, own)
            if let problem = unfit.withLock({ $0[order.program] }) { throw NotElsewhere(problem, isForAll: false) }
            try await compare(elsewhere.programs, in: home)
            let result = try await run(order, of: job, in: home)
            failures.withLock { $0 = 0 }
            return result
        } catch let trouble as ExecutionTrouble {
            throw notElsewhere(trouble, job.step)
        }
    }

    /// - Throws: as ``run(_:_:in:)``, and `ExecutionTrouble`.
    private func run(_ order: ClusterOrder, of job: Job, in home: String) async throws -> JobResult {
        var sent = order.order
        let (name, copies) = (service.name, ClusterInputs(job, order.inputs, in: home, own))
        // A second time if the cluster has lost what it made, or kept it in name alone.
        for _ in 1...2 {
            let outcome = try await service.execute(sent, in: home, provide: copies.file) { stage in
                RemoteStage(stage, of: name).map(job.door.tell)
            }
            job.door.tell(
                RemoteStage(
                    .completed, of: name, worker: outcome.worker, queuedSeconds: outcome.queued?.seconds,
                    workedSeconds: outcome.worked?.seconds))
            if outcome.exitStatus != 0 { throw failure(of: order, outcome) }
            let outputs = ClusterOutputs(outcome, of: job.step, below: order.outputDirectory)
            if let files = try await outputs.fetch(into: home, by: service) {
                let said = ProgramMessages(String(decoding: outcome.errors, as: UTF8.self)).plainLines
                return JobResult(outputs: files, servedBy: order.servedBy, messages: said + outputs.notes)
            }
            sent.isFresh = true
        }
        throw ExecutionTrouble(.failed, "does not hand out what a program has made")
    }

    private func failure(of order: ClusterOrder, _ outcome: ExecutionOutcome) -> any Error {
        let program = order.program
        let errors = String(decoding: outcome.errors, as: UTF8.self)
        if outcome.exitStatus == ClusterCommand.missing, errors.contains(ClusterCommand.complaint(of: program)) {
            return unfit(
                program, "the cluster \(name) has no program \(program)", remedy: "install it there, or name in `path` where it lies")
        }
        // What is built in tells of its failures better here, where a person's files are known.
        if order.isBuiltIn {
            let last = ProgramMessages(errors).plainLines.last.map { ": \($0)" } ?? ""
            return ExecutionTrouble(.failed, "could not do it (status \(outcome.exitStatus)\(last))")
        }
        let said = errors.isEmpty ? String(decoding: outcome.output, as: UTF8.self) : errors
        return ProgramRunner.failure(
            "\(program) failed with status \(outcome.exitStatus)", ProgramMessages(said).lines, status: outcome.exitStatus)
    }

    /// - Throws: `NotElsewhere` if a program there is another than that whose version is part of the step's address.
    private func compare(_ programs: [Program: String], in home: String) async throws {
        for (program, version) in programs {
            if let problem = unfit.withLock({ $0[program.name] }) { throw NotElsewhere(problem, isForAll: false) }
            let told = try await versions.line(of: program, settings, in: home)
            guard told != version else { continue }
            let there =
                told.map { "is another version there (\($0)) than here (\(version))" } ?? "is missing there, or does not tell its version"
            throw unfit(
                program.name, "\(program.name) does not run on the cluster \(name): it \(there)",
                remedy: "have both machines use one version, for the same results")
        }
    }

    private func unfit(_ program: String, _ message: String, remedy: String) -> NotElsewhere {
        let problem = Diagnostic(.remote, "\(message); what needs it runs here", at: settings.location, remedy: remedy, severity: .warning)
        unfit.withLock { $0[program] = problem }
        return NotElsewhere(problem, isForAll: false)
    }

    private func notElsewhere(_ trouble: ExecutionTrouble, _ step: Step) -> NotElsewhere {
        let count = failures.withLock { count in
            count += 1
            return count
        }
        let isForAll = trouble.kind == .unreachable || count >= Self.mostFailures
        let who = "the cluster \(name) \(trouble.message)"
        let words = isForAll ? "\(who); the rest of this build runs here" : "\(step.target): \(who); it runs here"
        let remedy =
            trouble.kind == .unreachable
            ? "see that it can be reached and lets this machine in, or take `execution` out" : "look into the cluster's log"
        return NotElsewhere(Diagnostic(.remote, words, at: settings.location, remedy: remedy, severity: .warning), isForAll: isForAll)
    }
}

extension RemoteStage {
    /// Nil for what is told when its outcome is known.
    fileprivate init?(_ progress: ExecutionProgress, of cluster: String) {
        let name: Name? = switch progress.stage {
        case .lookingUp: .lookingUp
        case .queued: .queued
        case .executing: .executing
        case .completed: nil
        }
        guard let name else { return nil }
        self.init(name, of: cluster, worker: progress.worker)
    }
}
