import EpCore
public import EpPlan
public import EpRemote

/// Whether a cluster runs a program at all: a small one is sent, with the platform that steps have there.
public struct ClusterProbe: Sendable {
    private let service: ExecutionService
    private let settings: ExecutionSettings

    public init(_ service: ExecutionService, _ settings: ExecutionSettings) { (self.service, self.settings) = (service, settings) }

    public struct Answer: Sendable {
        /// `Linux x86_64`; "" if the worker cannot tell.
        public let system: String
        /// "" if the cluster does not tell.
        public let worker: String
    }

    /// - Parameter home: a directory for what is fetched meanwhile.
    /// - Returns: nil if no worker has done it within the time.
    /// - Throws: `ExecutionTrouble`.
    public func ask(within limit: Duration, in home: String) async throws -> Answer? {
        let order = ClusterCommand.question(["uname", "-sm"], settings)
        return try await withThrowingTaskGroup(of: Answer?.self) { [service] group in
            group.addTask {
                let none: @Sendable (Digest) throws -> ExecutionService.File = { _ in throw DamagedInput("a question has no inputs") }
                let outcome = try await service.execute(order, in: home, provide: none) { _ in }
                let said = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
                return Answer(system: outcome.exitStatus == 0 ? said : "", worker: outcome.worker)
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
