import EpCore

/// Keys of `show.yaml` and `episode.yaml` may be any, as prompts name them. One that nothing reads, and that resembles one that
/// something does, is a slip.
extension Planner {
    /// Warns of what a person probably did not mean, as far as names of keys, files and stages tell.
    func warnOfSlips() {
        warnOfMisspeltKeys()
        warnOfMisspeltFiles()
        warnOfOrphanedDecisions()
    }

    private func warnOfMisspeltKeys() {
        // What a show has once is planned without the prompts of its episodes.
        guard episode.directory != show.directory else { return }
        let fields = show.value.members?.map(\.key) ?? []
        warn(of: episode.node, as: "episode", "the episode", known: Episode.keys)
        warn(of: show.node, as: "show", "the show", known: Blueprint.keys)
        warnOfRemarks(in: episode.node, Episode.texts, of: "the episode", "\(episode.directory)/episode.yaml")
        warnOfRemarks(in: show.node, Blueprint.texts, of: "the show", "\(show.directory)/show.yaml")
        if let overrides = episode.node["overrides"] { warn(of: overrides, as: "show", "`overrides`", known: Blueprint.keys + fields) }
    }

    /// Warns of texts that a remark cuts short: `title: Episode #3` is "Episode", and the rest is not read.
    private func warnOfRemarks(in node: Node, _ keys: [String], of subject: String, _ path: String) {
        // Most files have none: then no line of them is looked at.
        guard let file = (try? sources.file(path)) ?? nil, let bytes = try? sources.bytes(file), bytes.contains(UInt8(ascii: "#")) else {
            return
        }
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        for key in keys {
            guard let node = node[key], case .scalar(let text, isPlain: true) = node.content, lines.indices.contains(node.location.line - 1)
            else { continue }
            let line = String(decoding: lines[node.location.line - 1], as: UTF8.self)
            guard let remark = line.firstMatch(of: /\s(#[\p{L}\p{N}].*?)\s*$/)?.1, let end = line.firstRange(of: text)?.upperBound,
                line[end..<remark.startIndex].allSatisfy(\.isWhitespace)
            else { continue }
            warn(
                Diagnostic(
                    .badInput, "`\(key)` of \(subject) is \"\(text)\": `\(remark)` is a remark, and is not read", at: node.location,
                    remedy: "put all of it into quotes; or write a space behind the #", severity: .warning))
        }
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
