import EpCore
public import EpPlan

/// `tool: covered`: what the earlier episodes of the show have explained, as their finished `out/episode.json` tell it.
///
/// An episode sees only those of a smaller season, or with a smaller number in its own, so finishing a later one makes nothing stale.
public struct CoveredTool: Tool {
    public let name = ToolName("covered")
    public let keys: [String] = []

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let own = Self.place(stage.episode.value) ?? (.infinity, .infinity)
        var concepts: [(place: (Double, Double), concept: Value)] = []
        for file in try stage.episodeFiles("out/episode.json") {
            let record = try Node(parsing: stage.bytes(of: file), file: file.shown).value
            guard let place = Self.place(record["facts"]?["episode"] ?? record), place < own, let concept = record["concept"] else { continue }
            concepts.append((place, concept))
        }
        let covered = Value.list(concepts.sorted { $0.place < $1.place }.map(\.concept))
        return [ArtifactRef(name: "covered.yaml", source: .literal(Array(covered.yaml().utf8)))]
    }

    /// Season and number; nil of an episode without a number.
    private static func place(_ facts: Value) -> (Double, Double)? {
        facts["number"]?.number.map { (facts["season"]?.number ?? 0, $0) }
    }
}
