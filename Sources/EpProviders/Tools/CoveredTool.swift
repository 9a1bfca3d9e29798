import EpCore
public import EpPlan

/// `tool: covered`: what the earlier episodes of the show have explained, as their finished `out/episode.json` tell it.
///
/// An episode sees only those with a smaller number, so finishing a later one makes nothing stale.
public struct CoveredTool: Tool {
    public let name = ToolName("covered")
    public let keys: [String] = []

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let own = stage.episode.value["number"]?.number ?? .infinity
        var concepts: [(number: Double, concept: Value)] = []
        for file in try stage.showFiles("*/out/episode.json") {
            let facts = try Node(parsing: stage.bytes(of: file), file: file.shown).value
            guard let number = facts["number"]?.number, number < own, let concept = facts["concept"] else { continue }
            concepts.append((number, concept))
        }
        let covered = Value.list(concepts.sorted { $0.number < $1.number }.map(\.concept))
        return [ArtifactRef(name: "covered.yaml", source: .literal(Array(covered.yaml().utf8)))]
    }
}
