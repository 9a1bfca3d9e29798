import EpCore

/// `# Scenes`: the scenes of a chapter, each with all that whoever writes it must know, and with nothing of the others.
struct ScenesWriter {
    static let revision = "1"

    private let chapter: Value

    init(_ prompt: Prompt) throws(Diagnostic) {
        chapter = try prompt.yaml("Chapter")
        guard chapter["scenes"]?.list?.isEmpty == false else {
            throw Prompt.problem(
                "the chapter \"\(chapter["title"].text ?? "")\" has no `scenes` to write", line: 0,
                remedy: "give each a `title` and `notes`")
        }
    }

    func document() throws(Diagnostic) -> Value {
        let people = try NovelPerson.all(chapter["people"], named: "Chapter")
        let places = try NovelPlace.all(chapter["places"], named: "Chapter")
        let scenes = (chapter["scenes"]?.list ?? []).map { scene -> Value in
            let ids = Handles.ids(in: ["notes", "summary", "view"].compactMap { scene[$0].text }.joined(separator: "\n"))
            let place = places.first { $0.id == scene["place"].text }
            let members = (scene.members ?? []).map { member -> Value.Member in
                switch member.key {
                case "place": Value.Member("place", .string(place?.name ?? member.value.string ?? ""))
                case "summary", "view": Value.Member(member.key, .string(Self.named(member.value.string ?? "", people)))
                default: member
                }
            }
            return .object(members + [.init("people", .list(people.filter { ids.contains($0.id) }.map(\.brief)))])
        }
        return .object([.init("scenes", .list(scenes)), .init("made_by", .string(OfflineWriter.madeBy))])
    }

    private static func named(_ text: String, _ people: [NovelPerson]) -> String {
        Handles.replaced(in: text) { id, part in people.first { $0.id == id }.map { part == "last" ? $0.last : $0.called } }
    }
}
