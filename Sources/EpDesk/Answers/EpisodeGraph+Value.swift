public import EpCore
public import EpEngine
import EpPlan

extension EpisodeGraph {
    /// As `graph --format json` gives it: docs/json.md.
    public var value: Value {
        var members: [Value.Member] = [
            .init("episode", .string(episode)), .init("stages", .list(stages.map(\.value))),
            .init("edges", .list(edges.map { edge in
                ["from": .string(edge.source.text), "to": .string(edge.reader.text), "by": .list(edge.kinds.map { .string($0.rawValue) })]
            })),
        ]
        if let steps { members.append(.init("steps", .list(steps.enumerated().map { $1.value(number: $0) }))) }
        return .object(members)
    }
}

extension EpisodeGraph.Stage {
    fileprivate var value: Value {
        [
            "name": .string(name.text), "tool": .string(tool.text), "state": state.map { .string($0.rawValue) } ?? .null,
            "items": items.map { .int(Int64($0)) } ?? .null, "fansOut": .bool(isFanOut), "delivered": .bool(isDelivered),
            "gate": gate.map { .string($0.name) } ?? .null, "edited": .list(editedFiles.map { .string($0) }), "pinned": .bool(isPinned),
        ]
    }
}

extension EpisodeGraph.GateMark {
    fileprivate var name: String { if case .known(let state) = self { state.name } else { "unknown" } }
}

extension EpisodeGraph.Step {
    fileprivate func value(number: Int) -> Value {
        [
            "number": .int(Int64(number)), "target": .string(target.description), "step": .string(name), "tool": .string(tool.text),
            "state": .string(state.rawValue), "pinned": .bool(isPinned), "needs": .list(dependencies.map { .int(Int64($0)) }),
        ]
    }
}
