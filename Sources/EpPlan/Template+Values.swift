public import EpCore

/// What a template reads: it explains a rendered text.
extension Template {
    /// The values of all variables that the template mentions, as JSON, by their paths: `show.characters[1].name`.
    /// Of the elements of a list only what the template mentions of them.
    public func values(in scope: [String: Value]) -> [(path: String, json: String)] {
        var found: [(path: String, json: String)] = []
        var seen: Set<String> = []
        Self.read(parts, scope.mapValues { ("", $0) }) { path, value in
            if seen.insert(path).inserted { found.append((path, value.json())) }
        }
        return found
    }

    /// - Parameter scope: by name: where a value stands, if not at the root, and what it is.
    private static func read(_ parts: [Part], _ scope: [String: (path: String, value: Value)], _ note: (String, Value) -> Void) {
        func find(_ variable: Variable) -> (path: String, value: Value)? {
            guard let name = variable.path.first, let root = scope[name] else { return nil }
            let rest = variable.path.dropFirst()
            guard let value = rest.reduce(root.value as Value?, { $0?[$1] }) else { return nil }
            return (([root.path.isEmpty ? name : root.path] + rest).joined(separator: "."), value)
        }
        for part in parts {
            switch part {
            case .text: break
            case .variable(let variable, _):
                if let found = find(variable) { note(found.path, found.value) }
            case .each(let variable, let name, let body):
                guard let found = find(variable), let elements = found.value.list else { break }
                for (index, element) in elements.enumerated() {
                    read(body, scope.merging([name: ("\(found.path)[\(index)]", element)]) { $1 }, note)
                }
            case .condition(let variable, let body, let otherwise):
                if let found = find(variable) { note(found.path, found.value) }
                read(body + otherwise, scope, note)
            }
        }
    }
}
