import EpCore
import EpExecution
import EpHTTP
import EpPlan
import EpRemote
import Synchronization

/// The clusters of the workspaces, each opened once, so that what is known of its programs is known to all episodes.
final class Clusters: Sendable {
    private let known = Mutex<[ExecutionSettings: ClusterRunner]>([:])
    /// Connections beside those of steps: for inputs and outputs.
    private static let spareConnections = 16
    private let tools: [any Tool]
    private let ownPath: String?

    init(tools: [any Tool], ownPath: String?) { (self.tools, self.ownPath) = (tools, ownPath) }

    /// - Parameter warn: is told why it is not used.
    /// - Returns: nil if the workspace names none, or it cannot be used.
    /// - Throws: `Diagnostic` for an address that is none.
    func cluster(of workspace: Workspace, warn: @escaping @Sendable (Diagnostic) -> Void) throws -> (any ProgramCluster)? {
        guard let settings = workspace.execution else { return nil }
        if let runner = known.withLock({ $0[settings] }) { return runner }
        switch try open(settings, of: workspace) {
        case .unusable(let problem):
            warn(problem)
            return nil
        case .runner(let opened):
            known.withLock { if $0[settings] == nil { $0[settings] = opened } }
            return known.withLock { $0[settings] } ?? opened
        }
    }

    private enum Opened {
        case runner(ClusterRunner)
        /// A build goes on without it.
        case unusable(Diagnostic)
    }

    private func open(_ settings: ExecutionSettings, of workspace: Workspace) throws -> Opened {
        let configuration = try RemoteConfiguration(settings, of: workspace)
        let client = CurlClient(connections: settings.jobs + Self.spareConnections)
        do {
            return .runner(
                ClusterRunner(
                    try configuration.executionService(client: client, environment: Setting.variable), settings, tools: tools,
                    ownPath: ownPath))
        } catch  where error.severity == .warning {
            return .unusable(error)
        }
    }
}
