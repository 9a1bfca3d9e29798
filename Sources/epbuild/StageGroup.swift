import EpCore

/// What is to be told of items of one stage: of a few, in natural order, and how many more there are.
struct StageGroup<Element> {
    let stage: StageName
    /// All of them, each with its target.
    let elements: [(target: Target, value: Element)]

    var shown: ArraySlice<(target: Target, value: Element)> { elements.prefix(StageGroups.most) }
    /// `and 74 more`; nil if all are shown.
    var rest: String? { elements.count > shown.count ? "and \(elements.count - shown.count) more" : nil }
    /// What stands for all of them on a command line.
    var target: Target { elements.count == 1 ? elements[0].target : Target(stage: stage) }
    /// `1, 2, 3, 4, 5 and 74 more`.
    var items: String { shown.map { $0.target.item ?? stage.text }.joined(separator: ", ") + (rest.map { " \($0)" } ?? "") }
}

extension StageGroup {
    /// `outlining waits for a decision`, `79 of words wait for a decision (1, 2, 3, 4, 5 and 74 more)`.
    var wait: String {
        elements.count == 1 ? "\(target) waits for a decision" : "\(elements.count) of \(stage) wait for a decision (\(items))"
    }
}

enum StageGroups {
    /// As many items of a stage are shown.
    static let most = 5

    /// In the order in which the stages come.
    static func of<Element>(_ elements: [Element], by target: (Element) -> Target) -> [StageGroup<Element>] {
        var stages: [StageName] = []
        var found: [StageName: [(target: Target, value: Element)]] = [:]
        for element in elements {
            let target = target(element)
            if found[target.stage] == nil { stages.append(target.stage) }
            found[target.stage, default: []].append((target, element))
        }
        return stages.map { stage in
            StageGroup(
                stage: stage, elements: (found[stage] ?? []).sorted { NaturalOrder.precedes($0.target.item ?? "", $1.target.item ?? "") })
        }
    }

    static func of(_ targets: [Target]) -> [StageGroup<Target>] { of(targets) { $0 } }
}

/// The order of names in which `2` comes before `10`, and `part-2` before `part-10`.
enum NaturalOrder {
    static func precedes(_ left: String, _ right: String) -> Bool {
        for (left, right) in zip(runs(left), runs(right)) where left != right {
            if let left = Int(left), let right = Int(right), left != right { return left < right }
            return left.utf8.lexicographicallyPrecedes(right.utf8)
        }
        return left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Digits and what stands between them, in turn.
    private static func runs(_ text: String) -> [Substring] {
        var runs: [Substring] = []
        var rest = text[...]
        while let first = rest.first {
            let run = rest.prefix { isDigit($0) == isDigit(first) }
            runs.append(run)
            rest = rest[run.endIndex...]
        }
        return runs
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
