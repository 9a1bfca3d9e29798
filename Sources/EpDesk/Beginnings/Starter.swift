import EpCore
import FoundationEssentials

/// What a new show or episode begins with. The texts are files in `Sources/EpDesk/Templates/`, which the compiler puts into the program.
enum Starter {
    private static let prompts: [(path: String, bytes: [UInt8])] = [
        ("prompts/ideation.md", PackageResources.ideation_md), ("prompts/outlining.md", PackageResources.outlining_md),
        ("prompts/segment.md", PackageResources.segment_md), ("prompts/script.md", PackageResources.script_md),
    ]

    /// The files of a show.
    /// - Parameter withWorkspace: also `epbuild.yaml`, for a show that is its own workspace.
    static func showFiles(withWorkspace: Bool) -> [String] {
        ["show.yaml", "pipeline.yaml"] + prompts.map(\.path) + (withWorkspace ? ["epbuild.yaml"] : [])
    }

    static func show(title: String, author: String, character: String, withWorkspace: Bool) -> [(path: String, text: String)] {
        let blueprint = filled(PackageResources.blueprint_yaml, [
            "title": yaml(title), "author": yaml(author), "character": yaml(character), "guid": UUID().uuidString.lowercased(),
            "tagline": yaml("Questions, and where their answers come from"), "opening": yaml("Welcome to \(sentence(title))"),
            "closing": yaml("That was \(sentence(title)) Thank you for listening."),
        ])
        // What is made, and what nobody else may see.
        let ignored = ".epbuild/\nout/\n.env\n"
        let workspace = withWorkspace ? [("epbuild.yaml", text(PackageResources.workspace_yaml)), (".gitignore", ignored)] : []
        return workspace + [("show.yaml", blueprint), ("pipeline.yaml", text(PackageResources.pipeline_yaml))] + prompts.map { ($0.path, text($0.bytes)) }
    }

    static func episode(title: String, topic: String, number: Int, date: String) -> String {
        filled(PackageResources.facts_yaml, ["title": yaml(title), "topic": yaml(topic), "number": String(number), "date": date])
    }

    static func source(topic: String) -> String {
        filled(PackageResources.about_md, ["topic": topic, "spoken": sentence(topic)])
    }

    /// A short scene of two speakers.
    static func script(title: String, author: String, date: String, speakers: (first: String, second: String)) -> String {
        filled(PackageResources.script_fountain, [
            "title": title, "spoken": sentence(title), "author": author, "date": date, "first": cue(speakers.first), "second": cue(speakers.second),
        ])
    }

    /// A name that can stand on a line of its own as a cue.
    static func isCue(_ name: String) -> Bool {
        (name.unicodeScalars.first?.properties.isAlphabetic ?? false) && !name.contains(where: { "()^@#:".contains($0) })
    }

    /// Fountain takes a line for a cue if it is in capitals, or begins with `@`.
    private static func cue(_ name: String) -> String { isCue(name) ? name.uppercased() : "@\(name)" }

    private static func sentence(_ text: String) -> String { [".", "!", "?", "…"].contains(text.last) ? text : text + "." }

    private static func yaml(_ text: String) -> String { Value.string(text).yaml() }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// `@name@` stands for a value. What a value contains is not filled in again.
    private static func filled(_ bytes: [UInt8], _ values: [String: String]) -> String {
        let parts = text(bytes).split(separator: "@", omittingEmptySubsequences: false)
        return parts.enumerated().map { $0 % 2 == 0 ? String($1) : values[String($1)] ?? "@\($1)@" }.joined()
    }
}
