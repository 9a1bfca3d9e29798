import EpCore
import EpDelivery
import EpPlan
import EpScript
import FoundationEssentials

/// What the documents of an episode say about it and its show, as one input (`facts.json`).
///
/// Only fields that a document shows are in it, so that no other field of the blueprint makes a package stale.
enum PodcastFacts {
    /// From the blueprint, the episode's own file and the script's title page.
    /// - Parameter notes: in Markdown, if there are any beside those files.
    static func value(
        blueprint: Value, episode: Value, directoryName: String, script: Script, notes: String?, credits: Credits, isDraft: Bool
    ) -> Value {
        let titlePage = titlePage(of: script)
        let title = text(episode["title"]) ?? titlePage["title"] ?? directoryName
        let summary = summary(of: episode, titlePage, title: title)
        let speakers = Set(script.lines.map { $0.speaker.lowercased() })
        let cast = Character.all(of: blueprint).filter { character in
            ([character.name] + character.aliases).contains { speakers.contains($0.lowercased()) }
        }
        let name = fileName(number: episode["number"], title: title)
        let facts = numbers(episode) + (pick(["date", "keywords", "learning_points", "id", "explicit"], from: episode).members ?? [])
        let disclosure = [isDraft ? draftDisclosure : nil, text(episode["disclosure"]), Disclosure.text(in: blueprint)].compactMap { $0 }
            .joined(separator: " ")
        return [
            "show": show(blueprint),
            "episode": .object(
                [
                    .init("title", .string(isDraft ? DraftMark.title + title : title)),
                    .init("summary", .string(isDraft ? "\(draftDisclosure)\n\n\(summary)" : summary)),
                    .init("concept", .string(concept(episode, titlePage, directoryName))),
                ] + facts + (notes.map { [.init("notes", .string($0))] } ?? [])
                    + (disclosure.isEmpty ? [] : [.init("disclosure", .string(disclosure))])),
            "people": .list(cast.map { person($0, credits, in: blueprint) }),
            "file": .string(isDraft ? DraftMark.marked(name) : name),
        ]
    }

    /// What later episodes are told of one: what it explains, and where it stands.
    static func concept(episode: Value, directoryName: String, script: Script?) -> Value {
        .object(numbers(episode) + [.init("concept", .string(concept(episode, titlePage(of: script), directoryName)))])
    }

    private static func concept(_ episode: Value, _ titlePage: [String: String], _ directoryName: String) -> String {
        titlePage["topic"] ?? text(episode["topic"]) ?? text(episode["title"]) ?? titlePage["title"] ?? directoryName
    }

    /// JSON has no 007: a number is one, in whatever letters.
    static func numbers(_ episode: Value) -> [Value.Member] {
        (pick(["number", "season"], from: episode).members ?? []).map { Value.Member($0.key, $0.value.meaning) }
    }

    private static func titlePage(of script: Script?) -> [String: String] {
        Dictionary((script?.titlePage ?? []).map { ($0.key.lowercased(), $0.values.joined(separator: " ")) }) { first, _ in first }
    }

    private static func summary(of episode: Value, _ titlePage: [String: String], title: String) -> String {
        text(episode["summary"]) ?? titlePage["summary"] ?? text(episode["topic"]) ?? title
    }

    /// What notes begin with, where nobody has written any.
    /// - Parameter script: its title page may have the summary.
    static func notes(episode: Value, directoryName: String, script: Script?) -> Value {
        let titlePage = titlePage(of: script)
        let title = text(episode["title"]) ?? titlePage["title"] ?? directoryName
        return .object(
            [.init("summary", .string(summary(of: episode, titlePage, title: title)))]
                + (pick(["learning_points"], from: episode).members ?? []))
    }

    /// Stands in the tags and in every document of a draft.
    static let draftDisclosure = "This is a draft, not the finished episode: placeholders stand in for some of it."

    /// What an episode's documents say of the show.
    static func show(_ blueprint: Value) -> Value {
        pick(["title", "tagline", "description", "author", "language", "link", "copyright", "category", "explicit"], from: blueprint)
    }

    /// What the feed says of the show: of its documents, it alone has the identity, the owner and the cover.
    /// - Parameter cover: its address.
    static func feed(_ blueprint: Value, cover: String?) -> Value {
        let cover = cover.map { [Value.Member("cover", .string($0))] } ?? []
        return .object((show(blueprint).members ?? []) + (pick(["guid", "owner"], from: blueprint).members ?? []) + cover)
    }

    /// With the voices that speak for somebody, unless that is a person.
    private static func person(_ character: Character, _ credits: Credits, in blueprint: Value) -> Value {
        let entry = blueprint["characters"]?.list?.first { $0["name"]?.string == character.name }
        let person: [Value.Member] = [
            .init("name", .string(character.name.capitalizedWords)), .init("role", entry?["role"] ?? "voice actor"),
        ]
        let voices = credits.synthetic(of: character)
        guard let first = voices.first else { return .object(person) }
        let others = voices.dropFirst().map { "\($0.provider), \($0.name)" }
        return .object(
            person + [.init("provider", .string(first.provider)), .init("voice", .string(([first.name] + others).joined(separator: "; ")))])
    }

    /// `001-how-rockets-work`: the number, and the words of the title; `episode` if there is neither.
    static func fileName(number: Value?, title: String) -> String {
        let parts = [digits(of: number), FileName.slug(title, atMost: 80)].compactMap { $0 }
        return parts.isEmpty ? "episode" : parts.joined(separator: "-")
    }

    /// An episode's number, with three digits at least.
    static func digits(of number: Value?) -> String? {
        number?.number.map { String(Int($0)) }.map { String(repeating: "0", count: max(0, 3 - $0.count)) + $0 }
    }

    static func pick(_ keys: [String], from value: Value) -> Value {
        .object(keys.compactMap { key in value[key].map { .init(key, $0) } })
    }

    static func text(_ value: Value?) -> String? {
        switch value {
        case .string(let text): text.isEmpty ? nil : text
        case .int(let number): String(number)
        case .written(let letters, _): letters
        default: nil
        }
    }

    /// One text, or a list of them.
    static func texts(_ value: Value?) -> [String] { value?.list.map { $0.compactMap(text) } ?? text(value).map { [$0] } ?? [] }

    /// The address of the show without the slashes at its end: what stands below it stands behind one. Of a page, `…/index.html`, it is
    /// that of the directory in which the page lies.
    static func base(_ link: String) -> String {
        var base = link
        let page = /\/[^\/]+\.(html?|xhtml|php|aspx?|xml|rss)$/.ignoresCase()
        if let found = base.firstRange(of: page), base[..<found.lowerBound].contains("//") { base.removeSubrange(found) }
        while base.hasSuffix("/") { base.removeLast() }
        return base
    }
}

extension ShowFacts {
    /// - Parameter facts: `show` of `facts.json`.
    init(_ facts: Value) {
        let title = PodcastFacts.text(facts["title"]) ?? "Untitled"
        let link = PodcastFacts.text(facts["link"]) ?? ""
        // A page that is asked for by a query has nothing below it.
        let feed = link.isEmpty || link.contains { "?#".contains($0) } ? nil : "\(PodcastFacts.base(link))/feed.xml"
        let owner = facts["owner"]
        self.init(
            title: title, description: PodcastFacts.text(facts["description"]) ?? PodcastFacts.text(facts["tagline"]) ?? title,
            author: PodcastFacts.text(facts["author"]) ?? "", language: PodcastFacts.text(facts["language"]) ?? "en", link: link,
            guid: PodcastFacts.text(facts["guid"]).flatMap(UUID.init(uuidString:))
                ?? PodcastIdentity.show(feedURL: feed ?? (link.isEmpty ? title : link)),
            feedURL: feed, coverURL: PodcastFacts.text(facts["cover"]), ownerEmail: PodcastFacts.text(owner?["email"]),
            ownerName: PodcastFacts.text(owner?["name"]),
            // One that Apple does not have stands as it is written; the feed's stage warns of it.
            categories: PodcastFacts.texts(facts["category"]).map { ShowFacts.Category(apple: $0) ?? ShowFacts.Category($0) },
            isExplicit: facts["explicit"]?.bool == true, copyright: PodcastFacts.text(facts["copyright"]))
    }
}

extension EpisodeFacts {
    /// - Parameter facts: the whole of `facts.json`.
    init(_ facts: Value, show: ShowFacts, duration: Timestamp) {
        let own = facts["episode"] ?? .object([])
        let number = own["number"]?.number.flatMap { Int(exactly: $0) }
        let season = own["season"]?.number.flatMap { Int(exactly: $0) }
        let place = number.map { "\(season.map { "season \($0) " } ?? "")episode \($0)" }
        let key = PodcastFacts.text(own["id"]) ?? place ?? PodcastFacts.text(own["title"]) ?? ""
        func texts(_ key: String) -> [String] { PodcastFacts.texts(own[key]) }
        self.init(
            title: PodcastFacts.text(own["title"]) ?? "Untitled", season: season, number: number,
            summary: PodcastFacts.text(own["summary"]) ?? "", notes: PodcastFacts.text(own["notes"]).map(MarkdownText.init),
            learningPoints: texts("learning_points"), keywords: texts("keywords"),
            people: (facts["people"]?.list ?? []).map(Person.init),
            date: PodcastFacts.text(own["date"]).flatMap(PublicationDate.init(iso8601:)),
            duration: duration, isExplicit: own["explicit"]?.bool,
            guid: PodcastIdentity.episode(key: key, of: show.guid), disclosure: PodcastFacts.text(own["disclosure"]))
    }
}

extension Person {
    fileprivate init(_ value: Value) {
        let role = PodcastFacts.text(value["role"]) ?? ""
        self.init(
            name: PodcastFacts.text(value["name"]) ?? "", role: role == "narrator" ? .narrator : .voiceActor,
            voice: PodcastFacts.text(value["provider"]).map { .synthetic(provider: $0, voice: PodcastFacts.text(value["voice"]) ?? "") }
                ?? .human)
    }
}

extension Transcript {
    /// - Parameter timeline: `timeline.json` of a mix.
    init(timeline: Value) {
        let lines = (timeline["lines"]?.list ?? []).map { line in
            Segment(
                speaker: (PodcastFacts.text(line["speaker"]) ?? "").capitalizedWords, text: PodcastFacts.text(line["text"]) ?? "",
                start: Timestamp(seconds: line["start"]?.number ?? 0), end: Timestamp(seconds: line["end"]?.number ?? 0),
                words: (line["words"]?.list ?? []).map(Span.init))
        }
        // Of a recording without its words nobody learns more than that it is heard.
        let recordings = (timeline["recordings"]?.list ?? []).map { recording in
            Segment(
                speaker: "", text: PodcastFacts.text(recording["text"]) ?? "[recording: \(PodcastFacts.text(recording["file"]) ?? "")]",
                start: Timestamp(seconds: recording["start"]?.number ?? 0), end: Timestamp(seconds: recording["end"]?.number ?? 0))
        }
        self.init(recordings.isEmpty ? lines : (lines + recordings).sorted { $0.start < $1.start })
    }
}

extension Transcript.Span {
    /// - Parameter pair: two moments, in seconds.
    fileprivate init(_ pair: Value) {
        let moments = (pair.list ?? []).map { Timestamp(seconds: $0.number ?? 0) }
        self.init(start: moments.first ?? .init(seconds: 0), end: moments.last ?? .init(seconds: 0))
    }
}

extension ChapterMark {
    /// The chapters of a timeline: each ends where the next begins. One without a title takes the episode's.
    static func all(timeline: Value, duration: Timestamp, title: String) -> [ChapterMark] {
        let chapters = timeline["chapters"]?.list ?? []
        let starts = chapters.enumerated().map { $0 == 0 ? .zero : Timestamp(seconds: $1["start"]?.number ?? 0) }
        return chapters.indices.map { index in
            ChapterMark(
                title: PodcastFacts.text(chapters[index]["title"]) ?? title, start: starts[index],
                end: index + 1 < starts.count ? starts[index + 1] : duration)
        }
    }
}

extension String {
    /// `PIP MOUSE` → `Pip Mouse`; a name that is not all capitals stays as it is.
    var capitalizedWords: String {
        guard self == uppercased() else { return self }
        return split(separator: " ", omittingEmptySubsequences: false).map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined(
            separator: " ")
    }
}
