import EpCore
import EpDelivery
import EpPlan
import EpProviders

/// What the documents of a film say about it and its show, as one input (`facts.json`), in the form of a podcast's.
enum FilmFacts {
    /// - Returns: nil if it is not known yet who speaks.
    static func value(_ sources: FilmSources, _ stage: StageContext, _ vendors: Vendors) throws -> Value? {
        guard let people = try people(sources, stage, vendors) else { return nil }
        let episode = stage.episode.value
        let title = sources.title ?? PodcastFacts.text(episode["title"]) ?? stage.episode.name
        let language = try language(stage)
        return [
            "show": PodcastFacts.show(stage.blueprint),
            "episode": .object(
                [
                    .init("title", .string(stage.isDraft ? DraftMark.title + title : title)),
                    .init("summary", .string(PodcastFacts.texts(episode["summary"]).first ?? PodcastFacts.text(episode["topic"]) ?? "")),
                    .init("language", .string(language)),
                ] + PodcastFacts.numbers(episode)
                    + (PodcastFacts.pick(["date", "keywords", "learning_points", "id"], from: episode).members ?? [])
                    + (sources.notes.value.map { [.init("notes", .string($0))] } ?? []) + disclosure(stage)),
            "people": .list(people),
            "file": .string(name(title, stage)),
        ]
    }

    private static func disclosure(_ stage: StageContext) -> [Value.Member] {
        let parts = [stage.isDraft ? PodcastFacts.draftDisclosure : nil, PodcastFacts.text(stage.episode.value["disclosure"])].compactMap(
            \.self)
        return parts.isEmpty ? [] : [.init("disclosure", .string(parts.joined(separator: " ")))]
    }

    /// The name of the files without an ending: the stage's `output`, else the number and the words of the title.
    private static func name(_ title: String, _ stage: StageContext) -> String {
        let written = stage.stage.output.map { ArtifactRef(name: $0, source: .literal([])).stem }
        let name = written ?? PodcastFacts.fileName(number: stage.episode.value["number"], title: title)
        return stage.isDraft ? DraftMark.marked(name) : name
    }

    /// The language in whose coordinate the film lies, else the show's.
    private static func language(_ stage: StageContext) throws -> String {
        let element = try stage.element(called: "language")?.value
        let named = PodcastFacts.text(element) ?? PodcastFacts.text(element?["id"] ?? element?["name"])
        return named ?? PodcastFacts.text(stage.blueprint["language"]) ?? "en"
    }

    /// Who is heard, each once, in the order of the scenes.
    private static func people(_ sources: FilmSources, _ stage: StageContext, _ vendors: Vendors) throws -> [Value]? {
        let credits = Credits(for: stage, vendors)
        var heard: [(name: String, voices: [Credits.Heard])] = []
        for scene in sources.scenes {
            guard let sound = scene.sound else { continue }
            guard !stage.mayFallBack(sound.source) else { return nil }
            guard let voice = credits.voice(of: sound.source) else { continue }
            let name = scene.facts.speaker.isEmpty ? "Narrator" : scene.facts.speaker.capitalizedWords
            let index = heard.firstIndex { $0.name == name } ?? heard.count
            if index == heard.count { heard.append((name, [])) }
            if !heard[index].voices.contains(voice) { heard[index].voices.append(voice) }
        }
        return heard.map(person)
    }

    private static func person(name: String, voices: [Credits.Heard]) -> Value {
        let person: [Value.Member] = [.init("name", .string(name)), .init("role", .string(name == "Narrator" ? "narrator" : "voice actor"))]
        let synthetic = voices.compactMap { voice -> (provider: String, name: String)? in
            if case .synthetic(let provider, let name) = voice { (provider, name) } else { nil }
        }
        guard let first = synthetic.first else { return .object(person) }
        let others = synthetic.dropFirst().map { "\($0.provider), \($0.name)" }
        let voice = ([first.name] + others).joined(separator: "; ")
        return .object(person + [.init("provider", .string(first.provider)), .init("voice", .string(voice))])
    }
}
