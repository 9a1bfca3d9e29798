import EpCore
import EpPlan

extension Builder {
    /// What of an episode decides what may be built beside it.
    public struct Company: Sendable {
        /// It wants to be told something by the other episodes of its show: those before it are built before it.
        public let listens: Bool
        /// Its workspace has a budget for the month, which each build asks about before it spends.
        public let isBudgeted: Bool

        public init(listens: Bool = false, isBudgeted: Bool = false) { (self.listens, self.isBudgeted) = (listens, isBudgeted) }
    }

    /// What is wrong with its files is told by its build.
    public func company(of place: EpisodePlace) -> Company {
        let sources = SourceFiles(shownFrom: shownFrom)
        guard let unit = try? BuildUnit(place, tools: tools, pipelines: pipelines, sources: sources) else { return Company() }
        return Company(listens: unit.stages.contains { tools[$0.tool]?.hears != nil }, isBudgeted: unit.workspace.budget.month != nil)
    }
}
