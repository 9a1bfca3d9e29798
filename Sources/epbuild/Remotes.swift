import EpCore
import EpEngine
import EpHTTP
import EpPlan
import EpRemote
import Synchronization

/// The shared caches of the workspaces, each opened once, so that one that does not answer is left alone by all episodes.
final class Remotes: Sendable {
    private let known = Mutex<[String: [SharedCache]]>([:])
    private let client = CurlClient()
    /// For a person who asked for sharing and nothing else: trouble is an error.
    private let isStrict: Bool

    init(isStrict: Bool) { self.isStrict = isStrict }

    func stores(of workspace: Workspace) throws -> [SharedCache] {
        if let stores = known.withLock({ $0[workspace.directory] }) { return stores }
        let stores = try workspace.remotes.compactMap { try store($0, of: workspace) }
        known.withLock { $0[workspace.directory] = stores }
        return stores
    }

    /// Nil if it cannot be used, which has been said: a build goes on without it.
    private func store(_ settings: RemoteSettings, of workspace: Workspace) throws -> SharedCache? {
        let configuration = try RemoteConfiguration(
            url: settings.url, relativeTo: workspace.directory, push: settings.push, credentials: Self.credentials(settings), at: settings.location)
        do {
            let store = try configuration.resilientStore(client: client, environment: Setting.variable, isStrict: isStrict) { Console.report($0) }
            return SharedCache(store, push: settings.push)
        } catch where error.severity == .warning {
            if isStrict { throw Diagnostic(.unavailable, error.message, at: error.location, remedy: error.remedy) }
            Console.report(error)
            return nil
        }
    }

    static func credentials(_ settings: RemoteSettings) -> RemoteConfiguration.Credentials {
        if let token = settings.tokenVariable { return .token(variable: token) }
        if let user = settings.userVariable, let password = settings.passwordVariable {
            return .password(userVariable: user, passwordVariable: password)
        }
        return .none
    }
}
