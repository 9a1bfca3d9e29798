public import EpCore
import EpHTTP
public import EpPlan
import EpRemote

extension Composition {
    /// The place that settings name. Nothing is asked yet.
    /// - Parameter directory: what a relative path is relative to.
    /// - Throws: `Diagnostic` if it can be none, or credentials are not set.
    public func place(_ settings: PublishSettings, relativeTo directory: String) throws(Diagnostic) -> any PublicPlace {
        let credentials: RemoteConfiguration.Credentials =
            if let user = settings.userVariable, let password = settings.passwordVariable {
                .password(userVariable: user, passwordVariable: password)
            } else {
                .none
            }
        var configuration = try RemoteConfiguration(
            url: settings.to, relativeTo: directory, credentials: credentials, at: settings.location)
        configuration.endpoint = settings.endpoint
        configuration.region = settings.region
        return try configuration.place(client: CurlClient(), environment: Setting.variable)
    }
}
