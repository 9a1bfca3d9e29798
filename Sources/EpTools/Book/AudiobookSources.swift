import EpCore
import EpDelivery
import EpPlan
import EpScript

/// What an audiobook is made from: a script for each chapter, a sound for each of its lines, and a cover.
struct AudiobookSources {
    struct Chapter {
        let number: Int?
        let title: String?
        /// The sounds, in the order of the lines.
        let lines: [ArtifactRef]
        /// True for a line that ends a scene.
        let endsScene: [Bool]

        /// The silence after each line.
        func rests(_ setting: AudiobookSetting) -> [Double] { endsScene.map { $0 ? setting.sceneRest : setting.rest } }
    }

    private(set) var chapters: [Chapter] = []
    private(set) var cover = OnlyOne<ArtifactRef>("an audiobook has one cover")
    private(set) var leftOut: [String] = []

    /// A line by where it stands: the numbers of its chapter's coordinates and its own.
    private struct Spot: Hashable {
        let chapter: [Int]
        let line: Int
    }

    /// Nil if something is not known yet.
    init?(_ stage: StageContext) throws {
        guard let upstreams = try stage.upstreams() else { return nil }
        var scripts: [(item: ItemArtifacts, script: Script)] = []
        var sounds: [Spot: ArtifactRef] = [:]
        var skipped: Set<Spot> = []
        var (reading, speech) = (OnlyOne<Void>("an audiobook has one reading"), OnlyOne<Void>("an audiobook has one speech"))
        for (name, artifacts) in upstreams {
            guard let file = artifacts.files.first else {
                leftOut += artifacts.skipped.compactMap(\.item).map { "\(name)/\($0)" }
                continue
            }
            switch file.fileExtension {
            case "fountain":
                try reading.set((), of: name, in: stage)
                for item in artifacts.items {
                    guard let file = item.files.first, let script = try stage.script(file, of: name) else { return nil }
                    scripts.append((item, script))
                    for direction in script.directions {
                        stage.warn(
                            "an audiobook has no pauses and sounds of its script's own: this is left out", at: direction.location,
                            remedy: "take it out; `rest_seconds` of the stage is the pause between lines")
                    }
                }
                leftOut += artifacts.skipped.map { Self.shown($0) } + (try Self.leftOut(of: name, stage))
            case "jpg", "jpeg", "png": try cover.set(file, of: name, count: artifacts.files.count, in: stage)
            case "wav", "flac", "mp3":
                try speech.set((), of: name, in: stage)
                for item in artifacts.items { sounds[Self.spot(item)] = item.files.first }
                skipped.formUnion(artifacts.skipped.map(Self.spot))
                leftOut += artifacts.skipped.map { "line \($0.element?.number ?? 0) of \(Self.shown($0, isLine: true))" }
            default: throw Self.incomplete(stage)
            }
        }
        chapters = try scripts.map { item, script in try Self.chapter(item, script, sounds, skipped, stage) }.filter { !$0.lines.isEmpty }
        guard !chapters.isEmpty else { throw Self.incomplete(stage) }
    }

    /// The scenes that are not read at all.
    private static func leftOut(of reading: StageName, _ stage: StageContext) throws -> [String] {
        try (stage.definition(of: reading)?.from ?? []).flatMap { reference in
            guard let texts = stage.definition(of: reference.stage) else { return [String]() }
            return try stage.artifacts(of: reference.stage)?.skipped.map { BookPlace($0, of: texts).shown } ?? []
        }
    }

    private static func chapter(
        _ item: ItemArtifacts, _ script: Script, _ sounds: [Spot: ArtifactRef], _ skipped: Set<Spot>, _ stage: StageContext
    ) throws -> Chapter {
        let place = numbers(item)
        let ends = Set(script.chapters.map { $0.lines.upperBound - 1 })
        var (lines, endsScene): ([ArtifactRef], [Bool]) = ([], [])
        for index in script.lines.indices {
            let spot = Spot(chapter: place, line: index + 1)
            guard let sound = sounds[spot] else {
                guard skipped.contains(spot) else { throw incomplete(stage) }
                continue
            }
            lines.append(sound)
            endsScene.append(ends.contains(index))
        }
        return Chapter(number: item.element.map(\.number), title: title(item), lines: lines, endsScene: endsScene)
    }

    private static func title(_ item: ItemArtifacts) -> String? { PodcastFacts.text(item.element?.subject["title"]) }
    private static func numbers(_ item: ItemArtifacts) -> [Int] {
        ((item.outer?.elements ?? []) + [item.element].compactMap(\.self)).map(\.number)
    }
    private static func spot(_ item: ItemArtifacts) -> Spot {
        Spot(chapter: (item.outer?.elements ?? []).map(\.number), line: item.element?.number ?? 0)
    }

    private static func shown(_ item: ItemArtifacts, isLine: Bool = false) -> String {
        let chapter = isLine ? item.outer?.elements.last : item.element
        return "chapter \(chapter?.number ?? 1)\(PodcastFacts.text(chapter?.subject["title"]).map { ": \($0)" } ?? "")"
    }

    private static func incomplete(_ stage: StageContext) -> Diagnostic {
        Diagnostic(
            .badInput, "an audiobook needs a script for each chapter, and a sound for each of its lines", at: stage.stage.location,
            remedy:
                "write `from: [READING, SPEECH, COVER]`: READING is `tool: reading` for each chapter, SPEECH `tool: tts` with `each: "
                    + "READING.lines`"
        )
    }
}

/// What the tags of an audiobook say, as one input (`facts.json`).
enum AudiobookFacts {
    static func value(_ sources: AudiobookSources, _ credits: Credits, _ stage: StageContext) -> Value {
        let (blueprint, episode) = (stage.blueprint, stage.episode.value)
        let title = PodcastFacts.text(episode["title"]) ?? stage.episode.name
        let width = max(2, String(sources.chapters.count).count)
        let chapters = sources.chapters.enumerated().map { index, chapter -> Value in
            let heading = Book.Chapter(number: chapter.number, title: chapter.title, scenes: []).heading
            let digits = String(index + 1), number = String(repeating: "0", count: width - digits.count) + digits
            let name = [number, chapter.title.flatMap { FileName.slug($0, atMost: 60) }].compactMap(\.self).joined(separator: "-")
            return ["title": .string(heading), "file": .string(stage.isDraft ? DraftMark.marked(name) : name)]
        }
        let voices = Character.all(of: blueprint).flatMap { character in
            credits.voices[character.name.lowercased()] == nil ? [] : credits.synthetic(of: character).map { (character.name, $0) }
        }
        let people = voices.map { name, voice -> Value in
            ["name": .string(name.capitalizedWords), "provider": .string(voice.provider), "voice": .string(voice.name)]
        }
        let name = FileName.slug(title, atMost: 80) ?? "audiobook"
        let left = sources.leftOut.isEmpty ? [] : ["Left out of this recording: \(sources.leftOut.joined(separator: "; "))."]
        let draft = stage.isDraft ? ["This is a draft, not the finished book: placeholders stand in for some of it."] : []
        let summary = draft + [PodcastFacts.text(episode["summary"])].compactMap(\.self) + left
        let optional = [("date", episode["date"]), ("copyright", blueprint["copyright"])].compactMap { key, value in
            PodcastFacts.text(value).map { Value.Member(key, .string($0)) }
        }
        return .object(
            [
                .init("file", .string(stage.isDraft ? DraftMark.marked(name) : name)),
                .init("title", .string(stage.isDraft ? DraftMark.title + title : title)),
                .init("author", .string(PodcastFacts.text(episode["author"]) ?? PodcastFacts.text(blueprint["author"]) ?? "")),
                .init("language", .string(PodcastFacts.text(blueprint["language"]) ?? "en")),
                .init("summary", .string(summary.joined(separator: " "))),
                .init("people", .list(people)), .init("chapters", .list(chapters)),
                .init("left_out", .list(sources.leftOut.map(Value.string))),
            ] + optional)
    }

    /// What one chapter's tag says.
    static func chapter(_ index: Int, of facts: Value) -> Value {
        let title = facts["chapters"]?.list?[index]["title"] ?? ""
        let kept = (facts.members ?? []).filter { !["file", "chapters", "left_out"].contains($0.key) }
        return .object(kept + [.init("chapter", title), .init("number", .int(Int64(index + 1)))])
    }
}
