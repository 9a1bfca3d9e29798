import FoundationEssentials
import Testing

/// `epbuild clean --deep`: one episode is started anew.
@Suite struct DeepCleanTests {
    /// A text that a person may change, made of a source, and what is made of that.
    private static func show() throws -> SmallShow {
        try SmallShow([
            "show/pipeline.yaml": """
            stages:
              topic: { source: topic.txt }
              draft: { tool: command, run: [sh, -c, "cat in.txt > draft.txt"], inputs: { in.txt: topic }, outputs: [draft.txt], output: draft.txt, editable: true }
              other: { tool: command, run: [sh, -c, "cat in.txt > other.txt"], inputs: { in.txt: topic }, outputs: [other.txt], output: other.txt, editable: true }
              whole: { tool: command, run: [sh, -c, "cat a b > whole.txt"], inputs: { a: draft, b: other }, outputs: [whole.txt], deliver: true }

            """,
            "show/ep/topic.txt": "bees\n",
        ])
    }

    private func run(_ words: String..., on show: SmallShow) async throws -> Program.Outcome {
        try await Program.run([Program.epbuild] + words, in: show.machine.workspace, environment: show.machine.environment())
    }

    @Test func everythingIsMadeAnewAndWhatIsAPersonsStays() async throws {
        let show = try Self.show()
        try await show.build().expect(.built, executed: 3)
        try show.write("bees, by hand\n", to: "show/ep/other.txt")
        try await show.build().expect(.built, executed: 1)
        let cleaned = try await run("clean", "--deep", SmallShow.episode, on: show)
        cleaned.expect(0, says: "draft: the next build makes a new take of 1 action", "whole: the next build makes a new take of 1 action")
        cleaned.expect(
            0, says: "removed draft.txt, which was generated", "kept other.txt, as you have edited it",
            "cached results, edits, decisions and what was spent stay")
        #expect(!FileManager.default.fileExists(atPath: "\(show.machine.workspace)/show/ep/draft.txt"))
        // Both that are not edited are made again, and the text stands where it stood.
        try await show.build().expect(.built, executed: 2)
        #expect(
            try show.machine.text("show/ep/draft.txt") == "bees\n" && show.machine.text("show/ep/out/whole.txt") == "bees\nbees, by hand\n")
        let takes = try await run("takes", SmallShow.episode, "draft", on: show)
        #expect(takes.output.contains("2") && takes.output.contains("1"), "\(takes)")
        #expect(try await run("log", SmallShow.episode, on: show).output.contains("clean (deep)"))
        // The take is above every one that there ever was.
        _ = try await run("use", SmallShow.episode, "draft", "1", on: show)
        #expect(try await run("clean", "--deep", SmallShow.episode, on: show).status == 0)
        try await show.build().expect(.built, executed: 2)
        #expect(try await run("takes", SmallShow.episode, "draft", "--json", on: show).output.contains("\"take\":3,\"inUse\":true"))
    }

    @Test func itIsOneEpisodeAndAllOfIt() async throws {
        let show = try Self.show()
        #expect(try await run("clean", "--deep", SmallShow.episode, "draft", on: show).status == 64)
        #expect(try await run("clean", "--deep", "--files", SmallShow.episode, on: show).status == 64)
    }
}
