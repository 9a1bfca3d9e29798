import EpCore
import FoundationEssentials
import Testing

@testable import EpOffline

/// What the offline writer writes for the documentary in `Episodes/documentary`, document by document.
@Suite struct FilmWriterTests {
    private static let directory = String(#filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound)) + "/Episodes/documentary"
    private static let episode = "ep001-a-light-that-reaches"

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(directory)/\(path)")), as: UTF8.self)
    }

    private static func sources() throws -> [(name: String, text: String)] {
        try ["1-lens.md", "2-keepers.md"].map { ($0, try text("\(episode)/sources/\($0)")) }
    }

    private static func section(_ name: String, _ value: Value) -> String { "## \(name)\n\n```yaml\n\(BlockYAML.text(of: value))```\n\n" }

    /// All documents, each written from the ones before.
    struct Chain {
        var outline = Value.null, research = Value.null, script = Value.null, storyboard = Value.null, assets = Value.null

        init(opening: String = "This is a test.") throws {
            let sources = try FilmWriterTests.sources()
            let texts = "## Sources\n\n" + sources.map { "````markdown\n\($0.text)\n````\n" }.joined()
            let show = FilmWriterTests.section(
                "Show", ["title": "Show", "language": "en", "opening": .string(opening), "closing": "That was a test."])
            let topic = FilmWriterTests.section(
                "Topic", ["title": "A Light That Reaches", "topic": "How a lighthouse sends its light to the horizon"])
            func write(_ heading: String, _ sections: String...) throws -> Value {
                try BlockYAML.value(of: OfflineWriter.write(prompt: "# \(heading)\n\n" + sections.joined()))
            }
            outline = try write("Film outline", show, topic, texts)
            let names = FilmWriterTests.section("Source names", .list(sources.map { .string($0.name) }))
            research = try write("Research", FilmWriterTests.section("Outline", outline), names, texts)
            script = try write(
                "Film script", show, FilmWriterTests.section("Outline", outline), FilmWriterTests.section("Research", research))
            storyboard = try write("Storyboard", FilmWriterTests.section("Script", script))
            assets = try write(
                "Asset plan", FilmWriterTests.section("Storyboard", storyboard),
                FilmWriterTests.section("Pictures", ["pictures/part-2-1.png"]))
        }
    }

    @Test func everyFactIsASentenceOfItsSource() throws {
        let chain = try Chain()
        let sources = Dictionary(uniqueKeysWithValues: try Self.sources().map { ($0.name, Source([$0.text])) })
        let facts = (chain.research["findings"]?.list ?? []).flatMap { $0["facts"]?.list ?? [] }
        #expect(facts.count > 20)
        for fact in facts {
            let source = try #require(sources[fact["source"].text ?? ""])
            #expect(source.sections.flatMap(\.sentences).contains { $0.text == fact["text"].text }, "\(fact)")
        }
        #expect(chain.outline["parts"]?.list?.count == 7)
    }

    @Test func scenesCanBeReadAloudWhileOnePictureStands() throws {
        let script = try Chain().script
        let scenes = try #require(script["scenes"]?.list)
        #expect((10...40).contains(scenes.count), "\(scenes.count)")
        #expect(scenes.first?["type"].text == "title" && scenes.last?["type"].text == "end")
        #expect(Set(scenes.compactMap { $0["id"].text }).count == scenes.count)
        for scene in scenes {
            let words = Words.split(scene["narration"].text ?? "").count
            #expect((4...75).contains(words), "\(scene)")
        }
        #expect(scenes.contains { $0["narration"].text?.contains("Cordouan") == true })
        let end = scenes.last?["narration"].text ?? ""
        #expect(
            end.hasPrefix("So, once more: how does a lighthouse send its light to the horizon? ") && end.hasSuffix("That was a test."),
            "\(end)")
    }

    @Test func panelsKeepWhatIsSaidAndSayWhatIsSeen() throws {
        let chain = try Chain()
        let (scenes, panels, planned) = (
            chain.script["scenes"]?.list ?? [], chain.storyboard["panels"]?.list ?? [], chain.assets["scenes"]?.list ?? []
        )
        #expect(panels.map { $0["narration"].text } == scenes.map { $0["narration"].text })
        #expect(planned.map { $0["narration"].text } == scenes.map { $0["narration"].text })
        for panel in panels {
            #expect(panel["visual"].text?.isEmpty == false && panel["shot"].text?.isEmpty == false)
            if let shown = panel["text"].text { #expect(Words.split(shown).count <= 21, "\(shown)") }
        }
        #expect(planned.compactMap { $0["image"].text } == ["pictures/part-2-1.png"])
        let assets = chain.assets["assets"]?.list ?? []
        #expect(assets.count == 2 * scenes.count)
        #expect(assets.contains { $0["kind"].text == "picture" && $0["rights"].text == "to be checked" })
    }

    /// What reads one scene of another knows nothing of the others: an edit of one sentence changes its own.
    @Test func anEditOfOneScenesWordsChangesItsPanelAlone() throws {
        let script = try Chain().script
        let panels =
            try BlockYAML.value(of: OfflineWriter.write(prompt: "# Storyboard\n\n" + Self.section("Script", script)))["panels"]?.list ?? []
        let text = BlockYAML.text(of: script)
        let changed = try BlockYAML.value(of: text.replacing("thirty kilometres", with: "thirty miles"))
        let others =
            try BlockYAML.value(of: OfflineWriter.write(prompt: "# Storyboard\n\n" + Self.section("Script", changed)))["panels"]?.list ?? []
        #expect(zip(panels, others).count(where: { $0 != $1 }) == 1)
    }

    @Test func whatIsMissingIsNamed() {
        #expect(throws: Diagnostic.self) {
            try OfflineWriter.write(prompt: "# Storyboard\n\n" + Self.section("Script", ["title": "No scenes"]))
        }
        #expect(throws: Diagnostic.self) { try OfflineWriter.write(prompt: "# Film script\n\n" + Self.section("Outline", ["title": "T"])) }
    }
}
