import EpCore
import EpEngine
import EpHistory
import EpPlan
import Synchronization

/// What like actions took, for stages whose timeout adapts to that. A workspace's history is read once a process, when first asked.
final class TypicalDurations: Sendable {
    private let known = Mutex<[String: [ActionKind: RecordedDuration]]>([:])
    /// Fewer say nothing.
    private static let fewest = 5

    /// The 95th percentile of actions like a step, in seconds; nil if too few are recorded.
    func seconds(_ place: EpisodePlace, _ step: Step) -> Double? {
        let recorded = known.withLock { known in
            if let durations = known[place.stateDirectory] { return durations }
            let durations = (try? History(stateDirectory: place.stateDirectory) { _ in }.durations()) ?? [:]
            known[place.stateDirectory] = durations
            return durations
        }
        let like = recorded[ActionKind(tool: step.tool.text, stage: step.target.stage.text, step: step.name)]
        return like.flatMap { $0.count >= Self.fewest ? $0.p95 : nil }
    }
}
