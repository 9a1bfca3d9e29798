import EpCore

/// `# Chapters`: the notes of each chapter with those who are in it, and what is told where: who and what is described when it is first
/// seen, and in which scene each gesture and each detail has its one place. So no two scenes need know of each other, and yet nothing is
/// told twice.
struct ChaptersWriter {
    static let revision = "1"

    private let title: String
    private let variation: String
    private let people: [NovelPerson]
    private let places: [NovelPlace]
    private let chapters: [ChapterNotes]

    /// Where a scene stands: its chapter, and its place in that.
    private struct Spot: Hashable {
        let chapter: Int
        let scene: Int
    }

    /// What is told in a scene beside its notes.
    private struct Remarks {
        var place: [String] = []
        var detail: String?
        var people: [(id: String, text: [String])] = []
        var gestures: [(id: String, text: String)] = []

        var value: Value {
            .object(
                (place.isEmpty ? [] : [.init("place", .strings(place))]) + (detail.map { [.init("detail", .string($0))] } ?? [])
                    + (people.isEmpty ? [] : [.init("people", .list(people.map { ["id": .string($0.id), "first": .strings($0.text)] }))])
                    + (gestures.isEmpty
                        ? [] : [.init("gestures", .list(gestures.map { ["id": .string($0.id), "text": .string($0.text)] }))]))
        }
    }

    init(_ prompt: Prompt) throws(Diagnostic) {
        title = try prompt.yaml("Plan")["title"].text ?? "Untitled"
        variation = prompt.variation
        people = try NovelPerson.all(try prompt.yaml("Characters"), named: "Characters")
        places = try NovelPlace.all(try prompt.yaml("Locations"), named: "Locations")
        var chapters: [ChapterNotes] = []
        for text in try prompt.markdown("Notes") { chapters.append(try ChapterNotes(text)) }
        self.chapters = chapters
        try check()
    }

    /// Whoever and whatever the notes name must be there.
    private func check() throws(Diagnostic) {
        for chapter in chapters {
            for scene in chapter.scenes {
                if let unknown = (scene.people + (scene["view"].map { Handles.ids(in: $0) } ?? [])).first(where: { id in
                    !people.contains { $0.id == id }
                }) {
                    throw Prompt.problem(
                        "the notes of \"\(scene.title)\" name @\(unknown), who is no character", line: 0,
                        remedy: Suggestion.remedy(for: unknown, in: people.map(\.id)))
                }
                if let place = scene["place"], !places.contains(where: { $0.id == place }) {
                    throw Prompt.problem(
                        "the scene \"\(scene.title)\" is at \"\(place)\", which is no location", line: 0,
                        remedy: Suggestion.remedy(for: place, in: places.map(\.id)))
                }
            }
        }
    }

    func document() -> Value {
        let remarks = remarks
        let list = chapters.enumerated().map { index, chapter -> Value in
            let present = people.filter { person in chapter.scenes.contains { $0.people.contains(person.id) } }
            let scenes = chapter.scenes.enumerated().map { number, scene -> Value in
                let told = remarks[Spot(chapter: index, scene: number)]?.value ?? .object([])
                return .object((scene.value.members ?? []) + (told.members == [] ? [] : [.init("remarks", told)]))
            }
            return [
                "title": .string(chapter.title), "summary": .string(named(chapter.summary)), "people": .list(present.map(\.brief)),
                "places": .list(
                    places.filter { place in chapter.scenes.contains { $0["place"] == place.id } }.map {
                        ["id": .string($0.id), "name": .string($0.name)]
                    }),
                "scenes": .list(scenes),
            ]
        }
        return .object([.init("title", .string(title)), .init("chapters", .list(list)), .init("made_by", .string(OfflineWriter.madeBy))])
    }

    private func named(_ text: String) -> String {
        Handles.replaced(in: text) { id, part in people.first { $0.id == id }.map { part == "last" ? $0.last : $0.called } }
    }

    // MARK: dealing out

    private var spots: [(spot: Spot, scene: ChapterNotes.Scene)] {
        chapters.enumerated().flatMap { index, chapter in chapter.scenes.enumerated().map { (Spot(chapter: index, scene: $0), $1) } }
    }

    private var remarks: [Spot: Remarks] {
        var remarks: [Spot: Remarks] = [:]
        for place in places {
            let seen = spots.filter { $0.scene["place"] == place.id }
            guard let first = seen.first else { continue }
            remarks[first.spot, default: Remarks()].place = place.first
            for detail in place.details {
                // Where it is described there is enough to see.
                guard let spot = best(detail, among: seen.dropFirst().filter(\.scene.isLeisurely)), remarks[spot]?.detail == nil else {
                    continue
                }
                remarks[spot, default: Remarks()].detail = detail
            }
        }
        for person in people {
            guard let first = spots.first(where: { $0.scene.people.contains(person.id) }) else { continue }
            if !person.first.isEmpty { remarks[first.spot, default: Remarks()].people.append((person.id, person.first)) }
            for gesture in person.gestures {
                let able = spots.filter { _, scene in
                    scene.isLeisurely && scene.speakers.contains(person.id)
                        && (gesture.places.isEmpty || scene["place"].map(gesture.places.contains) == true)
                }
                guard let spot = best(gesture.text, among: able), (remarks[spot]?.gestures ?? []).allSatisfy({ $0.id != person.id }),
                    (remarks[spot]?.gestures.count ?? 0) < 2
                else { continue }
                remarks[spot, default: Remarks()].gestures.append((person.id, gesture.text))
            }
        }
        return remarks
    }

    /// The scene that a remark falls to. Each remark chooses by itself, so that a scene more or less moves few of them.
    private func best(_ remark: String, among scenes: [(spot: Spot, scene: ChapterNotes.Scene)]) -> Spot? {
        scenes.max {
            StableHash.of("\(remark)\n\($0.scene.title)\(variation)") < StableHash.of("\(remark)\n\($1.scene.title)\(variation)")
        }?.spot
    }
}
