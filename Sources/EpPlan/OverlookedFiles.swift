import EpCore

/// Which files beside those that a pattern stands for their author may have meant as well: of `*.md`, `notes.TXT` or `paper.pdf`. A value.
///
/// Texts alone, and names that differ in the case of their ending: sounds and pictures are named elsewhere, too.
public struct OverlookedFiles: Sendable {
    private static let texts: Set<String> = [
        "md", "markdown", "mdown", "mkd", "txt", "text", "rtf", "doc", "docx", "odt", "pages", "pdf", "html", "htm", "tex", "org", "rst",
    ]
    /// In lower case.
    private let endings: Set<String>

    /// Nil for a pattern that leaves the ending open, or has none.
    public init?(beside pattern: String) {
        let name = Path(pattern).name
        guard let ending = Self.ending(of: name), name.contains("*"), !ending.contains(where: "*?[]".contains) else { return nil }
        endings = Self.texts.contains(ending) ? Self.texts : [ending]
    }

    /// - Parameter name: of a file that the pattern does not stand for.
    public func has(_ name: String) -> Bool { Self.ending(of: name).map(endings.contains) ?? false }

    /// Some names as a sentence begins with them.
    public static func told(_ names: [String]) -> (names: String, are: String) {
        let more = names.count > 3 ? " and \(names.count - 3) more" : ""
        return (names.prefix(3).joined(separator: ", ") + more, names.count == 1 ? "is" : "are")
    }

    private static func ending(of name: String) -> String? {
        // A space behind it is not seen.
        name.lastIndex(of: ".").map { String(name[name.index(after: $0)...].lowercased().prefix { !$0.isWhitespace }) }
    }
}

extension Planner {
    /// True if another stage names something that lies in a directory: it, or its prompt, may be meant for what lies there.
    func isNamed(_ directory: String, beside stage: StageDefinition) -> Bool {
        stages.contains { $0.name != stage.name && $0.node.value.json().contains("\(directory)/") }
    }

    /// Warns of files that lie where a stage's sources do, and that no stage reads.
    /// - Parameter files: those that the pattern stands for.
    func warn(ofFilesBeside files: [SourceFile], _ pattern: String, in home: String, _ stage: StageDefinition) {
        let fixed = Path(pattern).parts.dropLast().prefix { !$0.contains(where: "*?[{".contains) }.joined(separator: "/")
        guard !fixed.isEmpty, !isNamed(fixed, beside: stage) else { return }
        // A text that was converted lies beside what it was made of.
        let read = Set(files.map { ArtifactRef.stem(of: Self.lastComponent($0.path)) })
        let names = sources.overlooked(by: pattern, in: home).filter { !read.contains(ArtifactRef.stem(of: Path($0).name)) }
            .compactMap { Path($0).below("\(home)/\(fixed)") }
        guard !names.isEmpty else { return }
        let (shown, wanted) = (OverlookedFiles.told(names), Path(pattern).name)
        warn(
            Diagnostic(
                .badInput, "\(shown.names) in \(fixed) \(shown.are) not read: stage \"\(stage.name)\" takes \(wanted)",
                at: stage.node["source"]?.location ?? stage.location,
                remedy: "save what is to be read as \(wanted), and move away what is not", severity: .warning))
    }
}
