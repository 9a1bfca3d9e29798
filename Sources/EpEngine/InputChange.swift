public import EpCore
import EpPlan

/// An input of a step that is different from when the step was last up to date.
public struct InputChange: Sendable, Equatable {
    /// The input; with a line or a field where the difference can be narrowed down to one: `prompt.md:12`, `show.tagline`.
    public let label: String
    public let old: String
    public let new: String

    public var value: Value { ["input": .string(label), "old": .string(old), "new": .string(new)] }
}

extension InputChange {
    /// What is different between two traces of a step. Where variables of a prompt explain its text, they stand for it.
    static func changes(from old: [Trace.Input], to new: [Trace.Input]) -> [InputChange] {
        let known = Set(old.map { Path($0.label) })
        let labels = old.map(\.label) + new.map(\.label).filter { !known.contains(Path($0)) }
        var reasons: [InputChange] = []
        var others: [InputChange] = []
        var explained: Set<String> = []
        for label in labels {
            let before = old.first { $0.label.isByteForByte(label) }
            let now = new.first { $0.label.isByteForByte(label) }
            guard before?.digest != now?.digest else { continue }
            if (now ?? before)?.isReason == true {
                reasons += fields(label, before, now)
                explained.insert((now ?? before)?.explained ?? "")
            } else {
                others.append(narrowed(label, before, now))
            }
        }
        return reasons + others.filter { change in
            let label = String(change.label.prefix { $0 != ":" })
            // A directory stands for all that lies in it.
            return !explained.contains(label) && !(label.firstIndex(of: "/").map { explained.contains(String(label[...$0])) } ?? false)
        }
    }

    /// What differs in a variable: of a value in JSON the fields, of a text the line.
    private static func fields(_ label: String, _ old: Trace.Input?, _ new: Trace.Input?) -> [InputChange] {
        guard let before = old.flatMap(Value.init(json:)), let now = new.flatMap(Value.init(json:)) else {
            return [narrowed(label, old, new)]
        }
        return differences(label, before, now)
    }

    private static func differences(_ label: String, _ old: Value, _ new: Value) -> [InputChange] {
        if old == new { return [] }
        if let before = old.members, let now = new.members {
            let keys = before.map(\.key) + now.map(\.key).filter { old[$0] == nil }
            return keys.flatMap { key in differences("\(label).\(key)", old[key] ?? .null, new[key] ?? .null) }
        }
        if let before = old.list, let now = new.list {
            return (0..<max(before.count, now.count)).flatMap { index in
                differences("\(label)[\(index)]", index < before.count ? before[index] : .null, index < now.count ? now[index] : .null)
            }
        }
        return [InputChange(label: label, old: shown(old), new: shown(new))]
    }

    private static func shown(_ value: Value) -> String { value == .null ? "nothing" : excerpt(value.string ?? value.json(), from: 0) }

    /// Of two texts, the first line that differs.
    private static func narrowed(_ label: String, _ old: Trace.Input?, _ new: Trace.Input?) -> InputChange {
        if label == Trace.takeLabel { return InputChange(label: label, old: old?.text ?? "1", new: new?.text ?? "1") }
        guard let before = old, let now = new, before.isText, now.isText else {
            return InputChange(label: label, old: shown(old), new: shown(new))
        }
        let lines = (
            before.text.split(separator: "\n", omittingEmptySubsequences: false),
            now.text.split(separator: "\n", omittingEmptySubsequences: false)
        )
        let number = zip(lines.0, lines.1).prefix { $0 == $1 }.count
        func line(_ all: [Substring]) -> Substring { number < all.count ? all[number] : "" }
        let common = zip(line(lines.0), line(lines.1)).prefix { $0 == $1 }.count
        let place = max(lines.0.count, lines.1.count) > 1 ? "\(label):\(number + 1)" : label
        return InputChange(label: place, old: excerpt(line(lines.0), from: common), new: excerpt(line(lines.1), from: common))
    }

    private static func shown(_ input: Trace.Input?) -> String {
        guard let input else { return "nothing" }
        return input.isText ? excerpt(input.text, from: 0) : "sha256 \(input.digest.short)"
    }

    /// A text in a line: what stands around the place where it differs.
    private static func excerpt(_ text: some StringProtocol, from difference: Int) -> String {
        let text = String(text)
        let start = max(0, difference - 20)
        let rest = text.dropFirst(start)
        let excerpt = rest.prefix(80).replacing("\n", with: " ")
        return "\"\(start > 0 ? "…" : "")\(excerpt)\(rest.count > 80 ? "…" : "")\""
    }
}

extension Value {
    /// The value of a variable as a tool has written it down; nil if it is no JSON, or not the whole of it.
    fileprivate init?(json input: Trace.Input) {
        guard let first = input.text.utf8.first, "{[\"-0123456789tfn".utf8.contains(first), input.digest.size == input.text.utf8.count,
            let node = try? Node(parsing: Array(input.text.utf8), file: "")
        else { return nil }
        self = node.value
    }
}

extension Trace.Input {
    /// True if its text is known.
    fileprivate var isText: Bool { !text.isEmpty || digest.size == 0 }
}
