import EpFiles
import EpPlan

/// How long actions of one build may run: as their stages say, as like ones took, and as people extend it.
struct ActionTimes: Sendable {
    let place: EpisodePlace
    let clock: WallClock
    /// The 95th percentile of what like actions took, in seconds; nil if too few are recorded.
    let typical: Builder.TypicalSeconds

    /// What is left to a step when its time is over, as somebody has extended it.
    struct Allowance: Sendable {
        let limit: Double
        let extended: @Sendable () -> Double
    }

    /// Nil for a step that may run as long as it takes.
    func allowance(for step: Step) -> Allowance? {
        guard let limit = step.timeLimit, let seconds = limit.seconds(typical: limit.isAdaptive ? typical(place, step) : nil) else {
            return nil
        }
        let start = clock.now()
        return Allowance(limit: seconds) { [place] in TimeoutExtensions(of: place).seconds(for: step.target, of: place, since: start) }
    }
}
