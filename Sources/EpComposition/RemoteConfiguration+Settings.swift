public import EpCore
public import EpPlan
public import EpRemote

extension RemoteConfiguration {
    /// - Throws: `Diagnostic` for a url that is none.
    public init(_ settings: RemoteSettings, of workspace: Workspace) throws(Diagnostic) {
        try self.init(
            url: settings.url, relativeTo: workspace.directory, push: settings.push, credentials: Credentials(settings), at: settings.location)
        headerVariables = settings.headerVariables
        endpoint = settings.endpoint
        region = settings.region
        signVariable = settings.signVariable
        trust = settings.trust
    }
}

extension RemoteConfiguration.Credentials {
    fileprivate init(_ settings: RemoteSettings) {
        self = if let token = settings.tokenVariable {
            .token(variable: token)
        } else if let user = settings.userVariable, let password = settings.passwordVariable {
            .password(userVariable: user, passwordVariable: password)
        } else {
            .none
        }
    }
}
