import EpCore
import EpFiles

/// How the failures of single steps ended, as the log of events tells it: a value without I/O.
///
/// A failure begins when a step fails for the first time, or its provider does, and ends with its result; or with a build
/// that came to its end without it.
struct ActionRecovery {
    /// A failure that has not ended.
    private struct Open {
        let since: Moment
        let target: String
        /// How it came so far: by what it would be made good.
        var means: Means
        var build: String
    }

    private enum Means: String {
        case retry, fallback
        /// Of another build.
        case rebuild
    }

    private struct Site: Hashable { let episode, target, step: String }

    /// What a person has decided, with the path of the episode.
    struct Decision {
        let time: Moment
        let episode: String
        let verb: String
        /// "" for the whole episode.
        let target: String
    }

    private(set) var failed = 0
    private(set) var recovered = 0
    private(set) var secondsToRecovery = 0.0
    /// By stage and code.
    private(set) var points: [[String]: Int] = [:]
    /// By what made them good.
    private(set) var recoveries: [String: Int] = [:]

    private let decisions: [String: [Decision]]
    private var open: [Site: Open] = [:]
    /// Builds that go on: when they began, what they were asked for, and what a person's edits stand for in them.
    private var builds: [String: (began: Moment, isRetry: Bool, edited: Set<String>)] = [:]
    /// Drafts that go on: what they do without has not failed, and they make nothing good.
    private var drafts: Set<String> = []

    init(_ decisions: [Decision]) { self.decisions = Dictionary(grouping: decisions, by: \.episode) }

    mutating func observe(_ event: LoggedEvent) {
        guard let time = event.moment else { return }
        if event.draft == true { drafts.insert(event.build) }
        guard !drafts.contains(event.build) else { return }
        let site = Site(episode: event.episode, target: event.target ?? "", step: event.step ?? "")
        switch event.event {
        case "build_started": builds[event.build] = (time, event.retryFailed == true, [])
        case "action_retried": fail(site, event, .retry, time)
        case "provider_fallback": fail(site, event, .fallback, time)
        case "action_failed": fail(site, event, .rebuild, time)
        case "edit_detected": builds[event.build]?.edited.insert(site.target)
        case "action_completed": if let failure = open.removeValue(forKey: site) { recover(failure, event, time) }
        case "build_completed", "build_failed":
            if ["built", "upToDate"].contains(event.report?.outcome) { recoverAll(event, time) }
            builds[event.build] = nil
        default: break
        }
    }

    private mutating func fail(_ site: Site, _ event: LoggedEvent, _ means: Means, _ time: Moment) {
        if var known = open[site] {
            (known.means, known.build) = (means, event.build)
            open[site] = known
            return
        }
        failed += 1
        open[site] = Open(since: time, target: site.target, means: means, build: event.build)
        points[[String(site.target.prefix { $0 != "/" }), event.error?.code ?? ""], default: 0] += 1
    }

    /// What a person's file stands for, or what is in the plan no more.
    private mutating func recoverAll(_ event: LoggedEvent, _ time: Moment) {
        for (site, failure) in open where site.episode == event.episode {
            open[site] = nil
            recover(failure, event, time)
        }
    }

    private mutating func recover(_ failure: Open, _ event: LoggedEvent, _ time: Moment) {
        recovered += 1
        // Somebody may have set the clock back.
        secondsToRecovery += max(0, time.seconds(since: failure.since))
        recoveries[failure.build == event.build ? failure.means.rawValue : means(failure, event, time), default: 0] += 1
    }

    /// What came between, if it was another build that made it good.
    private func means(_ failure: Open, _ event: LoggedEvent, _ time: Moment) -> String {
        let build = builds[event.build]
        let until = build?.began ?? time
        let verbs = decisions[event.episode, default: []].filter { decision in
            let isMeant = decision.target.isEmpty || Path(failure.target).isOrLies(below: decision.target)
            return isMeant && decision.time >= failure.since && decision.time <= until
        }.map(\.verb)
        var found = Set(verbs).sorted()
        if build?.edited.contains(failure.target) == true { found.append("edit") }
        if build?.isRetry == true { found.append("retry-failed") }
        return found.isEmpty ? Means.rebuild.rawValue : found.joined(separator: " + ")
    }
}
