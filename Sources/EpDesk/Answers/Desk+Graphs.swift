public import EpEngine

extension Desk {
    /// The plans of some episodes as graphs; of several episodes also those of what their shows have once, if that is anything.
    /// - Parameter withSteps: also every step that can be named by now, each looked up.
    public func graphs(of places: [EpisodePlace], withSteps: Bool) async throws -> [EpisodeGraph] {
        var graphs: [EpisodeGraph] = []
        for place in places + Self.shows(of: places) {
            let graph = withSteps ? try await builder.graphWithSteps(place) : try builder.graph(place)
            if !place.isShow || !graph.stages.isEmpty { graphs.append(graph) }
        }
        return graphs
    }

    /// What shows have once belongs to no single episode.
    private static func shows(of places: [EpisodePlace]) -> [EpisodePlace] {
        guard places.count > 1 else { return [] }
        var seen: Set<EpisodePlace> = []
        return places.map(Discovery.show).filter { seen.insert($0).inserted }
    }
}
