import ArgumentParser
import EpCore
import EpPlan

/// Which part of an episode is asked for, beside targets.
struct PartOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only what stands at these coordinates, and what that is made from: chapter=1, language=de.", valueName: "name=value"))
    var only: [String] = []

    var excerpt: [Excerpt] { only.compactMap { Excerpt(parsing: $0) } }

    func validate() throws {
        for text in only where Excerpt(parsing: text) == nil {
            throw ValidationError("--only takes a coordinate, such as chapter=1, and not \"\(text)\"")
        }
    }

    /// - Throws: `Diagnostic` (usage) if targets are named, too.
    func check(_ targets: [Target]) throws(Diagnostic) {
        guard !only.isEmpty, let target = targets.first else { return }
        throw Diagnostic(.usage, "--only chooses by itself what is asked for", remedy: "leave out \(target), or --only")
    }
}
