import EpCore
import EpPlan

/// Tells what a person's decisions put in place of what would be made, and what of the plan a person probably did not mean; of each once.
struct DecisionNotices {
    /// Files whose hand edit has been told of.
    private var announced: Set<Path> = []
    /// Pins that stand, and have been told of.
    private var pinned: Set<Target> = []
    /// How many of the plan's warnings have been told of.
    private var warned = 0

    /// Tells of what people probably did not mean.
    /// - Parameter isWhole: waits for what is still looked for; else that is told later, as nothing is to wait for it.
    mutating func warn(of planner: Planner, isWhole: Bool, _ events: BuildEvents) {
        let warnings = isWhole ? planner.warnings : planner.knownWarnings
        for warning in warnings.dropFirst(warned) where !planner.problems.advise(as: warning) { events.tell(.warning(warning)) }
        warned = warnings.count
    }

    mutating func tell(of planner: Planner, _ events: BuildEvents) {
        for target in planner.pinnedTargets.subtracting(pinned).sorted(by: { $0.description < $1.description }) {
            events.tell(.pinned(target))
        }
        pinned.formUnion(planner.pinnedTargets)
        for (target, text) in planner.stages.flatMap({ planner.edits(of: Target(stage: $0.name)) })
        where announced.insert(Path(text.file)).inserted {
            events.tell(.editDetected(target, file: text.file))
        }
    }
}
