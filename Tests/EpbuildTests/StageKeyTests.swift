import Testing

/// Keys that any stage may have: `when`, `pool`, `optional`, and inputs under their own names.
@Suite struct StageKeyTests {
    private static let scenes = """
        scenes:
          - { id: one, kind: quote, seconds: 9, text: First }
          - { id: two, kind: list, seconds: 10, silent: true, text: Second }
          - { id: three, kind: quote, seconds: 100, text: Third }

        """

    private static func pipeline(_ more: String) -> String {
        """
        stages:
          script: { source: script.yaml }
          spoken: { tool: command, each: { scene: script.scenes }, run: [cp, in.txt, out.txt], inputs: { in.txt: scene.text }, outputs: [out.txt]\(more) }
          joined: { tool: command, run: [sh, -c, "ls parts > all.txt; cat parts/* >> all.txt"], inputs: { parts: { of: spoken, names: id } }, outputs: [all.txt], deliver: true }

        """
    }

    private func show(_ more: String) throws -> SmallShow {
        try SmallShow(["show/pipeline.yaml": Self.pipeline(more), "show/ep/script.yaml": Self.scenes])
    }

    @Test(arguments: [
        ("", ["one", "three", "two"]), (", when: scene.kind == quote", ["one", "three"]), (", when: not scene.silent", ["one", "three"]),
        (", when: item.seconds > 9 and item.kind != list", ["three"]), (", when: item.silent", ["two"]),
        (", when: \"scene.text == 'Second'\"", ["two"]),
    ])
    func aConditionChoosesItems(more: String, expected: [String]) async throws {
        let show = try show(more)
        try await show.build().expect(.built, ["spoken": expected.count, "joined": 1])
        let listed = try show.machine.text("show/ep/out/all.txt").split(separator: "\n").prefix(expected.count).map(String.init)
        #expect(listed == expected.map { "\($0).txt" })
        try await show.build().expect(.upToDate)
    }

    /// Another condition makes nothing stale but what reads the items.
    @Test func aConditionIsNoInput() async throws {
        let show = try show("")
        try await show.build().expect(.built, executed: 4)
        try show.write(Self.pipeline(", when: scene.kind == quote"), to: "show/pipeline.yaml")
        try await show.build().expect(.built, executed: 1, ["joined": 1])
        try show.write(Self.pipeline(""), to: "show/pipeline.yaml")
        try await show.build().expect(.built, executed: 0)
    }

    @Test(arguments: [
        (", when: scene.kind quote", "is no condition"), (", when: joined", "names \"joined\", which is no element"),
        (", when: [a]", "must be a condition, not a list"),
        (", when: \"\"", "is no condition"), (", when: scene.knd == quote", "knd"), (", pool: gpu", "there is no pool \"gpu\""),
        (", optional: true", "that is for files"),
    ])
    func whatIsWrongIsNamed(more: String, message: String) async throws {
        try await show(more).machine.run(SmallShow.episode).expect(65, errors: "show/pipeline.yaml:3:", message)
    }

    @Test func aPoolIsAWidthOfOnesOwn() async throws {
        let show = try show(", pool: gpu")
        try show.write("limits: { jobs: 4, pools: { gpu: 1 } }\n", to: "epbuild.yaml")
        // Two at once would find each other's directory.
        let run = "run: [sh, -c, \"mkdir \(show.machine.workspace)/busy && cp in.txt out.txt && rmdir \(show.machine.workspace)/busy\"]"
        try show.write(Self.pipeline(", pool: gpu").replacing("run: [cp, in.txt, out.txt]", with: run), to: "show/pipeline.yaml")
        try await show.build().expect(.built, ["spoken": 3])
        try show.write("limits: { pools: { gpo: 1 } }\n", to: "epbuild.yaml")
        try await show.machine.run(SmallShow.episode).expect(65, errors: "did you mean \"gpo\"?")
        try show.write("limits: { pools: { llm: 1 } }\n", to: "epbuild.yaml")
        try await show.machine.run(SmallShow.episode).expect(65, errors: "a pool cannot be called \"llm\"")
    }

    @Test func filesMayBeMissing() async throws {
        let show = try SmallShow([
            "show/pipeline.yaml": SmallShow.pipeline.replacing(".txt\" }", with: ".txt\", optional: true }").replacing(
                "> all.txt", with: "> all.txt || :")
        ])
        try await show.build().expect(.built, ["joined": 1])
        #expect(try show.machine.text("show/ep/out/all.txt") == "")
        try show.write("hello\n", to: "show/ep/texts/a.txt")
        try await show.build().expect(.built, ["upper": 1, "marked": 1, "joined": 1])
        #expect(try show.machine.text("show/ep/out/all.txt") == "HELLO!\n")
    }
}
