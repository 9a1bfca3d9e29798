import EpCore
import Testing

@testable import EpPlan

/// Keys of shows and episodes are free; a slip in one that something reads is warned of.
@Suite struct KeyTests {
    private func warnings(
        show: String = "title: S", episode: String = "title: E", prompt: String = "{{ show.title }}"
    ) throws -> [Diagnostic] {
        let planner = try planner(
            "stages:\n  a: { tool: copy, prompt: p.md }\n", files: MemoryFiles(["/w/show/p.md": prompt]), show: show, episode: episode)
        _ = try planner.stageGraph()
        return planner.warnings
    }

    @Test(arguments: [
        ("title: E\ntopc: x", "2:1", "`topc` of the episode", "topic"), ("titel: E", "1:1", "`titel` of the episode", "title"),
        ("title: E\nnumbr: 3", "2:1", "`numbr` of the episode", "number"),
        ("title: E\npubish: false", "2:1", "`pubish` of the episode", "publish"),
        ("title: E\noverrides: {languge: de}", "2:13", "`languge` of `overrides`", "language"),
    ])
    func aSlipInAnEpisode(_ text: String, _ place: String, _ what: String, _ meant: String) throws {
        let found = try warnings(episode: text)
        #expect(found.map(\.message) == ["nothing reads \(what)"] && found.first?.remedy == "did you mean \"\(meant)\"?")
        #expect(found.first?.location?.description == "episode.yaml:\(place)" && found.first?.severity == .warning)
    }

    @Test func aSlipInAShow() throws {
        #expect(try warnings(show: "title: S\nchracters: []\n").map(\.remedy) == ["did you mean \"characters\"?"])
        #expect(
            try warnings(show: "title: S\ncatgory: Arts\nlinks: x\n").map(\.remedy) == [
                "did you mean \"category\"?", "did you mean \"link\"?",
            ])
    }

    /// What prompts name has a meaning, too.
    @Test func promptsSayWhatIsRead() throws {
        #expect(try warnings(episode: "title: E\ntopc: x", prompt: "{{ episode.topc }}").isEmpty)
        #expect(try warnings(episode: "title: E\ntopc: x", prompt: "{{ episode }}").isEmpty)
        #expect(
            try warnings(episode: "title: E\npionts: [x]", prompt: "{{#each episode.points as p}}{{ p }}{{/each}}").map(\.remedy) == [
                "did you mean \"points\"?"
            ])
        #expect(
            try warnings(show: "title: S\naudiance: x", prompt: "{{#if show.audience}}a{{/if}}").map(\.remedy) == [
                "did you mean \"audience\"?"
            ])
    }

    @Test func freeKeysAreFree() throws {
        #expect(
            try warnings(show: "title: S\nworld: {a: b}\ntheme: x\n", episode: "title: E\ntopic: t\ntopc: x\nmood: y\nscene: [z]\n")
                .isEmpty, "what is meant is there")
    }
}
