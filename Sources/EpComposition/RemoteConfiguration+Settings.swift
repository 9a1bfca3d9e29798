public import EpCore
public import EpPlan
public import EpRemote

extension RemoteConfiguration {
    /// - Throws: `Diagnostic` for a url that is none.
    public init(_ settings: RemoteSettings, of workspace: Workspace) throws(Diagnostic) {
        try self.init(
            url: settings.url, relativeTo: workspace.directory, push: settings.push,
            credentials: Credentials(settings.tokenVariable, user: settings.userVariable, password: settings.passwordVariable),
            at: settings.location)
        headerVariables = settings.headerVariables
        endpoint = settings.endpoint
        region = settings.region
        signVariable = settings.signVariable
        trust = settings.trust
    }
}

extension RemoteConfiguration {
    /// A cluster.
    /// - Throws: `Diagnostic` for a url that is none.
    init(_ settings: ExecutionSettings, of workspace: Workspace) throws(Diagnostic) {
        try self.init(
            url: settings.url, relativeTo: workspace.directory,
            credentials: Credentials(settings.tokenVariable, user: settings.userVariable, password: settings.passwordVariable),
            at: settings.location)
        headerVariables = settings.headerVariables
        subject = "the cluster"
    }
}

extension RemoteConfiguration.Credentials {
    fileprivate init(_ token: String?, user: String?, password: String?) {
        self = if let token {
            .token(variable: token)
        } else if let user, let password {
            .password(userVariable: user, passwordVariable: password)
        } else {
            .none
        }
    }
}
