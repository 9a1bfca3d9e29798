import FoundationEssentials
import Testing

/// What a person has named and nobody would read is told: nothing of it is dropped in silence.
@Suite struct LostInputTests {
    private static let stages = """
        stages:
          script: { source: script.fountain }
          other: { source: other.fountain }
          speech: { tool: tts, each: script.lines }
          again: { tool: tts, each: other.lines }
          notes: { source: "notes/*.md" }
          more: { source: more.md }
          mixed: { tool: mix, from: [script, speech] }
          mixed2: { tool: mix, from: [other, again] }
          package: { tool: package, from: [mixed, script] }

        """

    private func show(_ stages: String = stages, _ files: [String: String] = [:]) throws -> SmallShow {
        let own = [
            "show/show.yaml": "title: T\ncharacters:\n  - { name: PIP, voice: { provider: espeak, voice: en } }\n",
            "show/pipeline.yaml": stages, "show/ep/script.fountain": "PIP\nOne.\n", "show/ep/other.fountain": "PIP\nTwo.\n",
            "show/ep/notes/a.md": "A.\n", "show/ep/notes/b.md": "B.\n", "show/ep/more.md": "C.\n",
        ]
        return try SmallShow(own.merging(files) { $1 })
    }

    @Test(arguments: [
        ("mixed: { tool: mix, from: [script, speech] }", "mixed: { tool: mix, from: [script, speech, again] }", "a mix has one speech"),
        ("mixed: { tool: mix, from: [script, speech] }", "mixed: { tool: mix, from: [script, other, speech] }", "a mix has one script"),
        ("[mixed, script]", "[mixed, mixed2, script]", "a package has one mix, and mixed2 is one too many"),
        ("[mixed, script]", "[mixed, script, other]", "a package has one script"),
        ("[mixed, script]", "[mixed, script, notes]", "a package has one text of notes, and notes hands on 2"),
    ])
    func oneOfAKindIsRead(_ old: String, _ new: String, _ says: String) async throws {
        let show = try show()
        try show.machine.replace(old, with: new, in: "show/pipeline.yaml")
        let outcome = try await show.machine.run("build", SmallShow.episode)
        #expect(outcome.status == 65 && outcome.errors.contains(says), "\(outcome)")
        #expect(outcome.errors.contains("pipeline.yaml:"), "it has a place: \(outcome)")
    }

    /// It was the end of the program.
    @Test func aPackageOfSeveralMixesIsAnError() async throws {
        let show = try show(
            """
            stages:
              text: { source: script.fountain }
              script:
                { tool: command, each: { language: show.languages }, run: [cp, t, s.fountain], inputs: { t: text }, outputs: [s.fountain] }
              speech: { tool: tts, each: script.lines }
              mixed: { tool: mix, each: { language: show.languages }, from: [script, speech] }
              package: { tool: package, from: [mixed, script] }

            """)
        try show.machine.edit("show/show.yaml") { $0 + "languages: [en, de]\n" }
        let outcome = try await show.machine.run("build", SmallShow.episode)
        #expect(outcome.status == 65 && outcome.errors.contains("mixed hands on 2"), "\(outcome)")
    }

    @Test(arguments: [
        ("music: [ { name: a, level: 1 }, { name: a, level: 2 } ]", "two sounds are called \"a\""),
        ("efects: [ { name: a, level: 1 } ]", "did you mean \"effects\"?"), ("music: [ { level: 1 } ]", "a sound needs a name"),
    ])
    func soundsAreAllHeard(_ sounds: String, _ says: String) async throws {
        let show = try show(Self.stages, ["show/ep/episode.yaml": "title: E\nsounds:\n  \(sounds)\n"])
        let outcome = try await show.machine.run("plan", SmallShow.episode)
        #expect(outcome.status == 65 && outcome.errors.contains(says), "\(outcome)")
    }

    @Test func aSourceIsDelivered() async throws {
        let show = try show("stages:\n  more: { source: more.md, deliver: true }\n  notes: { source: \"notes/*.md\", deliver: flat }\n")
        try await show.machine.run("build", SmallShow.episode).expect(0)
        #expect(try show.machine.outputs(of: SmallShow.episode).keys.sorted() == ["more.md", "notes/a.md", "notes/b.md"])
        try show.machine.replace(", deliver: flat", with: "", in: "show/pipeline.yaml")
        try await show.machine.run("build", SmallShow.episode).expect(0)
        #expect(try show.machine.outputs(of: SmallShow.episode).keys.sorted() == ["more.md"])
    }

    @Test(arguments: [
        ("{ source: more.md, each: notes }", "has `each`, but"), ("{ source: more.md, output: n.md }", "has `output`, but"),
        ("{ source: more.md, output: n.md, editable: true }", "has `editable`, but"),
        ("{ tool: command, in: show, run: [a], outputs: [b] }", "has `in`, but"),
    ])
    func keysThatNothingReadsAreErrors(_ stage: String, _ says: String) async throws {
        let show = try show("stages:\n  notes: { source: \"notes/*.md\" }\n  s: \(stage)\n")
        let outcome = try await show.machine.run("plan", SmallShow.episode)
        #expect(outcome.status == 65 && outcome.errors.contains(says), "\(outcome)")
    }

    /// A file is where an output is to lie, or a directory of inputs.
    @Test(arguments: [("p", "p/o", "so the output p/o cannot lie in it"), ("o/x", "o", "o/x lies in it")])
    func outputsHaveRoom(_ input: String, _ output: String, _ says: String) async throws {
        let show = try show(
            "stages:\n  s: { tool: command, run: [touch, \(output)], inputs: { \(input): ./more.md }, outputs: [\(output)] }\n")
        let outcome = try await show.machine.run("plan", SmallShow.episode)
        #expect(outcome.status == 65 && outcome.errors.contains(says), "\(outcome)")
    }

    /// Two names that differ in their Unicode form alone are two files in an output directory, too.
    @Test func namesOfOutputsAreBytes() async throws {
        let (short, long) = ("caf\u{E9}", "cafe\u{301}")
        let show = try show(
            """
            stages:
              frames: { tool: command, run: [sh, -c, "echo one > frames/\(short); echo two > frames/\(long)"], outputs: [frames/] }
              each: { tool: command, each: frames.files, run: [sh, -c, "cat in > out"], inputs: { in: item }, outputs: [out] }
              all: { tool: command, run: [sh, -c, "cat d/* e/* > o"], inputs: { d: frames, e: each }, outputs: [o], deliver: true }

            """)
        try await show.machine.run("build", SmallShow.episode).expect(0)
        let words = try show.machine.text("show/ep/out/o").split(separator: "\n")
        #expect(words.sorted() == ["one", "one", "two", "two"])
    }
}
