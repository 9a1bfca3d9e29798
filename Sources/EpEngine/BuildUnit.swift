import EpCore
import EpPlan

/// Everything that a person wrote about one episode, read and checked.
struct BuildUnit {
    let place: EpisodePlace
    let workspace: Workspace
    let show: Show
    let episode: Episode
    /// The stages to build: the episode's, or the show's own.
    let stages: [StageDefinition]
    let lock: EpisodeLock

    /// - Throws: `Diagnostic` or `DiagnosticList` for a missing or wrong file.
    init(_ place: EpisodePlace, tools: [ToolName: any Tool], pipelines: [ShippedPipeline], sources: SourceFiles) throws {
        self.place = place
        func node(_ path: String) throws -> Node? {
            guard let file = try sources.file(path) else { return nil }
            return try Node(parsing: sources.bytes(file), file: file.shown)
        }
        func needed(_ path: String, _ remedy: String) throws -> Node {
            if let node = try node(path) { return node }
            throw Diagnostic(.badInput, "there is no \(sources.shown(path))", remedy: remedy)
        }
        workspace = try Workspace(directory: place.workspace, node("\(place.workspace)/epbuild.yaml"))
        try workspace.check(providerKinds: Dictionary(providersOf: Array(tools.values)), tools: tools.keys.sorted { $0.text < $1.text })
        let blueprint = try needed("\(place.show)/show.yaml", "a show is described in show.yaml")
        let pipelineFile = try PipelineFile(of: blueprint, at: place, shipped: pipelines, sources: sources)
        show = try Show(directory: place.show, pipelineDirectory: pipelineFile.directory, blueprint)
        let pipeline = try Pipeline(
            needed(pipelineFile.path, "the stages of a show stand in its pipeline.yaml"),
            tools: Dictionary(tools.map { ($0.key.text, $0.value.keys + ($0.value.providerKinds.isEmpty ? [] : ["retry"])) }) { first, _ in
                first
            })
        for stage in pipeline.stages + pipeline.showStages {
            guard let pool = stage.pool, workspace.limits.pools[pool.name] == nil else { continue }
            throw Diagnostic(
                .badInput, "there is no pool \"\(pool)\"", at: stage.node["pool"]?.location,
                remedy: workspace.limits.pools.isEmpty
                    ? "write `limits: { pools: { \(pool): 1 } }` in epbuild.yaml"
                    : Suggestion.remedy(for: pool.name, in: workspace.limits.pools.keys.sorted()))
        }
        stages = place.isShow ? pipeline.showStages : pipeline.stages
        let facts = place.isShow ? nil : try node("\(place.directory)/episode.yaml")
        episode = try Episode(
            directory: place.directory,
            facts ?? Node(location: SourceLocation(file: sources.shown(place.directory)), content: .object([])), show: show)
        let blueprints = [show.node, facts?["overrides"]].compactMap { $0 }
        let problems = tools.values.flatMap { [workspace] tool in blueprints.flatMap { tool.problems(in: $0, of: workspace) } }
        if let error = problems.error { throw error }
        let lockPath = "\(place.directory)/\(EpisodeLock.fileName)"
        if let file = try sources.file(lockPath) {
            lock = try EpisodeLock(parsing: sources.bytes(file), file: file.shown)
        } else {
            lock = EpisodeLock()
        }
    }
}
