import EpCore
import EpPlan
import Testing

/// A part of an episode that is built to try it: up to a stage, or at a coordinate.
@Suite struct ExcerptTests {
    private let script = "\(Machine.moon)/script.fountain"

    /// The script of the shipped show has several chapters; of it, the first alone is spoken, and then the rest.
    @Test func oneChapterIsTriedAndThenTheRestIsBuilt() async throws {
        let machine = try Machine()
        let planned = try await machine.run("plan", Machine.moon, "--only", "chapter=1", "--all", "--json")
        let chapter = try await machine.build(Machine.moon, "--only", "chapter=1")
        try chapter.expect(.built)
        let some = try chapter.report.executed("audio_synthesis")
        // What was planned is what ran.
        let run = try Node(parsing: Array(planned.output.utf8), file: "plan.json").value["run"]?.list ?? []
        #expect(
            run.count { $0["target"]?.string?.hasPrefix("audio_synthesis/") == true } == some && !planned.output.contains("\"audio_mixing"),
            "\(planned)")
        #expect(some > 0 && some < 12)
        #expect(try chapter.report.stages["audio_mixing"] == nil)
        try await machine.build(Machine.moon, "--only", "chapter=1").expect(executed: 0)
        let spoken = try await machine.build(Machine.moon, "--until", "audio_synthesis")
        try spoken.expect(.built, ["audio_synthesis": 12 - some])
        #expect(try spoken.report.stages["audio_mixing"] == nil)
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 0])
        try await machine.build(Machine.moon).expect(.upToDate, executed: 0)
    }

    /// A chapter is named by its heading as well as by its number.
    @Test func aHeadingIsACoordinate() async throws {
        let machine = try Machine()
        let planned = try await machine.run("plan", Machine.moon, "--only", "chapter=3", "--json")
        let named = try await machine.run("plan", Machine.moon, "--only", "chapter=who lights the moon?", "--json")
        planned.expect(0)
        #expect(named.output == planned.output && named.output.contains("audio_synthesis"))
        try await machine.run("plan", Machine.moon, "--only", "chapter=Who lights the Moo").expect(64, errors: "Who lights the Moon?")
    }

    @Test func aFieldOfTheElementsIsACoordinate() async throws {
        let machine = try Machine()
        let build = try await machine.build(Machine.moon, "--only", "speaker=PIP")
        let some = try build.report.executed("audio_synthesis")
        #expect(some > 0 && some < 12)
        try await machine.run("build", Machine.moon, "--only", "chapter=99").expect(64, errors: "there is nothing at chapter=99")
        try await machine.run("build", Machine.moon, "--only", "look=dark").expect(64, errors: "nothing here has a look")
        try await machine.run("build", Machine.moon, "--only", "first").expect(64, errors: "--only takes a coordinate")
        try await machine.run("build", Machine.moon, "cover", "--only", "chapter=1").expect(
            64, errors: "--only chooses by itself what is asked for")
        try await machine.run("plan", Machine.moon, "cover", "--only", "chapter=1").expect(64, errors: "leave out cover, or --only")
        try await machine.run("plan", Machine.moon, "--only", "chapter=99").expect(64, errors: "there is nothing at chapter=99")
        try await machine.run("build", Machine.moon, "--until", "mixing").expect(64, errors: "there is no stage \"mixing\"", "audio_mixing")
    }

    private static let pipeline = """
        stages:
          texts: { source: "texts/*.txt" }
          said: { tool: command, each: { language: show.languages, text: texts }, run: [sh, -c, "sed s/^/{{ language }}/ in.txt > out.txt"], inputs: { in.txt: text }, outputs: [out.txt] }
          marked: { tool: command, each: said, run: [sh, -c, "sed s/$/!/ in.txt > out.txt"], inputs: { in.txt: item }, outputs: [out.txt] }
          all: { tool: command, run: [sh, -c, "find parts -type f | sort | xargs cat > all.txt"], inputs: { parts: marked }, outputs: [all.txt], deliver: true }

        """

    /// Dimensions that a pipeline names, outer and inner, by the elements' names and by their numbers.
    @Test(arguments: [("language=de", 2), ("text=2", 2), ("text=two.txt", 2)]) func aDimensionIsACoordinate(
        _ only: String, _ count: Int
    ) async throws {
        let show = try SmallShow([
            "show/show.yaml": "title: T\nlanguages: [de, en]\n", "show/pipeline.yaml": Self.pipeline, "show/ep/texts/one.txt": "one\n",
            "show/ep/texts/two.txt": "two\n",
        ])
        let build = try await show.machine.build(SmallShow.episode, "--only", only)
        try build.expect(.built, ["said": count])
        #expect(try build.report.stages["all"] == nil)
        let both = try await show.machine.build(SmallShow.episode, "--only", "language=en", "--only", "text=1")
        try both.expect(.built, ["said": 1])
        try await show.build().expect(.built)
    }
}
