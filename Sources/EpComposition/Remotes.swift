import EpCore
import EpEngine
import EpHTTP
import EpPlan
import EpRemote
import Synchronization

/// The shared caches of the workspaces, each opened once, so that one that does not answer is left alone by all episodes.
final class Remotes: Sendable {
    private let known = Mutex<[String: [Opened]]>([:])
    /// Many small requests at once: else the way there and back is waited for, over and over.
    private let client = CurlClient(small: 32)
    /// Servers that speak gRPC turn away calls where there are too many at once, and may be meant for few.
    private let callingClient = CurlClient(small: 16)
    /// For a person who asked for sharing and nothing else: trouble is an error.
    private let isStrict: Bool

    init(isStrict: Bool) { self.isStrict = isStrict }

    /// - Parameter warn: is told of their trouble; each trouble once, whichever build meets it.
    func stores(of workspace: Workspace, warn: @escaping @Sendable (Diagnostic) -> Void) throws -> [SharedCache] {
        try opened(of: workspace).compactMap { opened in
            switch opened {
            case .store(let store, let push): return SharedCache(store.telling(warn), push: push)
            case .unusable(let problem):
                warn(problem)
                return nil
            }
        }
    }

    private enum Opened {
        case store(ResilientStore, push: Bool)
        /// A build goes on without it.
        case unusable(Diagnostic)
    }

    private func opened(of workspace: Workspace) throws -> [Opened] {
        if let stores = known.withLock({ $0[workspace.directory] }) { return stores }
        let stores = try workspace.remotes.map { try open($0, of: workspace) }
        known.withLock { $0[workspace.directory] = stores }
        return stores
    }

    private func open(_ settings: RemoteSettings, of workspace: Workspace) throws -> Opened {
        let configuration = try RemoteConfiguration(settings, of: workspace)
        let client = if case .grpc = configuration.address { callingClient } else { client }
        do {
            return .store(
                try configuration.resilientStore(client: client, environment: Setting.variable, isStrict: isStrict), push: settings.push)
        } catch  where error.severity == .warning {
            if isStrict { throw Diagnostic(.unavailable, error.message, at: error.location, remedy: error.remedy) }
            return .unusable(error)
        }
    }
}
