import EpCore
import EpPlan

/// `list.txt: { paths: DIR }` among the inputs of a command: a file that has the paths of the inputs below a directory, a line each.
///
/// For programs that read them from a file (`@list.txt`, `-T list.txt`, `xargs -a list.txt`), as arguments may not be as long as one likes.
struct CommandPaths {
    private let label: String
    private let directory: String
    private let location: SourceLocation
    private let isQuoted: Bool

    init(_ member: Node.Member) throws {
        guard RelativePath.isClean(member.key) else {
            throw Diagnostic(.badInput, "\"\(member.key)\" is no path below the working directory", at: member.keyLocation)
        }
        var fields = try Fields(member.value, subject: "the input \"\(member.key)\"")
        let paths = fields.required("paths", fields.string("paths"))
        location = fields.node("paths")?.location ?? member.value.location
        isQuoted = fields.bool("quoted") ?? false
        try fields.finish()
        label = member.key
        directory = paths.map(OutputPath.bare) ?? ""
    }

    /// - Parameter inputs: all others.
    /// - Throws: `Diagnostic` if nothing is called so, or a path cannot stand in a line.
    func input(among inputs: [Step.Input], _ emptyDirectories: [String]) throws(Diagnostic) -> Step.Input {
        let paths = inputs.map(\.label).filter { $0.isByteForByte(directory) || Path($0).below(directory) != nil }
        guard !paths.isEmpty || emptyDirectories.contains(where: directory.isByteForByte) else {
            let known = Set(inputs.map { String($0.label.prefix { $0 != "/" }) }).sorted()
            throw Diagnostic(
                .badInput, "there is no input \"\(directory)\" whose paths could be listed", at: location,
                remedy: Suggestion.remedy(for: directory, in: known))
        }
        if !isQuoted, let broken = paths.first(where: { $0.utf8.contains(UInt8(ascii: "\n")) }) {
            throw Diagnostic(
                .badInput, "the name \(broken.debugDescription) has more than one line", at: location,
                remedy: "write `quoted: true`, if the program reads that")
        }
        return Step.Input(label, text: paths.map { (isQuoted ? Self.quoted($0) : $0) + "\n" }.joined())
    }

    /// As the response files of GNU programs have it.
    private static func quoted(_ path: String) -> String {
        "\"\(path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }
}
