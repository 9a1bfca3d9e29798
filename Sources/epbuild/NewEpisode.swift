import EpCore
import EpEngine
import EpFiles
import EpPlan

/// An episode that is to be made: what stands in its first files.
struct NewEpisode {
    /// What of a show a new episode must fit to.
    struct ShowFacts {
        let author: String
        let speakers: [String]
        /// The number after the largest that an episode has.
        let nextNumber: Int
        let readsScript: Bool
        let readsSources: Bool

        init(_ directory: String) throws {
            let show = try Node(fileAt: "\(directory)/show.yaml")
            author = show["author"]?.value.string ?? show["title"]?.value.string ?? ""
            let characters = show.value["characters"]?.list ?? []
            let narrators = characters.filter { $0["role"]?.string == "narrator" }
            let others = characters.filter { $0["role"]?.string != "narrator" }
            speakers = (narrators + others).compactMap { $0["name"]?.string }
            let places = (try? Discovery.episodes(at: directory, from: "/")) ?? []
            let numbers = places.compactMap { (try? Node(fileAt: "\($0.directory)/episode.yaml"))?.value["number"]?.number }
            // What is no number that somebody counts to is a mistake of that episode's.
            nextNumber = Int(numbers.filter { (0..<1e9).contains($0) }.max() ?? 0) + 1
            let stages = try? Node(fileAt: "\(directory)/pipeline.yaml").value["stages"]?.members
            readsScript = stages?.contains { $0.value["output"]?.string == "script.fountain" && $0.value["editable"]?.bool == true } ?? false
            readsSources = stages?.contains { $0.value["source"]?.string?.hasPrefix("sources/") ?? false } ?? false
        }
    }

    let isScripted: Bool
    var title = ""
    var topic = ""
    private let show: ShowFacts
    private let hasSources: Bool

    /// - Throws: `Diagnostic` (usage) if the show's pipeline has no use for such an episode.
    init(show: ShowFacts, place: NewPlace, isScripted: Bool) throws(Diagnostic) {
        self.show = show
        self.isScripted = isScripted
        hasSources = place.has("sources")
        let hint = "make a directory with an episode.yaml (title, topic) and what that pipeline reads"
        guard isScripted ? show.readsScript : show.readsSources else {
            let file = isScripted ? "script.fountain" : "sources/"
            throw Diagnostic(.usage, "the pipeline of this show reads no \(file)", remedy: hint)
        }
        if isScripted, show.speakers.isEmpty {
            throw Diagnostic(.usage, "this show has no characters who could speak", remedy: "give its show.yaml `characters:`, each with a `name`")
        }
    }

    var files: [(path: String, text: String)] {
        let facts = ("episode.yaml", Starter.episode(title: title, topic: topic, number: show.nextNumber, date: Moment.now.localDay))
        if !isScripted { return hasSources ? [facts] : [facts, ("sources/about.md", Starter.source(topic: topic))] }
        let speakers = (show.speakers[0], show.speakers.dropFirst().first ?? show.speakers[0])
        return [facts, ("script.fountain", Starter.script(title: title, author: show.author, date: Moment.now.localDay, speakers: speakers))]
    }

    /// What a person does before the first build that counts.
    var task: String { isScripted ? "write your script.fountain" : hasSources ? "see what is in sources/" : "write what you know into sources/about.md" }
}

extension Node {
    /// A file that must be there.
    init(fileAt path: String) throws {
        guard let bytes = (try? Files.read(path)) ?? nil else {
            throw Diagnostic(.badInput, "\(path) cannot be read", remedy: "check its permissions")
        }
        try self.init(parsing: bytes, file: path)
    }
}
