import EpPlan
import EpRemote

/// What programs on a cluster say of their versions, each asked once.
actor ClusterVersions {
    private let service: ExecutionService
    private var asked: [Program: Task<String?, any Error>] = [:]

    init(_ service: ExecutionService) { self.service = service }

    /// - Parameter home: a directory for what is fetched meanwhile.
    /// - Returns: the line in which it tells its version; nil if it does not tell one.
    /// - Throws: `ExecutionTrouble`: then it is asked again when somebody else wants to know.
    func line(of program: Program, _ settings: ExecutionSettings, in home: String) async throws -> String? {
        let task =
            asked[program]
            ?? Task { [service] in
                let order = ClusterCommand.question([program.name] + program.versionArguments, settings)
                let outcome = try await service.execute(order, in: home, provide: { _ in throw DamagedInput("a version has no inputs") }) {
                    _ in
                }
                return VersionAnswer(
                    output: String(decoding: outcome.output, as: UTF8.self), errors: String(decoding: outcome.errors, as: UTF8.self),
                    isSuccess: outcome.exitStatus == 0
                ).line
            }
        asked[program] = task
        do {
            return try await task.value
        } catch {
            asked[program] = nil
            throw error
        }
    }
}
