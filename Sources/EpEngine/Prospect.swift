public import EpCore
public import EpPlan

/// What is going to run, as far as it is known when all that is planned was looked up: for whoever warns of what may go wrong with it.
public struct Prospect: Sendable {
    public let workspace: Workspace
    /// Absolute path of the episode's directory.
    public let directory: String
    /// Actions without a result.
    public let actions: Int
    /// Who serves them, each once; and who would serve stages that cannot be planned yet.
    public let services: [Service]

    /// Warnings about it.
    public typealias Forewarning = @Sendable (Prospect) -> [Diagnostic]
}

extension BuildPass {
    /// All that is planned is looked up: so it is known what is going to run.
    func knowExtent() {
        for id in early { schedule.enqueue(id, in: pool(of: id)) }
        early = []
        if mustForewarn { forewarn() }
    }

    /// Warns, once a build, of what may go wrong with what is going to run.
    func forewarn() {
        guard !hasForewarned, !isStopping else { return }
        hasForewarned = true
        for warning in forewarnings() { events.tell(.warning(warning)) }
    }

    /// What a person may want to know before anything runs; nothing if nothing is going to.
    func forewarnings() -> [Diagnostic] {
        let open = planner.steps.indices.filter { results[$0] == nil }.map { planner.steps[$0] }
        guard !open.isEmpty else { return [] }
        let prospect = Prospect(workspace: planner.workspace, directory: place.directory, actions: open.count, services: services(of: open))
        let most = open.compactMap(\.call).filter(\.isPaid).reduce(Cost.zero) { $0 + ($1.atMost ?? .unknown) }
        return forewarning(prospect) + [spending.forewarning(upTo: most)].compactMap { $0 }
    }

    private func services(of open: [Step]) -> [Service] {
        let planned = Set(planner.steps.map(\.target.stage))
        let later = planner.stages.filter { !planned.contains($0.name) && planner.tools[$0.tool]?.providerKinds != nil }.compactMap {
            stage -> Service? in
            let named = try? planner.workspace.provider(named: stage.node["provider"]?.value.string, for: stage.tool, at: nil)
            return named.flatMap { $0 }.map { Service($0, of: $0.use) }
        }
        var seen: Set<String> = []
        return (open.compactMap(\.service) + later).filter { seen.insert($0.name).inserted }
    }
}
