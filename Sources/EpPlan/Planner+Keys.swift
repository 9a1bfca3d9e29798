import EpCore

/// Keys of `show.yaml` and `episode.yaml` may be any, as prompts name them. One that nothing reads, and that resembles one that
/// something does, is a slip.
extension Planner {
    func warnOfMisspeltKeys() {
        // What a show has once is planned without the prompts of its episodes.
        guard episode.directory != show.directory else { return }
        let fields = show.value.members?.map(\.key) ?? []
        warn(of: episode.node, as: "episode", "the episode", known: Episode.keys)
        warn(of: show.node, as: "show", "the show", known: Blueprint.keys)
        if let overrides = episode.node["overrides"] { warn(of: overrides, as: "show", "`overrides`", known: Blueprint.keys + fields) }
    }

    private func warn(of node: Node, as root: String, _ subject: String, known: [String]) {
        guard case .object(let members) = node.content, !mentioned.contains([root]) else { return }
        let read = known + mentioned.filter { $0.first == root && $0.count == 2 }.map { $0[1] }.sorted()
        let missing = read.filter { node[$0] == nil }
        for member in members where !read.contains(member.key) {
            guard let meant = Suggestion.nearest(to: member.key, in: missing) else { continue }
            warn(
                Diagnostic(
                    .badInput, "nothing reads `\(member.key)` of \(subject)", at: member.keyLocation, remedy: "did you mean \"\(meant)\"?",
                    severity: .warning))
        }
    }
}
