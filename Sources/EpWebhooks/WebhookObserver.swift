public import EpEngine
import EpPlan

/// Has webhooks told what happens in one build. One that finds everything up to date does not even look who they are.
public final class WebhookObserver: BuildObserver {
    private let hooks: Webhooks
    private let place: EpisodePlace
    private let subject: String
    /// What happened before it was known that there is something to tell.
    private var early: [BuildEvent] = []
    private var isAwake = false
    private var hasLooked = false

    /// - Parameter subject: the episode, as its workspace names it.
    public init(_ hooks: Webhooks, _ place: EpisodePlace, subject: String) {
        (self.hooks, self.place, self.subject) = (hooks, place, subject)
    }

    public static func minds(_ kind: BuildEvent.Kind) -> Bool {
        switch kind {
        case .actionStarted, .finished: true
        // Of tens of thousands of hits, not even the name is looked at.
        case .actionFinished: false
        default: WebhookSettings.knownEvents.contains(kind.name)
        }
    }

    public func observe(_ event: BuildEvent) {
        switch event.kind {
        case .actionStarted: isAwake = true
        case .finished(let report) where report.outcome != .upToDate: isAwake = true
        default: break
        }
        if WebhookSettings.knownEvents.contains(event.kind.name) { early.append(event) }
        guard isAwake, !early.isEmpty else { return }
        let told = early
        early = []
        // Each build looks anew: between two builds of a watch, a person may have written something else.
        if !hasLooked { hooks.look(at: place) }
        hasLooked = true
        told.forEach { hooks.tell($0, about: subject, of: place) }
    }
}
