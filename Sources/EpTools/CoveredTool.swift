import EpCore
public import EpPlan

/// `tool: covered`: what the earlier episodes of the show have explained, as their builds have told.
///
/// An episode sees only those of a smaller season, or with a smaller number in its own, so finishing a later one makes nothing
/// stale. It builds none of them: what is not made yet is named.
public struct CoveredTool: Tool {
    public let name = ToolName("covered")
    public let keys: [String] = []
    public let hears: Hearing? = .earlierConcepts

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let own = EpisodeNumber(stage.episode.value)
        var concepts: [Value] = []
        var unknown: [Neighbour] = []
        for other in try stage.episodes() where !other.directory.isByteForByte(stage.episode.directory) {
            if other.facts == nil { warnOfUnreadable(other, stage) }
            guard let number = other.number else { continue }
            if number == own { warnOfTwin(other, number, stage) }
            guard own.map({ number < $0 }) ?? true else { continue }
            if let concept = try Self.concept(of: other, stage) {
                concepts.append(concept)
            } else if other.isPublished {
                unknown.append(other)
            }
        }
        if !unknown.isEmpty { warn(of: unknown, stage) }
        return [ArtifactRef(name: "covered.yaml", source: .literal(Array(Value.list(concepts).yaml().utf8)))]
    }

    private static func concept(of other: Neighbour, _ stage: StageContext) throws -> Value? {
        guard let bytes = try stage.told(.concept, by: other) else { return nil }
        return try Node(parsing: bytes, file: other.name).value["concept"]
    }

    private func warn(of unknown: [Neighbour], _ stage: StageContext) {
        let isOne = unknown.count == 1
        stage.warn(
            "\(stage.stage.name) does not know \(unknown.named) yet: what \(isOne ? "it explains" : "they explain") may be explained again",
            at: unknown[0].location,
            remedy: isOne
                ? "build it first: epbuild \(unknown[0].path)"
                : "build them first, in the order of their numbers, as `epbuild` does for the whole show")
    }

    private func warnOfTwin(_ other: Neighbour, _ number: EpisodeNumber, _ stage: StageContext) {
        stage.warn(
            "this episode and \(other.name) both have \(number), so neither is earlier for \(stage.stage.name)",
            at: stage.episode.node["number"]?.location,
            remedy: "give one of them another number")
    }

    private func warnOfUnreadable(_ other: Neighbour, _ stage: StageContext) {
        stage.warn(
            "\(stage.stage.name) leaves out \(other.name), as its episode.yaml cannot be read", at: other.location,
            remedy: "correct that file")
    }
}
