import EpCore

/// What a person has written into a text that a stage with a `schema` would have made. It need not have that form, but a key that the
/// schema does not know, and that resembles one that is missing there, is a slip: whoever reads the text passes it over.
extension Planner {
    func warnOfMisspeltKeys(in edit: SourceFile, of stage: StageDefinition) {
        guard let path = stage.node["schema"]?.value.letters, RelativePath.isClean(path),
            let schema = [episode.directory, show.directory, show.pipelineDirectory].lazy.compactMap({ self.node("\($0)/\(path)") }).first,
            let node = node(edit.path)
        else { return }
        warn(of: node, SchemaPart(node: schema, root: schema, depth: 0), named: path)
    }

    /// Nil for what cannot be read: of that, others tell.
    private func node(_ path: String) -> Node? {
        guard let file = (try? sources.file(path)) ?? nil, let bytes = try? sources.bytes(file) else { return nil }
        return try? Node(parsing: bytes, file: file.shown)
    }

    private func warn(of node: Node, _ schema: SchemaPart, named path: String) {
        switch node.content {
        case .object(let members):
            let known = schema.keys
            let missing = known.filter { node[$0] == nil }
            for member in members {
                if let part = schema.property(member.key) {
                    warn(of: member.value, part, named: path)
                } else if let meant = Suggestion.nearest(to: member.key, in: missing) {
                    warn(
                        Diagnostic(
                            .badInput, "`\(member.key)` is no key of \(path)", at: member.keyLocation, remedy: "did you mean \"\(meant)\"?",
                            severity: .warning))
                }
            }
        case .list(let nodes):
            guard let items = schema.items else { return }
            for node in nodes { warn(of: node, items, named: path) }
        case .scalar: return
        }
    }
}

/// A part of a JSON schema, as far as it says which keys there are.
private struct SchemaPart {
    /// Stops a schema that refers to itself.
    private static let deepest = 64

    private let node: Node
    private let root: Node
    private let depth: Int

    init(node: Node, root: Node, depth: Int) {
        (self.root, self.depth) = (root, depth)
        // `#/$defs/scene`
        let reference = node["$ref"]?.value.letters.flatMap { $0.hasPrefix("#/") ? $0.dropFirst(2).split(separator: "/") : nil }
        self.node = reference?.reduce(root as Node?) { $0?[String($1)] } ?? node
    }

    var keys: [String] {
        guard case .object(let members) = node["properties"]?.content else { return [] }
        return members.map(\.key)
    }

    func property(_ key: String) -> SchemaPart? { node["properties"]?[key].flatMap(part) }
    var items: SchemaPart? { node["items"].flatMap(part) }

    private func part(_ node: Node) -> SchemaPart? {
        depth < Self.deepest ? SchemaPart(node: node, root: root, depth: depth + 1) : nil
    }
}
