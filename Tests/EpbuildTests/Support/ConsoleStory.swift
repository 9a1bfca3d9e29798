/// The commands of a document's ```` ```console ```` blocks, and what they are to print.
///
/// A command stands behind `$ `, and its further lines behind `> `; what follows is its output, both streams together, and `# exit status
/// N` if it is not 0.
/// In the output `…` stands for any text, and on a line of its own for any number of lines.
struct ConsoleStory {
    struct Command {
        fileprivate(set) var text: String
        /// In the document, from 1.
        let line: Int
        var output: [String] = []
        var status: Int32 = 0
    }

    private(set) var commands: [Command] = []

    init(_ document: String) {
        var isInside = false
        for (index, line) in document.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).enumerated() {
            if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ ") {
                commands.append(Command(text: String(line.dropFirst(2)), line: index + 1))
            } else if isInside, !commands.isEmpty {
                add(line)
            }
        }
    }

    private mutating func add(_ line: String) {
        let last = commands.count - 1
        if line.hasPrefix("# exit status "), let status = Int32(line.dropFirst(14)) {
            commands[last].status = status
        } else if line.hasPrefix("> "), commands[last].output.isEmpty {
            commands[last].text += "\n\(line.dropFirst(2))"
        } else {
            commands[last].output.append(line)
        }
    }
}

extension ConsoleStory.Command {
    /// The first line of the document that what was printed does not agree with; nil if it all does.
    func disagreement(with printed: String) -> String? {
        var lines = printed.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return Self.agrees(output[...], lines[...]) ? nil : Self.firstMissing(output, lines)
    }

    private static func agrees(_ expected: ArraySlice<String>, _ lines: ArraySlice<String>) -> Bool {
        guard let first = expected.first else { return lines.isEmpty }
        if first == "…" {
            return agrees(expected.dropFirst(), lines) || (!lines.isEmpty && agrees(expected, lines.dropFirst()))
        }
        guard let line = lines.first, agrees(first, line) else { return false }
        return agrees(expected.dropFirst(), lines.dropFirst())
    }

    /// True if a line is the pattern with something in place of each `…`.
    static func agrees(_ pattern: String, _ line: String) -> Bool {
        let parts = pattern.split(separator: "…", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return pattern == line }
        guard line.hasPrefix(first), line.hasSuffix(last), line.count >= first.count + last.count else { return false }
        var rest = line.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }

    /// What to show: a line that nothing printed agrees with, or else that the order or the number is another.
    private static func firstMissing(_ expected: [String], _ lines: [String]) -> String {
        expected.first { pattern in pattern != "…" && !lines.contains { agrees(pattern, $0) } } ?? "(the order or the number of lines)"
    }
}
