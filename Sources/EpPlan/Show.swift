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
