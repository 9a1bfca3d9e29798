import EpCore

/// Which stages read which: what stands in the pipeline, and what their prompts and commands name.
struct StageGraph {
    /// In the order of the pipeline.
    let stages: [StageDefinition]
    private let references: [StageName: [StageReference]]

    /// - Parameter named: what a stage names beside its own keys.
    /// - Throws: `Diagnostic` if stages feed each other in a circle.
    init(_ stages: [StageDefinition], named: (StageDefinition) throws -> [StageReference]) throws {
        self.stages = stages
        references = try Dictionary(stages.map { ($0.name, $0.references + (try named($0))) }) { first, _ in first }
        if let cycle { throw cycle }
    }

    /// The stages that nothing else reads.
    var unread: [StageName] {
        let read = Set(references.values.joined().map(\.stage))
        return stages.map(\.name).filter { !read.contains($0) }
    }

    /// A stage and all that read it, directly or through others.
    func readers(of stage: StageName) -> [StageName] {
        var found: Set<StageName> = [stage]
        while true {
            let more = stages.map(\.name).filter { name in !found.contains(name) && references[name]?.contains { found.contains($0.stage) } == true }
            if more.isEmpty { break }
            found.formUnion(more)
        }
        return [stage] + stages.map(\.name).filter { $0 != stage && found.contains($0) }
    }

    private var cycle: Diagnostic? {
        var finished: Set<StageName> = []
        func visit(_ stage: StageName, path: [StageName], at location: SourceLocation) -> Diagnostic? {
            if let start = path.firstIndex(of: stage) {
                let loop = (path[start...] + [stage]).map(\.text).joined(separator: " → ")
                return Diagnostic(.badInput, "stages feed each other in a circle: \(loop)", at: location, remedy: "remove one of these references")
            }
            guard !finished.contains(stage) else { return nil }
            for reference in references[stage] ?? [] {
                if let found = visit(reference.stage, path: path + [stage], at: reference.location) { return found }
            }
            finished.insert(stage)
            return nil
        }
        for stage in stages {
            if let found = visit(stage.name, path: [], at: stage.location) { return found }
        }
        return nil
    }
}
