import EpCore
import EpEngine
import EpPlan

/// A receiver that can be sent to: as it is configured, with its secret.
struct Webhook: Sendable {
    let settings: WebhookSettings
    let secret: WebhookSecret

    /// Names its URL where that is nobody's business: in what is kept.
    var mark: String { Self.mark(of: settings.url) }

    static func mark(of url: String) -> String { String(Digest(of: Array(url.utf8)).hex.prefix(16)) }

    /// Whether it is to be told. That nothing was to be done is no news, and a draft decides nothing.
    func wants(_ kind: BuildEvent.Kind) -> Bool {
        if case .finished(let report) = kind, report.outcome == .upToDate || report.draft != nil { return false }
        return settings.events.contains(kind.name)
    }
}
