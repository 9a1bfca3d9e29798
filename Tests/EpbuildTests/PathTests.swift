import FoundationEssentials
import Glibc
import Testing

/// Names of a person's files, whatever they are: none is merged with another, dropped, or waited for.
@Suite struct PathTests {
    private static let texts = "\(Machine.letters)/texts"

    /// The words of every text, and all of them in one delivered file.
    private func machine() throws -> Machine {
        let machine = try Machine()
        try machine.edit("letters/pipeline.yaml") { _ in
            """
            stages:
              texts: { source: "texts/*.txt" }
              upper: { tool: command, each: texts, run: [sh, -c, "tr a-z A-Z < in.txt > out.txt"], inputs: { in.txt: item }, outputs: [out.txt], deliver: true }
              all: { tool: command, run: [sh, -c, "cat parts/* > all.txt"], inputs: { parts: upper }, outputs: [all.txt], deliver: true }

            """
        }
        for name in machine.files(below: "\(machine.workspace)/\(Self.texts)") { machine.remove("\(Self.texts)/\(name)") }
        return machine
    }

    @Test func formsOfUnicodeAreFilesOfTheirOwn() async throws {
        let machine = try machine()
        let (composed, decomposed) = ("caf\u{E9}.txt", "cafe\u{301}.txt")
        for name in [composed, decomposed] { try machine.write(Array("\(name.utf8.count)\n".utf8), to: "\(Self.texts)/\(name)") }
        try await machine.build(Machine.letters).expect(.built, ["upper": 2])
        #expect(try machine.text("\(Machine.letters)/out/all.txt") == "10\n9\n")
        try await machine.build(Machine.letters, "upper/\(decomposed)").expect(executed: 0)
        #expect(rename("\(machine.workspace)/\(Self.texts)/\(composed)", "\(machine.workspace)/\(Self.texts)/\(decomposed)") == 0)
        try await machine.build(Machine.letters).expect(.built)
        #expect(try machine.text("\(Machine.letters)/out/all.txt") == "9\n")
        #expect(
            machine.files(below: "\(machine.workspace)/\(Machine.letters)/out/upper").map(\.utf8.count) == [
                decomposed.utf8.count + "/out.txt".utf8.count
            ])
    }

    @Test func noFileIsLeftOutInSilence() async throws {
        let machine = try machine()
        try machine.write(Array("first\n".utf8), to: "\(Self.texts)/#1 opening.txt")
        try await machine.build(Machine.letters).expect(.built)
        #expect(try machine.text("\(Machine.letters)/out/all.txt") == "FIRST\n")
        #expect(symlink("/not-mounted/2.txt", "\(machine.workspace)/\(Self.texts)/2.txt") == 0)
        let outcome = try await machine.run(Machine.letters)
        #expect(
            outcome.status == 65 && outcome.errors.contains("texts/2.txt is a link to /not-mounted/2.txt, and nothing is there"),
            "\(outcome)")
    }

    /// Whoever opens a pipe that nobody writes to waits for ever.
    @Test(arguments: [
        "epbuild.yaml", "letters/show.yaml", "letters/pipeline.yaml", "\(Machine.letters)/episode.yaml", "\(Machine.letters)/episode.lock",
        "\(texts)/1.txt",
    ])
    func aPipeIsAMessage(_ path: String) async throws {
        let machine = try machine()
        try machine.write(Array("x\n".utf8), to: "\(Self.texts)/0.txt")
        machine.remove(path)
        #expect(mkfifo("\(machine.workspace)/\(path)", 0o644) == 0)
        for command in ["build", "plan", "status"] {
            let outcome = try await machine.run(command, Machine.letters)
            #expect(outcome.status == 65 && outcome.errors.contains("\(path) is a named pipe, not a file"), "\(outcome)")
        }
    }

    /// What epbuild itself has written may have been damaged in any way.
    @Test func aPipeAmongItsOwnFilesIsNotWaitedFor() async throws {
        let machine = try machine()
        try machine.write(Array("x\n".utf8), to: "\(Self.texts)/0.txt")
        try await machine.build(Machine.letters).expect(.built)
        for path in machine.files(below: "\(machine.workspace)/.epbuild/memo") {
            machine.remove(".epbuild/memo/\(path)")
            #expect(mkfifo("\(machine.workspace)/.epbuild/memo/\(path)", 0o644) == 0)
        }
        let outcome = try await machine.run(Machine.letters)
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func anEpisodeMayLieAnywhere() async throws {
        let machine = try machine()
        let name = (1...3).map { "\($0)" + String(repeating: "п", count: 45) }
        let show = "\(name[0])/\(name[1])"
        try FileManager.default.createDirectory(atPath: "\(machine.workspace)/\(show)", withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: "\(machine.workspace)/\(Machine.letters)", toPath: "\(machine.workspace)/\(show)/\(name[2])")
        for file in ["show.yaml", "pipeline.yaml"] {
            try FileManager.default.copyItem(atPath: "\(machine.workspace)/letters/\(file)", toPath: "\(machine.workspace)/\(show)/\(file)")
        }
        try machine.write(Array("x\n".utf8), to: "\(show)/\(name[2])/texts/0.txt")
        try await machine.build("\(show)/\(name[2])").expect(.built)
        try await machine.build("\(show)/\(name[2])").expect(.upToDate)
    }

    /// A pattern over the whole episode does not stand for what the last build delivered, nor for texts that stages write.
    @Test func noBuildFeedsOnTheLastOne() async throws {
        let machine = try machine()
        try machine.edit("letters/pipeline.yaml") { _ in
            """
            stages:
              texts: { source: "**/*.txt" }
              all: { tool: command, run: [sh, -c, "cat parts/* > all.txt"], inputs: { parts: texts }, outputs: [all.txt], deliver: true, editable: true, output: all.txt }

            """
        }
        try machine.write(Array("one\n".utf8), to: "\(Self.texts)/1.txt")
        for _ in 1...3 { try await machine.build(Machine.letters).expect() }
        try await machine.build(Machine.letters).expect(.upToDate)
        #expect(try machine.text("\(Machine.letters)/out/all.txt") == "one\n")
        try machine.replace("**/*.txt", with: "out/all.txt", in: "letters/pipeline.yaml")
        let outcome = try await machine.run(Machine.letters)
        #expect(
            outcome.status == 65
                && outcome.errors.contains("letters/pipeline.yaml:2:20: error: `source` of stage \"texts\" is where builds deliver"),
            "\(outcome)")
    }
}
