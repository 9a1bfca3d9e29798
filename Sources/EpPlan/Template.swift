public import EpCore

/// A prompt with places to fill in: `{{ show.title }}`, `{{#each show.characters as c}} … {{/each}}`,
/// `{{#if item.note}} … {{else}} … {{/if}}`.
///
/// `{{ "text" }}` stands for the text itself. A scalar is filled in as text, a list or an object as YAML, indented like the placeholder. An
/// undefined
/// variable is an error; only the last name of an `#if` may be undefined.
public struct Template: Sendable {
    struct Variable: Sendable {
        let path: [String]
        let location: SourceLocation
        var text: String { path.joined(separator: ".") }
    }

    indirect enum Part: Sendable {
        case text(String)
        case variable(Variable, indent: Int)
        case each(Variable, name: String, [Part])
        case condition(Variable, [Part], otherwise: [Part])
    }

    let parts: [Part]

    /// The first names of all variables that are not bound by an `#each`, each once, in order of appearance.
    public var roots: [(name: String, location: SourceLocation)] {
        variables.reduce(into: []) { roots, variable in
            guard let root = variable.path.first, !roots.contains(where: { $0.name == root }) else { return }
            roots.append((root, variable.location))
        }
    }

    /// The names of all variables that are not bound by an `#each`: `["show", "title"]`.
    var mentions: [[String]] { variables.map(\.path) }

    /// What of a variable is mentioned: the names behind it, an element of a list being as good as the list. `#each` itself asks for
    /// nothing.
    func mentions(of root: String) -> Set<[String]> {
        var found: Set<[String]> = []
        Self.mention(parts, names: [root: []], into: &found)
        return found
    }

    /// - Parameter names: what stands for the variable, or for a part of it: with the path of that part.
    private static func mention(_ parts: [Part], names: [String: [String]], into found: inout Set<[String]>) {
        func path(_ variable: Variable) -> [String]? { variable.path.first.flatMap { names[$0] }.map { $0 + variable.path.dropFirst() } }
        for part in parts {
            switch part {
            case .text: break
            case .variable(let variable, _): path(variable).map { _ = found.insert($0) }
            case .each(let variable, let name, let body):
                var inner = names
                inner[name] = path(variable)
                mention(body, names: inner, into: &found)
            case .condition(let variable, let body, let otherwise):
                path(variable).map { _ = found.insert($0) }
                mention(body + otherwise, names: names, into: &found)
            }
        }
    }

    /// What is mentioned at a place; nil if nothing is.
    public func path(at location: SourceLocation?) -> [String]? { variables.first { $0.location == location }.map { Array($0.path) } }

    /// Every mention of a variable that is not bound by an `#each`, in order of appearance.
    private var variables: [Variable] {
        var found: [Variable] = []
        Self.collect(parts, bound: [], into: &found)
        return found
    }

    private static func collect(_ parts: [Part], bound: Set<String>, into found: inout [Variable]) {
        func note(_ variable: Variable) {
            if let root = variable.path.first, !bound.contains(root) { found.append(variable) }
        }
        for part in parts {
            switch part {
            case .text: break
            case .variable(let variable, _): note(variable)
            case .each(let variable, let name, let body):
                note(variable)
                collect(body, bound: bound.union([name]), into: &found)
            case .condition(let variable, let body, let otherwise):
                note(variable)
                collect(body + otherwise, bound: bound, into: &found)
            }
        }
    }

    /// Fills in the template.
    /// - Throws: `Diagnostic` at the placeholder: undefined, or not a list.
    public func render(_ scope: [String: Value]) throws(Diagnostic) -> String {
        var text = ""
        try Self.render(parts, scope, into: &text)
        return text
    }

    private static func render(_ parts: [Part], _ scope: [String: Value], into text: inout String) throws(Diagnostic) {
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .variable(let variable, let indent):
                text += try lookUp(variable, in: scope).rendered(indent: indent)
            case .each(let variable, let name, let body):
                guard case .list(let values) = try lookUp(variable, in: scope) else {
                    throw Diagnostic(.badInput, "`\(variable.text)` is not a list", at: variable.location, remedy: "{{#each}} takes a list")
                }
                for value in values { try render(body, scope.merging([name: value]) { $1 }, into: &text) }
            case .condition(let variable, let body, let otherwise):
                try render(try isTrue(variable, in: scope) ? body : otherwise, scope, into: &text)
            }
        }
    }

    private static func isTrue(_ variable: Variable, in scope: [String: Value]) throws(Diagnostic) -> Bool {
        let parent = Variable(path: variable.path.dropLast(), location: variable.location)
        let value = parent.path.isEmpty ? scope[variable.text] : try lookUp(parent, in: scope)[variable.path.last ?? ""]
        switch value?.meaning {
        case nil, .null, .bool(false), .string(""), .list([]): return false
        default: return true
        }
    }

    private static func lookUp(_ variable: Variable, in scope: [String: Value]) throws(Diagnostic) -> Value {
        var known = scope.keys.sorted()
        var value = variable.path.first.flatMap { scope[$0] }
        var walked = variable.path.prefix(1)
        var parent: Value?
        for name in variable.path.dropFirst() where value != nil {
            parent = value
            known = value?.members?.map(\.key) ?? []
            value = value?[name]
            walked.append(name)
        }
        guard let value else {
            throw Diagnostic(
                .badInput, "`\(walked.joined(separator: "."))` is not defined", at: variable.location,
                remedy: parent.flatMap { remedy(within: $0, called: variable.text, after: walked) }
                    ?? Suggestion.remedy(for: walked.last ?? "", in: known))
        }
        return value
    }

    /// What to do about a name within a value that has no names; nil if it has some.
    private static func remedy(within value: Value, called text: String, after walked: ArraySlice<String>) -> String? {
        let name = walked.dropLast().joined(separator: ".")
        return switch value {
        case .list: "`\(name)` is a list: write {{#each \(name) as x}} … {{/each}}"
        case .object(let members): members.isEmpty ? "`\(name)` has nothing yet: write {{#if \(text)}} … {{/if}}" : nil
        default: "`\(name)` is a text, and has no fields: write {{ \(name) }}"
        }
    }
}
