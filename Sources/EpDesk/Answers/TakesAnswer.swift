public import EpCore
public import EpEngine

/// The takes of one action.
public struct TakesAnswer: Sendable {
    public let target: Target
    /// Tells it from the other actions of its target; "" if it is the only one.
    public let step: String
    /// The target, and which action of it.
    public let name: String
    /// How a person knows its item; nil if it has no words.
    public let title: ItemTitle?
    public let takes: [Builder.TakeView]
    /// Other targets that the same action makes.
    public let alsoOf: [Target]

    /// As `takes --json` gives it.
    public var value: Value {
        .object([
            .init("target", .string(target.description)), .init("step", .string(step)),
        ] + (title?.members ?? []) + [
            .init("takes", .list(takes.map(\.value))),
            .init("alsoOf", .list(alsoOf.map { .string($0.description) })),
        ])
    }
}

extension Builder.TakeView {
    fileprivate var value: Value {
        var members: [Value.Member] = [
            .init("take", .int(Int64(take.number))), .init("inUse", .bool(isUsed)), .init("cached", .bool(result != nil)),
        ]
        if let result {
            members +=
                result.cost.members("cost") + [
                    .init("seconds", .double(result.duration.seconds)), .init("servedBy", .string(result.servedBy)),
                ]
        }
        return .object(members)
    }
}

extension Desk {
    /// The takes of each action of a target.
    /// - Throws: `Diagnostic` (usage) if it has no action whose inputs are known.
    public func takes(of target: Target, in inspection: Inspection) throws -> [TakesAnswer] {
        let titles = Dictionary(inspection.steps(of: target).map { ($0.target, $0.title) }) { first, _ in first }
        return try builder.takes(of: target, in: inspection).map { action in
            TakesAnswer(
                target: action.target, step: action.step, name: action.name, title: titles[action.target] ?? nil, takes: action.takes,
                alsoOf: inspection.sharing(actionsOf: [action.target]))
        }
    }
}
