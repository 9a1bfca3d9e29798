public import EpCore

/// Who is told over HTTP what happens in builds: an entry of `webhooks:` in `epbuild.yaml`.
public struct WebhookSettings: Sendable, Hashable {
    public let url: String
    /// The host and port of the URL: what is shown of it, as the rest may be nobody else's business.
    public let host: String
    /// True if it is on this machine.
    public let isLocal: Bool
    /// The events that it is told, by their names.
    public let events: Set<String>
    /// The variable that holds the secret by which messages are signed.
    public let secretVariable: String
    public let location: SourceLocation

    /// What can be told. What happens hundreds of times in a build cannot.
    public static let knownEvents = [
        "build_started", "build_completed", "build_failed", "build_paused", "build_stopped", "gate_waiting", "gate_auto_approved",
        "action_failed", "provider_fallback", "breaker_opened", "breaker_closed", "validation_error",
    ]
    /// What is told unless `events` says otherwise.
    public static let usualEvents: Set = ["build_completed", "build_failed", "build_paused", "gate_waiting"]

    init(_ node: Node) throws {
        var fields = try Fields(node, subject: "a webhook")
        let url = fields.required("url", fields.string("url"))
        let variable = fields.required("secret_env", fields.string("secret_env"))
        var place: Place?
        do throws(Problem) { place = try url.map(Self.place) } catch {
            fields.report(Diagnostic(
                .badInput, "`url` of a webhook \(error.message)", at: node["url"]?.location, remedy: "write it as https://host/path"))
        }
        if let variable { Self.check(variable, at: node["secret_env"]?.location, &fields) }
        let named = fields.located("events")
        for (name, location) in named ?? [] where !Self.knownEvents.contains(name) {
            fields.report(Diagnostic(
                .badInput, "a webhook is to be told of \"\(name)\", which is no event that can be told", at: location,
                remedy: Suggestion.remedy(for: name, in: Self.knownEvents)))
        }
        try fields.finish()
        (self.url, host, isLocal) = (url ?? "", place?.host ?? "", place?.isLocal ?? false)
        (secretVariable, events) = (variable ?? "", named.map { Set($0.map(\.text)) } ?? Self.usualEvents)
        location = node["url"]?.location ?? node.location
    }

    /// - Throws: `DiagnosticList` or `Diagnostic` with what is wrong in the list.
    static func list(_ node: Node) throws -> [WebhookSettings] {
        guard case .list(let nodes) = node.content else {
            throw Diagnostic(
                .badInput, "`webhooks` must be a list, not \(node.kind)", at: node.location,
                remedy: "write `webhooks: [ { url: …, secret_env: … } ]`")
        }
        let hooks = try nodes.map(WebhookSettings.init)
        for (number, hook) in hooks.enumerated() where hooks[..<number].contains(where: { $0.url == hook.url }) {
            throw Diagnostic(
                .badInput, "`url` of a webhook stands twice", at: hook.location, remedy: "make one of them: `events` may name several")
        }
        return hooks
    }

    private struct Problem: Error { let message: String }
    private typealias Place = (host: String, isLocal: Bool)

    private static func place(_ url: String) throws(Problem) -> Place {
        let parts = url.wholeMatch(of: /(?i)(https?):\/\/([^\/?#\s]+)([\/?][^#\s]*)?/)?.output
        guard let parts else { throw Problem(message: "is no URL of the web") }
        let host = parts.2.lowercased()
        guard !host.contains("@") else { throw Problem(message: "must not hold a name or a password") }
        let name = host.wholeMatch(of: /(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::[0-9]{1,5})?/)?.output.1
        guard let name else { throw Problem(message: "is no URL of the web") }
        let isNamed = name == "localhost" || name.hasSuffix(".localhost") || name == "[::1]"
        let isLocal = isNamed || name.wholeMatch(of: /127(?:\.[0-9]{1,3}){3}/) != nil
        guard isLocal || parts.1.lowercased() == "https" else {
            throw Problem(message: "must begin with https, as all could read what is sent")
        }
        return (host, isLocal)
    }

    private static func check(_ variable: String, at location: SourceLocation?, _ fields: inout Fields) {
        if variable.hasPrefix("whsec_") {
            fields.report(Diagnostic(
                .badInput, "a secret stands here, for all to read", at: location,
                remedy: "make another, write it into the environment or `.env`, and name its variable here"))
        } else if variable.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) == nil {
            fields.report(Diagnostic(
                .badInput, "`secret_env` of a webhook must be the name of a variable", at: location, remedy: "such as EPBUILD_HOOK_SECRET"))
        }
    }
}
