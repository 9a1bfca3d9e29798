import FoundationEssentials

/// What `build --json` prints.
struct Report: Decodable, Sendable {
    struct Counts: Decodable, Sendable {
        let total, executed, cacheHits, remoteHits, failed: Int
    }

    let episode: String
    let outcome: String
    let seconds: Double
    let actions: Counts
    let stages: [String: Counts]
    let outputs: [String]

    func executed(_ stage: String) -> Int { stages[stage]?.executed ?? 0 }

    init(_ output: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(output.utf8))
    }

    private enum CodingKeys: CodingKey { case episode, outcome, seconds, actions, stages, outputs }
}
