public import EpCore

/// Reads the members of a mapping by name, and remembers every mistake instead of stopping at the first.
public struct Fields {
    /// What the mapping describes, for messages: `stage "outlining"`.
    public let subject: String
    public let location: SourceLocation
    public private(set) var problems: [Diagnostic] = []
    private let members: [Node.Member]
    private var known: [String] = []

    public init(_ node: Node, subject: String) throws(Diagnostic) {
        guard case .object(let members) = node.content else {
            throw Diagnostic(
                .badInput, "\(subject) must be a mapping (`key: value`), not \(node.kind)", at: node.location, remedy: node.colonRemedy)
        }
        self.subject = subject
        self.location = node.location
        self.members = members
    }

    public mutating func node(_ key: String) -> Node? {
        known.append(key)
        return members.first { $0.key == key }?.value
    }

    public mutating func string(_ key: String) -> String? {
        read(key, "a text") { node in
            guard case .scalar(let text, _) = node.content, !text.isEmpty else { return nil }
            return text
        }
    }

    /// A text that is one as it is written: by a number or `true` nobody is found.
    public mutating func text(_ key: String) -> String? {
        guard let node = node(key), node.value != .null else { return nil }
        if let text = node.value.string, !text.isEmpty { return text }
        let quoted: String? =
            if case .scalar(let text, isPlain: true) = node.content, !text.isEmpty { "quote it: \"\(text)\"" } else { nil }
        problems.append(Diagnostic(.badInput, "`\(key)` of \(subject) must be a text, not \(node.kind)", at: node.location, remedy: quoted))
        return nil
    }

    public mutating func int(_ key: String, in range: ClosedRange<Int>) -> Int? {
        read(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") { node in
            guard case .int(let value) = node.value.meaning, let int = Int(exactly: value), range.contains(int) else { return nil }
            return int
        }
    }

    public mutating func int(_ key: String, oneOf values: [Int]) -> Int? {
        read(key, "one of \(values.map(String.init).joined(separator: ", "))") { node in
            guard case .int(let value) = node.value.meaning else { return nil }
            return values.first { $0 == value }
        }
    }

    /// - Parameter unit: what it counts, for messages.
    public mutating func number(_ key: String, in range: ClosedRange<Double>, unit: String? = nil) -> Double? {
        let bounds = [range.lowerBound, range.upperBound].map { Int(exactly: $0).map(String.init) ?? "\($0)" }
        return read(key, "a number from \(bounds[0]) to \(bounds[1])\(unit.map { " \($0)" } ?? "")") { node in
            node.value.number.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    public mutating func bool(_ key: String) -> Bool? {
        read(key, "true or false", remedy: \.truthRemedy) { $0.value.bool }
    }

    /// A list of texts; a single text counts as a list of one.
    public mutating func strings(_ key: String) -> [String]? {
        if case .list(let nodes)? = members.first(where: { $0.key == key })?.value.content, let odd = nodes.first(where: { !$0.isScalar }) {
            known.append(key)
            problems.append(
                Diagnostic(.badInput, "`\(key)` of \(subject) must be a list of texts, and \(odd.kind) stands in it", at: odd.location))
            return nil
        }
        return read(key, "a list of texts") { node in
            switch node.content {
            case .scalar(let text, _): return text.isEmpty ? nil : [text]
            case .object: return nil
            case .list(let nodes): return nodes.compactMap { if case .scalar(let text, _) = $0.content { text } else { nil } }
            }
        }
    }

    /// Like `strings`, each with its place.
    public mutating func located(_ key: String) -> [(text: String, location: SourceLocation)]? {
        guard let texts = strings(key), let node = node(key) else { return nil }
        if case .list(let nodes) = node.content { return zip(texts, nodes).map { ($0, $1.location) } }
        return texts.map { ($0, node.location) }
    }

    public mutating func required<Result>(_ key: String, _ value: Result?) -> Result? {
        if value == nil, !members.contains(where: { $0.key == key }) {
            problems.append(Diagnostic(.badInput, "\(subject) has no `\(key)`", at: location, remedy: "add `\(key): …`"))
        }
        return value
    }

    public mutating func report(_ problem: Diagnostic) { problems.append(problem) }

    /// Declares keys that somebody else reads.
    public mutating func allow(_ keys: some Sequence<String>) { known.append(contentsOf: keys) }

    /// Reports keys that nobody asked for, then throws what was found.
    public mutating func finish() throws(DiagnosticList) {
        for member in members where !known.contains(member.key) {
            problems.append(Diagnostic(
                .badInput, "\(subject) has an unknown key `\(member.key)`", at: member.keyLocation,
                remedy: Suggestion.remedy(for: member.key, in: known)))
        }
        if !problems.isEmpty { throw DiagnosticList(problems) }
    }

    /// - Parameter remedy: what to do, if that is more than what was expected.
    private mutating func read<Result>(
        _ key: String, _ expected: String, remedy: (Node) -> String? = { _ in nil }, _ convert: (Node) -> Result?
    ) -> Result? {
        guard let node = node(key) else { return nil }
        if let result = convert(node) { return result }
        if case .scalar("", let isPlain) = node.content {
            problems.append(
                Diagnostic(
                    .badInput, "`\(key)` of \(subject) is empty", at: node.location,
                    remedy: "write \(expected)\(isPlain ? ", in quotes if it begins with #" : ""), or take `\(key)` out"))
            return nil
        }
        problems.append(
            Diagnostic(.badInput, "`\(key)` of \(subject) must be \(expected), not \(node.kind)", at: node.location, remedy: remedy(node)))
        return nil
    }
}
