import EpCore
import EpPlan

/// A provider that is asked over HTTP, as its settings say: a configured vendor.
struct RemoteProvider: Sendable {
    /// What the workspace calls it; the vendor's name if it does not.
    let name: String
    let endpoint: Endpoint
    let place: Endpoint.Place
    /// The variable that has its key; nil: it is asked without one.
    let keyVariable: String?
    /// Absolute path of the workspace's directory, where `.env` may be.
    let directory: String?
    let policy: AttemptPolicy
    /// True if it is asked through the proxy that the environment names.
    let usesProxy: Bool
    /// A minute.
    let requests: Double?
    let tokens: Double?

    /// - Throws: `Diagnostic` if it cannot be asked as it is configured.
    /// - Parameter retry: what the stage says.
    init(_ configuration: ProviderConfiguration?, of vendor: some RemoteVendor, retry: RetrySettings = RetrySettings()) throws(Diagnostic) {
        let settings = configuration?.settings
        name = configuration?.name ?? vendor.name
        let url = settings?["base_url"]?.string ?? vendor.usualURL ?? ""
        do throws(Endpoint.Problem) { endpoint = try Endpoint(url) } catch {
            throw Diagnostic(.badInput, "`base_url` of provider \"\(name)\" \(error.message)", at: configuration?.place(of: "base_url"))
        }
        place = endpoint.service == Endpoint.local ? .local : url == vendor.usualURL ? .usual : .elsewhere
        // The key of a service is shown to that service alone, unless a person names it.
        keyVariable = settings?["api_key_env"]?.string ?? (url == vendor.usualURL ? vendor.usualKeyVariable : nil)
        directory = configuration?.directory
        policy = AttemptPolicy(retry.over(configuration?.retry ?? RetrySettings()))
        usesProxy = settings?["proxy"]?.string == "environment"
        (requests, tokens) = (settings?["requests_per_minute"]?.number, settings?["tokens_per_minute"]?.number)
    }

    /// Which service it is, for the address.
    static func service(_ configuration: ProviderConfiguration?, of vendor: some RemoteVendor) -> String {
        let settings = configuration?.settings
        if let named = settings?["service"]?.string { return named }
        return (try? Endpoint(settings?["base_url"]?.string ?? vendor.usualURL ?? ""))?.service ?? ""
    }
}
