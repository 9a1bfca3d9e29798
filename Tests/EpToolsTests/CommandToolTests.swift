import EpCore
import EpPlan
import Testing

@testable import EpTools

/// `tool: command`: what is written becomes a step, and what is wrong is told at its place.
@Suite struct CommandToolTests {
    private static let texts = "texts: { source: \"t/*.txt\" }\none: { source: one.yaml }"
    private static let files = ["ep/t/a.txt": "A", "ep/t/b.txt": "B", "ep/one.yaml": "name: Ann\nlist: [x, y]\n", "tool.sh": "#!/bin/sh\n"]

    private func planned(_ stages: String...) throws -> PlannedEpisode {
        let planned = try PlannedEpisode(
            Self.texts, stages.joined(separator: "\n"), episode: "{ title: T, summary: \"a\\0b\" }", files: Self.files)
        try planned.plan()
        return planned
    }

    private func step(_ keys: String) throws -> Step { try #require(try planned("c: { tool: command, \(keys) }").steps("c").first) }

    // MARK: inputs

    @Test(arguments: [
        ("{ in.txt: one }", ["in.txt"]), ("{ in: texts }", ["in/000001.txt", "in/000002.txt"]),
        ("{ in: { of: texts, names: true } }", ["in/a.txt", "in/b.txt"]),
        ("{ name: one.name }", ["name"]), ("{ x.sh: ./tool.sh }", ["x.sh"]),
        ("{ in: texts, l.txt: { paths: in } }", ["in/000001.txt", "in/000002.txt", "l.txt"]),
    ])
    func inputsHaveTheirLabels(inputs: String, labels: [String]) throws {
        #expect(try step("run: [x], outputs: [o.txt], inputs: \(inputs)").labels == labels)
    }

    @Test func pathsAndValuesAreTexts() throws {
        let step = try step("run: [x], outputs: [o.txt], inputs: { in: texts, l.txt: { paths: in, quoted: true }, n: one.name }")
        #expect(step.text("l.txt") == "\"in/000001.txt\"\n\"in/000002.txt\"\n" && step.text("n") == "Ann")
    }

    @Test func aProgramThatIsBroughtAlongCanBeRun() throws {
        let step = try step("run: [./x.sh], outputs: [o.txt], inputs: { x.sh: ./tool.sh, y.sh: ./tool.sh }")
        #expect(step.inputs.map(\.isExecutable) == [true, false])
    }

    /// Neither names nor places are in the address of an item.
    @Test func anItemReadsItsOwn() throws {
        let planned = try planned("c: { tool: command, each: texts, run: [x], inputs: { in.txt: item }, outputs: [o.txt] }")
        #expect(planned.steps("c").map(\.target.description) == ["c/a.txt", "c/b.txt"])
        #expect(try planned.steps("c").map { try planned.inputs(of: $0) } == [["in.txt": Array("A".utf8)], ["in.txt": Array("B".utf8)]])
    }

    // MARK: mistakes

    @Test(
        arguments: [
            (
                "run: tr a b, outputs: [o.txt]", "`run` is a list: a program and its arguments, each by itself",
                "for a shell to read it, write `run: [sh, -c, \"tr a b\"]`"
            ),
            ("run: [], outputs: [o.txt]", "`run` names no program", nil), ("outputs: [o.txt]", "stage \"c\" has no `run`", "add `run: …`"),
            ("run: [x]", "stage \"c\" has no `outputs`", "add `outputs: …`"),
            ("run: [x], outputs: []", "a command without `outputs` would run once and never again, whatever it does", nil),
            ("run: [x], outputs: [../o]", "an output must be a path below the working directory, not \"../o\"", nil),
            ("run: [x], outputs: [o, o]", "the output \"o\" is named twice", "take one of them out"),
            ("run: [x], outputs: [d/, d/o]", "the output \"d/o\" lies in \"d/\", which is an output, too", nil),
            ("run: [x], outputs: [o], env: { \"A=B\": c }", "\"A=B\" cannot be the name of a variable", "write a name without `=`"),
            ("run: [x], outputs: [o], env: { A: [b] }", "`A` in `env` must be a text, not a list", nil),
            ("run: [x], outputs: [o], env: { A: b }, pass_env: [A]", "`A` stands in `env`, too", "take one of them out"),
            ("run: [x], outputs: [o], pass_env: [MY_API_KEY]", "`MY_API_KEY` looks like a key", nil),
            (
                "run: [\"{{ episode.summary }}\"], outputs: [o]", "what is filled in here holds a zero byte, which no program can be given",
                "hand it on in `inputs`"
            ),
            ("run: [x], outputs: [o], inputs: [a]", "`inputs` must be a mapping from file names to what they hold, not a list", nil),
            ("run: [x], outputs: [o], inputs: { ../a: one }", "\"../a\" is no path below the working directory", nil),
            ("run: [x], outputs: [o], inputs: { a: item }", "there is no `item`: the stage does not fan out", "add `each:`"),
            ("run: [x], outputs: [o], inputs: { a: oen }", "", "did you mean \"one\"?"),
            ("run: [x], outputs: [o], inputs: { a: ./tol.sh }", "", nil),
            (
                "run: [x], outputs: [a/b], inputs: { a: one }", "the input a is a file, so the output a/b cannot lie in it",
                "give one of them another name"
            ),
            (
                "run: [x], outputs: [a], inputs: { a/b: one }", "the output a is a directory among the inputs: a/b lies in it",
                "give one of them another name"
            ),
            (
                "run: [x], outputs: [o], inputs: { a: one, a/b: one }", "the input a is a file, so a/b cannot stand below it",
                "give one of them another name"
            ),
            (
                "run: [x], outputs: [o], inputs: { in: texts, l: { paths: im } }", "there is no input \"im\" whose paths could be listed",
                "did you mean \"in\"?"
            ),
            (
                "run: [x], outputs: [o], inputs: { in: { of: texts, nams: true } }", "the input \"in\" has an unknown key `nams`",
                "did you mean \"names\"?"
            ),
        ] as [(String, String, String?)])
    func mistakesAreToldAtTheirPlaces(keys: String, message: String, remedy: String?) throws {
        let found = problems { _ = try planned("c: { tool: command, \(keys) }") }
        let problem = try #require(found.first, "nothing was found")
        #expect(found.count == 1 && problem.message.hasPrefix(message) && (remedy == nil || problem.remedy == remedy), "\(found)")
        #expect(problem.location?.file == "pipeline.yaml" && problem.location?.line == 4, "\(problem)")
    }

    // MARK: outputs

    @Test func oneOfSeveralOutputsCanBeRead() throws {
        let both = "both: { tool: command, run: [x], outputs: [a.txt, b.txt] }"
        let planned = try planned(both, "c: { tool: command, run: [y], outputs: [o], inputs: { in.txt: { of: both, output: b.txt } } }")
        #expect(planned.steps("c").first?.inputs.first?.source == .output(StepID(0), path: "b.txt"))
        let found = problems {
            _ = try self.planned(both, "c: { tool: command, run: [y], outputs: [o], inputs: { in.txt: { of: both, output: c.txt } } }")
        }
        #expect(
            found.map(\.message) == ["both has no output \"c.txt\""] && found.first?.remedy?.contains(".txt") == true
                && found.first?.location?.line == 5)
    }

    /// `output:` of the stage would name what the program never makes.
    @Test func anOutputThatIsNotAmongTheOutputsIsAMistake() throws {
        let found = problems { _ = try planned("c: { tool: command, run: [x], outputs: [report.txt, b.txt], output: reprot.txt }") }
        #expect(found.map(\.message) == ["`output` of stage \"c\" is reprot.txt, which is not among its `outputs`"], "\(found)")
        #expect(found.first?.remedy == "did you mean \"report.txt\"?" && found.first?.location?.line == 4)
    }

    @Test func filesOfADirectoryAreKnownWhenTheyAreThere() throws {
        let planned = try planned("c: { tool: command, run: [x], outputs: [d/] }")
        #expect(planned.files("c").isEmpty)
        planned.memory.outputs[StepID(0)] = [Path("d/a.txt"): [1], Path("d/s/b.txt"): [2]]
        try planned.plan()
        #expect(
            planned.files("c").map(\.name) == ["d/a.txt", "d/s/b.txt"] && planned.files("c").map(\.pathInDirectory) == ["a.txt", "s/b.txt"])
    }
}
