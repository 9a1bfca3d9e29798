public import EpCore

/// The blueprint: what every episode of a show has in common.
public struct Show: Sendable {
    /// Absolute path of its directory.
    public let directory: String
    public let node: Node

    public init(directory: String, _ node: Node) throws {
        guard case .object = node.content else {
            throw Diagnostic(.badInput, "a show must be a mapping (`title: …`), not \(node.kind)", at: node.location)
        }
        self.directory = directory
        self.node = node
    }
}

/// An episode: its own facts, and the blueprint as it sees it.
public struct Episode: Sendable {
    /// Absolute path of its directory.
    public let directory: String
    /// The last component of its path: the name of its files in `out/`.
    public let name: String
    public let node: Node
    /// `episode.yaml` without its overrides.
    public let value: Value
    /// The blueprint with the episode's `overrides:` laid over it.
    public let blueprint: Value

    public init(directory: String, _ node: Node, show: Show) throws {
        guard case .object(let members) = node.content else {
            throw Diagnostic(.badInput, "an episode must be a mapping (`title: …`), not \(node.kind)", at: node.location)
        }
        try Self.check(node)
        let overrides = members.first { $0.key == "overrides" }?.value
        if let overrides, overrides.value.members == nil {
            throw Diagnostic(.badInput, "`overrides` must be a mapping of blueprint fields, not \(overrides.kind)", at: overrides.location)
        }
        self.directory = directory
        name = directory.split(separator: "/").last.map(String.init) ?? "episode"
        self.node = node
        value = .object(members.filter { $0.key != "overrides" }.map { Value.Member($0.key, $0.value.value) })
        blueprint = overrides.map { show.node.value.overlaid(with: $0.value) } ?? show.node.value
    }
}

extension Episode {
    /// The fields that epbuild itself reads have types; any other field is for prompts to name.
    private static func check(_ node: Node) throws {
        var fields = try Fields(node, subject: "the episode")
        _ = (fields.string("title"), fields.string("topic"), fields.string("summary"), fields.strings("keywords"))
        _ = (fields.int("number", in: 0...1_000_000), fields.int("season", in: 0...10_000))
        if let date = fields.string("date"), !isDay(date) {
            fields.report(Diagnostic(.badInput, "`date` of the episode must be a day such as 2026-11-21, not \"\(date)\"", at: node["date"]?.location))
        }
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
    }

    /// `YYYY-MM-DD`, with a time behind it or not.
    private static func isDay(_ text: String) -> Bool {
        let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], let month = Int(parts[1]), let day = Int(parts[2]), Int(parts[0]) != nil else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }
}

extension Value {
    /// Mappings are merged key by key; anything else is replaced.
    func overlaid(with other: Value) -> Value {
        guard let members, let others = other.members else { return other }
        var merged = members.map { member in
            Member(member.key, other[member.key].map { member.value.overlaid(with: $0) } ?? member.value)
        }
        merged += others.filter { self[$0.key] == nil }
        return .object(merged)
    }
}
