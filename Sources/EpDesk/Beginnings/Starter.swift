import EpCore
import EpPlan
import FoundationEssentials

/// What a new show or episode begins with. The texts are files in `Sources/EpDesk/Templates/`, which the compiler puts into the program.
enum Starter {
    /// What a show has of a pipeline that it copies.
    static func copies(of pipeline: ShippedPipeline) -> [(path: String, text: String)] {
        pipeline.files.map { ($0.path, text($0.bytes)) }
            + pipeline.episodeTemplates.map { ("\(NewEpisode.templates)/\($0.path)", text($0.bytes)) }
    }

    /// A show's `show.yaml`.
    /// - Parameter takenOver: it names the pipeline.
    static func blueprint(of pipeline: ShippedPipeline, takenOver: Bool, title: String, author: String, character: String) -> String {
        let blueprint = filled(
            pipeline.showTemplate,
            [
                "title": yaml(title), "author": yaml(author), "character": yaml(character), "guid": UUID().uuidString.lowercased(),
                "tagline": yaml("Questions, and where their answers come from"), "opening": yaml("Welcome to \(sentence(title))"),
                "closing": yaml("That was \(sentence(title)) Thank you for listening."),
            ])
        return takenOver
            ? "# Its stages come with epbuild: `epbuild new show --pipeline \(pipeline.name) --eject` copies them.\npipeline: "
                + "\(pipeline.name)\n\(blueprint)"
            : blueprint
    }

    /// The files of a workspace of one show, with what is made and what nobody else may see.
    static func workspace(_ writer: NewWriter) -> [(path: String, text: String)] {
        let model = writer.model.map { ", model: \(yaml($0))" } ?? ""
        let values = ["writer": "{ tool: llm, use: \(yaml(writer.vendor))\(model) }", "unpaid": writer.keyVariable == nil ? "# " : ""]
        return [("epbuild.yaml", filled(PackageResources.workspace_yaml, values)), (".gitignore", ".epbuild/\nout/\n.env\n")]
    }

    /// True if a template has a place for a value.
    static func mentions(_ name: String, in template: [UInt8]) -> Bool { text(template).contains("@\(name)@") }

    /// What a new episode begins with by templates of its show's. A field that none of them has a place for stands in `episode.yaml`.
    static func episode(
        _ templates: [(path: String, bytes: [UInt8])], _ fields: [Value.Member], title: String, topic: String, number: Int, date: String
    ) -> [(path: String, text: String)] {
        let own: [Value.Member] = [
            .init("title", .string(title)), .init("topic", .string(topic)), .init("number", .int(Int64(number))),
            .init("date", .written(date, .string(date))),
        ]
        let others = fields.filter { field in !templates.contains { mentions(field.key, in: $0.bytes) } }
        // Without one of its own, its facts are those that every episode has.
        let facts = [NewEpisode.facts, "episode.yaml"].first { name in templates.contains { $0.path == name } }
        let made =
            facts == nil
            ? [("episode.yaml", laid(others, over: episode(title: title, topic: topic, number: number, date: date, isStub: false)))] : []
        return made + templates.map { path, bytes in
            // In a text a value stands as it is; in YAML in such quotation marks as it needs.
            let isYAML = path.hasSuffix(".yaml") || path.hasSuffix(".yml")
            let values = (own + fields).map { ($0.key, isYAML ? $0.value.yaml() : $0.value.rendered(indent: 0)) }
            let text = filled(bytes, Dictionary(values) { $1 })
            return path == facts ? ("episode.yaml", laid(others, over: laid(own.filter(isNeeded), below: text))) : (path, text)
        }
    }

    /// An episode without these is none, or not told from the others.
    private static func isNeeded(_ field: Value.Member) -> Bool { ["title", "number"].contains(field.key) }

    /// Puts those fields at the end of the text of an `episode.yaml` that it does not have.
    private static func laid(_ fields: [Value.Member], below text: String) -> String {
        let lines = text.split(separator: "\n")
        return laid(fields.filter { field in !lines.contains { $0.hasPrefix("\(field.key):") } }, over: text)
    }

    /// Puts fields into the text of an `episode.yaml`: in the place of a line that has such a field, else at the end.
    static func laid(_ fields: [Value.Member], over text: String) -> String {
        var lines = text.split(separator: "\n").map(String.init)
        for field in fields {
            let line = Value.object([field]).yaml().split(separator: "\n").joined(separator: "\n")
            if let index = lines.firstIndex(where: { $0.hasPrefix("\(field.key):") }) { lines[index] = line } else { lines.append(line) }
        }
        return lines.map { "\($0)\n" }.joined()
    }

    /// - Parameter isStub: its text is one of epbuild's: it is in no feed until a person says so.
    static func episode(title: String, topic: String, number: Int, date: String, isStub: Bool) -> String {
        let facts = filled(
            PackageResources.facts_yaml, ["title": yaml(title), "topic": yaml(topic), "number": String(number), "date": date])
        return isStub
            ? facts + "# Its text is only a beginning, so it is in no feed. Take this line out when the text is yours.\npublish: false\n"
            : facts
    }

    static func source(topic: String) -> String {
        filled(PackageResources.about_md, ["topic": topic, "spoken": sentence(topic)])
    }

    /// A short scene of two speakers.
    static func script(title: String, author: String, date: String, speakers: (first: String, second: String)) -> String {
        filled(
            PackageResources.script_fountain,
            [
                "title": title, "spoken": sentence(title), "author": author, "date": date, "first": cue(speakers.first),
                "second": cue(speakers.second),
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

    /// `@name@` stands for a value. What a value contains is not filled in again, and any other `@` stands for itself.
    private static func filled(_ bytes: [UInt8], _ values: [String: String]) -> String {
        var (filled, rest) = ("", text(bytes)[...])
        while let start = rest.firstIndex(of: "@") {
            filled += rest[..<start]
            rest = rest[rest.index(after: start)...]
            if let end = rest.firstIndex(of: "@"), let value = values[String(rest[..<end])] {
                filled += value
                rest = rest[rest.index(after: end)...]
            } else {
                filled += "@"
            }
        }
        return filled + rest
    }
}
