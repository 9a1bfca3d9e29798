import EpComposition
import EpCore

/// The manual page of the program, in the `man` macros (groff_man(7)), made from the commands' own definitions.
struct ManualPage {
    private static let environment = [
        ("EPBUILD_CACHE", "Where the cache is. Default: $XDG_CACHE_HOME/epbuild, else ~/.cache/epbuild."),
        ("PATH", "Where programs are found."), ("NO_COLOR", "If it is set, nothing is coloured."),
    ]
    private static let files = [
        ("epbuild.yaml", "The workspace: providers, shared caches, limits."), ("show.yaml", "A show: its blueprint."),
        ("pipeline.yaml", "A show's stages, and how they feed each other."), ("episode.yaml", "An episode: its topic and facts."),
        ("episode.lock", "Takes and decisions. It belongs into version control, beside the episode."),
        ("out/", "What an episode delivers."), (".epbuild/", "What epbuild remembers of a workspace. It can always be deleted."),
    ]

    let text: String

    init() throws {
        let root = try CommandDescription.root()
        var lines = [".\\\" Printed by `epbuild manual`; do not edit.", ".TH EPBUILD 1 \"\" \"\(Version.text)\""]
        lines += [".SH NAME", "epbuild \\- \(Self.escaped(root.abstract.prefix(1).lowercased() + root.abstract.dropFirst().dropLast()))"]
        lines +=
            [".SH SYNOPSIS"]
            + root.usage.split(separator: "|").map { ".B \(Self.escaped($0.split(separator: " ").joined(separator: " ")))\n.br" }
        lines += [".SH DESCRIPTION"] + Self.paragraphs(root.discussion)
        lines += [".SH OPTIONS"] + root.arguments.flatMap(Self.entry)
        lines += [".SH COMMANDS"] + root.subcommands.flatMap(Self.section)
        lines += [".SH \"EXIT STATUS\""] + RootHelp.statuses.flatMap { status, meaning in
            Self.entry(String(status.rawValue), "\(meaning.prefix(1).uppercased())\(meaning.dropFirst()).")
        }
        lines += [".SH ENVIRONMENT"] + Self.environment.flatMap(Self.entry)
        lines += [".SH FILES"] + Self.files.flatMap(Self.entry)
        text = lines.joined(separator: "\n")
    }

    private static func section(_ command: CommandDescription) -> [String] {
        var lines = [".SS \"\(escaped(command.usage))\"", escaped(command.abstract)]
        if !command.discussion.isEmpty { lines += [".PP"] + paragraphs(command.discussion) }
        return lines + command.arguments.flatMap(entry) + command.subcommands.flatMap(section)
    }

    /// Of an argument without a name, the usage has told its place.
    private static func entry(_ argument: CommandDescription.Argument) -> [String] {
        argument.names == nil ? [".PP", escaped(argument.abstract ?? "")] : entry(argument.heading, argument.abstract ?? "")
    }

    private static func entry(_ heading: String, _ text: String) -> [String] { [".TP", ".B \(escaped(heading))", escaped(text)] }

    /// Paragraphs as they are; lines that are indented, or tabular (two spaces within), stand as they were written.
    private static func paragraphs(_ text: String) -> [String] {
        var result: [String] = []
        var isLiteral = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let literal = line.contains("  ")
            if literal != isLiteral { result.append(literal ? ".PP\n.nf" : ".fi") }
            isLiteral = literal
            result.append(line.isEmpty ? ".PP" : escaped(line))
        }
        return isLiteral ? result + [".fi"] : result
    }

    /// Text that troff prints as it stands.
    private static func escaped(_ text: some StringProtocol) -> String {
        let line = text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "\"": result += "\\(dq"
            case "`": result += "\\(ga"
            case "…": result += "..."
            case "·": result += "\\(bu"
            case "→": result += "\\(->"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }
}
