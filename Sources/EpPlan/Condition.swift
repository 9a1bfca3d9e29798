import EpCore

/// Which items a stage has: `when: item.kind == quote and not item.silent`.
public struct Condition: Sendable {
    private struct Clause: Sendable {
        enum Comparison: String, CaseIterable, Sendable {
            case equal = "==", unequal = "!=", atLeast = ">=", atMost = "<=", more = ">", less = "<"
        }

        let isNegated: Bool
        let template: Template
        /// Nil: the value must be there, and neither false nor empty.
        let comparison: (Comparison, String)?

        func holds(_ scope: [String: Value]) throws(Diagnostic) -> Bool {
            let text = try template.render(scope)
            guard let (comparison, other) = comparison else { return (text == "1") != isNegated }
            return Self.compare(comparison, text, other) != isNegated
        }

        /// Numbers by what they are, all else by its letters.
        private static func compare(_ comparison: Comparison, _ left: String, _ right: String) -> Bool {
            func order<T: Comparable>(_ left: T, _ right: T) -> Bool {
                switch comparison {
                case .equal: left == right
                case .unequal: left != right
                case .atLeast: left >= right
                case .atMost: left <= right
                case .more: left > right
                case .less: left < right
                }
            }
            if let left = Double(left), let right = Double(right) { return order(left, right) }
            return order(left, right)
        }
    }

    private let clauses: [Clause]
    private let location: SourceLocation
    private let text: String

    /// - Throws: `Diagnostic` for a text that is no condition.
    init(_ node: Node, subject: String) throws(Diagnostic) {
        guard case .scalar(let text, _) = node.content else {
            throw Diagnostic(
                .badInput, "`when` of \(subject) must be a condition, not \(node.kind)", at: node.location, remedy: Self.remedy)
        }
        (self.text, location) = (text, node.location)
        var clauses: [Clause] = []
        for words in Self.words(text).split(separator: "and", omittingEmptySubsequences: false) {
            clauses.append(try Self.clause(Array(words), node, subject))
        }
        self.clauses = clauses
    }

    private static let remedy = "write `when: item.kind == quote`, `when: not item.silent`, or several of these joined by `and`"

    private static func clause(_ words: [String], _ node: Node, _ subject: String) throws(Diagnostic) -> Clause {
        let isNegated = words.first == "not"
        let rest = isNegated ? Array(words.dropFirst()) : words
        let comparison = rest.count == 3 ? Clause.Comparison(rawValue: rest[1]) : nil
        guard rest.count == 1 || comparison != nil else {
            throw Diagnostic(
                .badInput, "`when` of \(subject) is no condition: \(words.isEmpty ? "there is nothing" : words.joined(separator: " "))",
                at: node.location, remedy: remedy)
        }
        let template = comparison == nil ? "{{#if \(rest[0])}}1{{/if}}" : "{{ \(rest[0]) }}"
        return Clause(
            isNegated: isNegated, template: try Template(parsing: Array(template.utf8), file: node.location.file, at: node.location),
            comparison: comparison.map { ($0, unquoted(rest[2])) })
    }

    /// Words with blanks between them; what stands in quotes is one.
    private static func words(_ text: String) -> [String] {
        var (words, word, quote) = ([String](), "", Character?.none)
        for character in text {
            if character == quote {
                quote = nil
            } else if quote == nil, character == "\"" || character == "'", word.isEmpty {
                quote = character
            }
            if quote == nil, character.isWhitespace {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    private static func unquoted(_ word: String) -> String {
        guard word.count >= 2, let first = word.first, first == word.last, first == "\"" || first == "'" else { return word }
        return String(word.dropFirst().dropLast())
    }

    /// - Returns: nil if what it names is not known yet.
    /// - Throws: `Diagnostic` if it names what the item has not.
    func holds(for stage: StageContext) throws -> Bool? {
        for clause in clauses {
            for root in clause.template.roots
            where !["show", "episode", "item", "previous", "earlier"].contains(root.name) && !stage.hasElement(called: root.name) {
                throw Diagnostic(
                    .badInput, "`when` names \"\(root.name)\", which is no element of \(stage.target)", at: location,
                    remedy: "a condition looks at `item`, the names of `each`, `show` and `episode`")
            }
            guard let scope = try stage.scope(for: clause.template) else { return nil }
            guard try clause.holds(scope) else { return false }
        }
        return true
    }
}
