import EpCore

/// Writes what is said in the scenes of a talk: from a list of scenes, as a document has given it, a list whose narration can be read
/// aloud.
///
/// It adds what leads from one thing to the next, and the frame of a list or a quotation; facts it takes as they stand. It writes English,
/// German and
/// Spanish; of other languages it changes only what is the same in all.
struct SceneScriptWriter {
    private let title: String
    private let language: String
    private let scenes: [Value]
    private let words: NarrationWords
    private let variation: String
    /// With which words a film of this language ends.
    private let closing: String?

    init(_ prompt: Prompt) throws(Diagnostic) {
        let show = try prompt.optionalYAML("Show")
        let list = try prompt.yaml("Scenes")
        title = list["title"].text ?? show?["title"].text ?? ""
        language = list["language"].text ?? show?["language"].text ?? "en"
        scenes = list["scenes"]?.list ?? []
        words = NarrationWords.of(language)
        variation = prompt.variation
        let short = language.split { $0 == "-" || $0 == "_" }.first.map(String.init) ?? language
        closing = show?["closing"].text ?? show?["closing"]?[language].text ?? show?["closing"]?[short].text
        guard !scenes.isEmpty else {
            throw Prompt.problem(
                "the section \"## Scenes\" has no `scenes`", line: 0, remedy: "give it a list of scenes, as `tool: adapt` makes it")
        }
    }

    func document() -> Value {
        var sections: Set<String> = []
        let written = scenes.enumerated().map { index, scene in
            let heading = scene["title"].text ?? ""
            let isNew = sections.insert(heading).inserted && !heading.isEmpty
            return self.scene(scene, isNewSection: isNew && index > 0)
        }
        let end = scenes.last?["type"].text == "end" ? [] : closing.map { [ending($0)] } ?? []
        let heads = [("title", title), ("language", language)].filter { !$0.1.isEmpty }.map { Value.Member($0.0, .string($0.1)) }
        return .object(heads + [.init("scenes", .list(written + end)), .init("made_by", .string(OfflineWriter.madeBy))])
    }

    private func scene(_ scene: Value, isNewSection: Bool) -> Value {
        let kind = scene["type"].text ?? "text"
        let narration = Narration(scene, kind: kind, words, isNewSection: isNewSection, variation: variation)
        var members = (scene.members ?? []).filter {
            !["narration", "text", "minimum_seconds"].contains($0.key) || $0.key == "text" && kind != "text"
        }
        let shown = scene["text"].text ?? (kind == "text" && scene["points"].strings.isEmpty ? narration.keySentence : nil)
        if kind == "text", let shown { Self.insert(.init("text", .string(shown)), behind: "title", in: &members) }
        if !narration.text.isEmpty { Self.insert(.init("narration", .string(narration.text)), behind: "points", in: &members) }
        let seconds = scene["minimum_seconds"]?.number ?? narration.leastSeconds
        if let seconds { members.append(.init("minimum_seconds", seconds == seconds.rounded() ? .int(Int64(seconds)) : .double(seconds))) }
        return .object(members)
    }

    /// The last scene says goodbye, and shows what the film was about.
    private func ending(_ words: String) -> Value {
        let text = SpokenSentences.unended(words)
        return .object([
            .init("id", .string("end")), .init("type", .string("end")), .init("title", .string(text)), .init("text", .string(title)),
                .init("narration", .string(SpokenSentences.ended(words))),
            .init("minimum_seconds", .int(4)),
        ])
    }

    private static func insert(_ member: Value.Member, behind key: String, in members: inout [Value.Member]) {
        let keys = ["id", "type", "title", "text", "points"]
        let before = keys.prefix((keys.firstIndex(of: key) ?? 0) + 1)
        let place = members.lastIndex { before.contains($0.key) }.map { $0 + 1 } ?? members.count
        members.insert(member, at: place)
    }
}
