import EpCore
import EpPlan

/// Tells what a person's decisions put in place of what would be made, what of them stands for nothing, and what of the plan a person
/// probably did not mean; of each once.
struct DecisionNotices {
    /// Files whose hand edit has been told of.
    private var announced: Set<Path> = []
    /// Pins that have been told of.
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
        for target in planner.lostPins.subtracting(pinned).sorted(by: { $0.description < $1.description }) {
            events.tell(
                .warning(
                    Diagnostic(
                        .badInput, "\(target) is pinned, and what it was made for is gone", remedy: "`epbuild unpin` takes the pin away",
                        severity: .warning)))
        }
        pinned.formUnion(planner.pinnedTargets.union(planner.lostPins))
        for (target, text) in planner.stages.flatMap({ planner.edits(of: Target(stage: $0.name)) })
        where announced.insert(Path(text.file)).inserted {
            events.tell(.editDetected(target, file: text.file))
        }
        for (file, lost) in planner.lostTexts.sorted(by: { $0.key < $1.key }) where lost.isEdited && announced.insert(file).inserted {
            events.tell(
                .warning(
                    Diagnostic(
                        .badInput,
                        "\(file) is edited by hand, and "
                            + (lost.place == nil ? "no item of \(lost.stage) has this name" : "what it was made for is gone"),
                        remedy: "it is kept" + (lost.place == nil ? "" : ", and stands again if that comes back")
                            + "; delete it if you want it no more", severity: .warning)))
        }
    }
}
