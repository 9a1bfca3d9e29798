public import EpCore
public import EpPlan

/// What a draft has in place of something that could not be had.
public struct StandIn: Sendable {
    public let site: StepSite
    /// What is heard or seen instead: `silence`.
    public let what: String
    /// Why the real one is not there.
    public let reason: Diagnostic

    public var target: Target { site.target }
}

/// What a draft is made of.
public struct DraftReport: Sendable {
    /// In the order of the plan.
    public let standIns: [StandIn]
    /// What it is built on though nobody has approved it.
    public let unapproved: [Target]
    /// Delivered stages that could not be made.
    public let leftOut: [StageName]

    init(_ pass: BuildPass, _ knowledge: PlanKnowledge) {
        standIns = pass.standIns
        unapproved = knowledge.unapproved.sorted { $0.description < $1.description }
        let missing = pass.planner.awaitedStages
        leftOut = pass.planner.stages.filter { stage in
            let isBlocked = pass.planner.steps.indices.contains {
                pass.planner.steps[$0].target.stage == stage.name && pass.results[$0] == nil
            }
            return pass.planner.isDelivered(stage) && (missing.contains(stage.name) || isBlocked)
        }.map(\.name)
    }

    /// What `build --draft --json` adds to the report.
    var members: [Value.Member] {
        // A target is named once, however many steps of it are stood in for.
        var seen: Set<Target> = []
        let targets = standIns.map(\.target).filter { seen.insert($0).inserted }
        func names(_ name: String, _ texts: [String]) -> [Value.Member] {
            texts.isEmpty ? [] : [.init(name, .list(texts.map { .string($0) }))]
        }
        return [.init("draft", .bool(true)), .init("placeholders", .list(targets.map { .string($0.description) }))]
            + names("unapproved", unapproved.map(\.description)) + names("leftOut", leftOut.map(\.text))
    }
}
