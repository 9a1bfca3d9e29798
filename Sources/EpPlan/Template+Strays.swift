public import EpCore

extension Template {
    private static var likeOthers: Regex<(Substring, Substring?)> {
        /\$?\{\s*((?:show|episode|item)(?:\.[\w-]+)+)\s*\}|\{%-?\s*(?:if|for|else|elif|end\w+|include|set)\b.*?%\}/
    }

    /// What looks like a place to fill in as other programs have it, and is text here: `{ show.title }`, `${episode.topic}`, `{% if … %}`.
    public static func strays(in text: String, file: String) -> [Diagnostic] {
        var found: [Diagnostic] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() where line.contains("{") {
            for match in line.matches(of: likeOthers) {
                // Within two braces it is the template's own.
                guard line[..<match.range.lowerBound].last != "{", line[match.range.upperBound...].first != "}" else { continue }
                let place = SourceLocation(
                    file: file, line: index + 1, column: line[..<match.range.lowerBound].unicodeScalars.count + 1)
                let remedy = match.1.map { "write {{ \($0) }}" } ?? "write {{#if name}} … {{/if}} or {{#each list as x}} … {{/each}}"
                found.append(
                    Diagnostic(
                        .badInput, "`\(match.0)` stands as it is: nothing is filled in", at: place, remedy: remedy, severity: .warning))
            }
        }
        return found
    }
}
