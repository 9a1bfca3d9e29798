public import EpCore

/// `fallback:` of a provider: who serves in its place if it fails.
public struct Fallback: Sendable {
    public struct Entry: Sendable {
        /// The name of a provider.
        public let name: String
        public let location: SourceLocation
        /// The failures after which it is asked.
        public let classes: Set<FailureClass>
    }

    /// In the order in which they are asked.
    public let entries: [Entry]

    /// - Parameters:
    ///   - node: a list of names, which is short for `{ any: [...] }`, or a mapping with a list for each class of failures.
    ///   - provider: whose it is.
    init(_ node: Node, of provider: String) throws {
        let subject = "the fallback of provider \"\(provider)\""
        guard case .object = node.content else {
            entries = try Self.names(in: node, subject).map { Entry(name: $0, location: $1, classes: Set(FailureClass.allCases)) }
            return
        }
        var fields = try Fields(node, subject: subject)
        let lists = FailureClass.allCases.map { kind in (kind: kind, node: fields.node(kind.rawValue)) }
        try fields.finish()
        // A class without a list of its own is served by that of `any`.
        let unlisted = Set(lists.filter { $0.node == nil }.map(\.kind))
        entries = try lists.flatMap { kind, node -> [Entry] in
            let classes = kind == .any ? unlisted.union([.any]) : [kind]
            guard let node else { return [] }
            return try Self.names(in: node, "`\(kind.rawValue)` of \(subject)").map { Entry(name: $0, location: $1, classes: classes) }
        }
    }

    private static func names(in node: Node, _ subject: String) throws(Diagnostic) -> [(String, SourceLocation)] {
        let nodes = if case .list(let nodes) = node.content { nodes } else { [node] }
        var names: [(String, SourceLocation)] = []
        for node in nodes {
            guard let name = node.value.string, !name.isEmpty else {
                throw Diagnostic(
                    .badInput, "\(subject) must be a list of providers' names, not \(node.kind)", at: node.location,
                    remedy: "write `fallback: [NAME, …]`")
            }
            guard !names.contains(where: { $0.0 == name }) else {
                throw Diagnostic(.badInput, "\(subject) names \"\(name)\" twice", at: node.location, remedy: "take one of them out")
            }
            names.append((name, node.location))
        }
        return names
    }
}
