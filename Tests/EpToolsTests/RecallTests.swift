import EpCore
import EpPlan
import FoundationEssentials
import Testing

@testable import EpEngine
@testable import EpProviders

/// `recall:`: a prompt is given the passages that match best, and depends on these alone.
@Suite struct RecallTests {
    private let model = TestModel("alpha")

    /// Scenes that ask the notes about what they are about.
    private func machines(_ recall: String, prompt: String = "Write {{ item.text }}.{{#each recall as p}} [{{ p.text }}]{{/each}}") throws
        -> TwoMachines
    {
        let machines = try TwoMachines(models: [model])
        try machines.write(
            "topic: t\nscenes:\n- { text: the bell }\n- { text: the lamp }\n- { text: the bell and the lamp }\n- { text: nothing }\n",
            to: "w/show/ep/episode.yaml")
        try machines.write("The bell was cast in a wet year.", to: "w/show/ep/notes/bell.md")
        try machines.write("A lamp leaned by the wall.", to: "w/show/ep/notes/lamp.md")
        try machines.write(prompt, to: "w/show/prompt.md")
        try machines.pipeline(
            "notes: { source: \"notes/*.md\" }",
            "scenes: { tool: llm, each: episode.scenes, prompt: prompt.md, output: scene.txt, recall: \(recall), deliver: true }")
        return machines
    }

    private func scene(_ number: Int, _ machines: TwoMachines) -> String { machines.read("out/scenes/\(number)/scene.txt") ?? "" }

    @Test func aPromptIsGivenWhatMatchesBest() async throws {
        let machines = try machines(
            "{ from: [notes], query: \"{{ item.text }}\", limit: 1 }",
            prompt: "{{ item.text }}:{{#each recall as p}} {{ p.name }}: {{ p.text }}{{/each}}")
        let report = try await machines.build()
        #expect(report.outcome == .built, "\(report.failures)")
        #expect(scene(1, machines) == "alpha 1: the bell: notes/bell.md: The bell was cast in a wet year.")
        #expect(scene(2, machines) == "alpha 1: the lamp: notes/lamp.md: A lamp leaned by the wall.")
        #expect(scene(4, machines) == "alpha 1: nothing:")
        // There is no step for it: four questions are all that runs.
        #expect(report.actions.executed == 4 && model.takeAsked() == 4)
    }

    @Test func anEditMakesStaleOnlyWhatItsPassagesReach() async throws {
        let machines = try machines("{ from: [notes], query: \"{{ item.text }}\", limit: 2 }")
        try await machines.build()
        #expect(model.takeAsked() == 4)
        try machines.write("The bell was cast in a dry year.", to: "w/show/ep/notes/bell.md")
        // "the" and "a" are words, too: scene 2 has the note of the bell as its second best.
        let report = try await machines.build()
        #expect(model.takeAsked() == 3 && report.stages.first { $0.name.text == "scenes" }?.counts.executed == 3)
        // A note that nobody's question finds, first in the order of the files.
        try machines.write("Zebras graze.", to: "w/show/ep/notes/a.md")
        #expect(try await machines.build().failures.isEmpty && model.takeAsked() == 0)
        // Back again: everything is there.
        try machines.write("The bell was cast in a wet year.", to: "w/show/ep/notes/bell.md")
        #expect(try await machines.build().failures.isEmpty && model.takeAsked() == 0)
    }

    /// Of its own stage an item recalls what comes before it.
    @Test func anItemRecallsEarlierItemsOfItsOwnStage() async throws {
        let machines = try machines(
            "{ from: [scenes], query: \"{{ item.text }}\", limit: 1 }",
            prompt: "Write {{ item.text }}.{{#each recall as p}} After {{ p.name }}.{{/each}}")
        try await machines.build()
        #expect(model.takeAsked() == 4)
        #expect(
            scene(1, machines) == "alpha 1: Write the bell." && scene(2, machines).hasSuffix("After scenes/1."), "\(scene(2, machines))")
        // The third is about both; the first is the shorter.
        #expect(scene(3, machines).hasSuffix("After scenes/1.") || scene(3, machines).hasSuffix("After scenes/2."))
        // What nobody after it recalls by its words: the last one.
        try machines.write(
            "topic: t\nscenes:\n- { text: the bell }\n- { text: the lamp }\n- { text: the bell and the lamp }\n- { text: everything }\n",
            to: "w/show/ep/episode.yaml")
        try await machines.build()
        #expect(model.takeAsked() == 1)
    }

    @Test func theWholeListMayBeNamedAtOnce() async throws {
        let machines = try machines("{ from: [notes], query: \"lamp\", limit: 1 }", prompt: "Known:\n  {{ recall }}")
        try await machines.build()
        #expect(
            scene(1, machines) == "alpha 1: Known:\n  - text: A lamp leaned by the wall.\n    name: notes/lamp.md", "\(scene(1, machines))")
    }

    /// A text of the item itself is no news to it, though it matches best.
    @Test func whatIsAboutTheSameElementIsNotRecalled() async throws {
        let machines = try machines("{ from: [notes], query: x }")
        try machines.pipeline(
            "list: { source: list.yaml }",
            "drafts: { tool: llm, each: list.scenes, prompt: draft.md, output: draft.txt }",
            "scenes: { tool: llm, each: drafts, prompt: prompt.md, output: scene.txt, recall: { from: [drafts], query: \"{{ item.text }}\", limit: 9 }, deliver: true }"
        )
        try machines.write(
            "scenes:\n- { text: the bell }\n- { text: the lamp }\n- { text: the bell and the lamp }\n", to: "w/show/ep/list.yaml")
        try machines.write("About {{ item.text }}.", to: "w/show/draft.md")
        try machines.write("{{ item.text }}{{#each recall as p}} <{{ p.name }}>{{/each}}", to: "w/show/prompt.md")
        let report = try await machines.build()
        #expect(
            report.outcome == .built && !scene(1, machines).contains("<drafts/1>") && scene(1, machines).contains("<drafts/3>"),
            "\(scene(1, machines)) \(report.failures)")
    }

    @Test(arguments: [
        ("{ from: [nots], query: x }", "reads \"nots\", which is no stage"),
        ("{ from: [notes.lines], query: x }", "reads whole stages"),
        ("{ from: [notes] }", "has no `query`"),
        ("{ query: x }", "has no `from`"),
        ("{ from: [notes], query: x, limit: 0 }", "must be a whole number from 1 to 100"),
        ("{ from: [notes], query: x, lmit: 3 }", "unknown key `lmit`"),
        ("{ from: [notes], query: \"{{ recall }}\" }", "cannot name what answers it"),
        ("[notes]", "must be a mapping"),
    ])
    func whatIsWrongIsSaid(recall: String, message: String) async throws {
        let report = try await machines(recall).build()
        #expect(
            report.failures.contains {
                $0.diagnostic.message.contains(message) && $0.diagnostic.location?.file.hasSuffix("pipeline.yaml") == true
            }, "\(report.failures.map(\.diagnostic))")
        #expect(model.takeAsked() == 0)
    }

    @Test func passagesThatNobodyNamesOrLooksForAreMistakes() async throws {
        let unnamed = try await machines("{ from: [notes], query: x }", prompt: "Write.").build()
        #expect(
            unnamed.failures.contains { $0.diagnostic.message.contains("its prompt does not name it") },
            "\(unnamed.failures.map(\.diagnostic))")
        let unasked = try await machines("~", prompt: "Write {{ recall }}.").build()
        #expect(unasked.failures.contains { $0.diagnostic.message.contains("recalls nothing") }, "\(unasked.failures.map(\.diagnostic))")
    }

    @Test func questionsThatAreNoWordsFindNothing() async throws {
        let machines = try machines("{ from: [notes], query: \"\\\" ? ( * -\" }")
        #expect(try await machines.build().outcome == .built && scene(1, machines) == "alpha 1: Write the bell.")
    }
}

/// `tool: index` and `tool: book`, over texts of a person's and of a model's.
@Suite struct BookToolTests {
    private let model = TestModel("alpha")

    private func machines(
        _ book: String = "from: [outline, prose]",
        outline: String = "title: Salt\nchapters:\n- { title: One, scenes: [a, b] }\n- { title: Two, scenes: [c] }\n"
    ) throws -> TwoMachines {
        let machines = try TwoMachines(models: [model])
        try machines.write("title: S\nauthor: Ann\nlanguage: en\n", to: "w/show/show.yaml")
        try machines.write("title: Salt\nsummary: A book.\n", to: "w/show/ep/episode.yaml")
        try machines.write(outline, to: "w/show/ep/outline.yaml")
        try machines.write("scenes:\n{{#each chapter.scenes as s}}\n- { title: {{ s }} }\n{{/each}}", to: "w/show/scenes.md")
        try machines.write("Tell {{ scene.title }} of {{ chapter.title }}.", to: "w/show/prose.md")
        try machines.pipeline(
            "outline: { source: outline.yaml }",
            "scenes: { tool: command, each: { chapter: outline.chapters }, run: [sh, -c, \"echo scenes: > s.yaml; sed 's/^- *//; s/.*/- { title: & }/' in.json >> s.yaml\"], inputs: { in.json: chapter.scenes }, outputs: [s.yaml], output: s.yaml }",
            "prose: { tool: llm, each: { scene: scenes.scenes }, prompt: prose.md, output: prose.md }",
            "book: { tool: book, \(book) }",
            "index: { tool: index, from: [prose, outline], output: i.sqlite, deliver: true }")
        return machines
    }

    @Test func scenesBecomeABook() async throws {
        let machines = try machines()
        let report = try await machines.build()
        #expect(report.outcome == .built, "\(report.failures.map(\.diagnostic))")
        let text = try #require(machines.read("out/salt.md"))
        #expect(
            text.hasPrefix(
                "# Salt\n\n*Ann*\n\n## 1 · One\n\nalpha 1: Tell a of One.\n\n* * *\n\nalpha 1: Tell b of One.\n\n## 2 · Two\n\nalpha 1: Tell c of Two.\n\n---\n\n"
            ), "\(text)")
        #expect(text.contains("Made by a machine in the stage prose: alpha (3 texts)."), "\(text)")
        let counts = Value(json: try #require(machines.bytes("out/salt.counts.json")))
        #expect(counts?["words"]?.number == 18 && counts?["chapters"]?.list?[1]["scenes"]?.list?[0]["title"] == "c")
        #expect(machines.bytes("out/salt.epub")?.starts(with: [0x50, 0x4B, 3, 4]) == true && machines.read("out/salt.counts.md") != nil)
        // A chapter's title costs the book and what is asked with it, the order of the chapters nothing but the book and the index.
        _ = model.takeAsked()
        try machines.write(
            "title: Salt\nchapters:\n- { title: Two, scenes: [c] }\n- { title: One, scenes: [a, b] }\n", to: "w/show/ep/outline.yaml")
        let swapped = try await machines.build()
        #expect(
            swapped.actions.executed == 2 && model.takeAsked() == 0
                && machines.read("out/salt.md")?.contains("## 2 · One\n\nalpha 1: Tell a of One.") == true)
    }

    /// The same texts, in another directory and on another machine, give the same file; and it answers.
    @Test func theIndexIsAFileOfTheSameBytes() async throws {
        let (here, there) = (try machines(), try machines())
        try await here.build()
        try await there.build(on: "there")
        let bytes = try #require(here.bytes("out/i.sqlite"))
        #expect(bytes == there.bytes("out/i.sqlite") && bytes.starts(with: "SQLite format 3".utf8))
    }

    @Test(arguments: [
        ("from: [outline]", "a book needs texts"),
        ("from: [outline, index]", "a book can make nothing of"),
        ("from: [outline, other, prose]", "a second outline"),
    ])
    func whatIsNoBookIsSaid(book: String, message: String) async throws {
        let machines = try machines(book)
        try machines.write("a: b\n", to: "w/show/ep/other.yaml")
        let pipeline = try #require(try? String(contentsOfFile: "\(machines.path)/w/show/pipeline.yaml", encoding: .utf8))
        try machines.write(pipeline + "  other: { source: other.yaml }\n", to: "w/show/pipeline.yaml")
        let report = try await machines.build()
        #expect(report.failures.contains { $0.diagnostic.message.contains(message) }, "\(report.failures.map(\.diagnostic))")
    }
}
