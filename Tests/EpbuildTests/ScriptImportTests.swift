import FoundationEssentials
import Glibc
import Testing

/// `script --import`: a file in, Fountain out, doubts on standard error.
@Suite struct ScriptImportTests {
    private func run(_ machine: Machine, _ words: String...) async throws -> Program.Outcome {
        try await Program.run([Program.epbuild, "script"] + words, in: machine.workspace, environment: machine.environment())
    }

    @Test func fountainGoesToStandardOutputAndDoubtsToStandardError() async throws {
        let machine = try Machine()
        try machine.write(Array("Oliver: Where is it?\n\nIn the shed, I think.\n\nMia: It is here.\nOliver: Ah.\n".utf8), to: "talk.txt")
        let outcome = try await run(machine, "talk.txt", "--import")
        outcome.expect(0, says: "@Oliver\nWhere is it?\n  \nIn the shed, I think.\n\n@Mia\nIt is here.\n")
        #expect(outcome.errors.contains("talk.txt:3: warning: 1 line names nobody and is taken as said by who spoke before"), "\(outcome)")
        #expect(outcome.errors.hasSuffix("3 lines of 2 speakers, 1 doubt\n"), "\(outcome)")
    }

    @Test func nothingIsOverwritten() async throws {
        let machine = try Machine()
        try machine.write(Array("Sam: Hi.\nMia: Hi.\n".utf8), to: "talk.txt")
        try await run(machine, "--import", "talk.txt", "-o", "new.fountain").expect(0)
        let made = try machine.text("new.fountain")
        let again = try await run(machine, "--import", "talk.txt", "-o", "new.fountain")
        again.expect(64, errors: "new.fountain is there already, and is left as it is")
        try await run(machine, "--import", "talk.txt", "--output", "talk.txt").expect(64, errors: "is there already")
        #expect(try machine.text("new.fountain") == made && machine.text("talk.txt").hasPrefix("Sam: Hi."))
        // What was made is what is built from.
        let report = try await run(machine, "new.fountain")
        report.expect(0, says: "Sam", "Mia")
        #expect(report.errors == "", "\(report)")
    }

    @Test func whatCannotBeImportedIsSaid() async throws {
        let machine = try Machine()
        try machine.write(Array("%PDF-1.4".utf8), to: "talk.pdf")
        try await run(machine, "--import", "talk.pdf").expect(65, errors: "talk.pdf: error: this is a PDF", "save it as .docx")
        try machine.write(Array("It rained all day.\n".utf8), to: "prose.txt")
        try await run(machine, "--import", "prose.txt").expect(65, errors: "prose.txt: error: nobody speaks in it")
        try await run(machine, "--import", "none.txt").expect(64, errors: "there is no file none.txt")
        try await run(machine, "--import", ".").expect(65, errors: ". is a directory, not a file")
        #expect(mkfifo("\(machine.workspace)/pipe.txt", 0o600) == 0)
        try await run(machine, "--import", "pipe.txt").expect(65, errors: "pipe.txt is a named pipe, not a file")
        try machine.write([], to: "large.txt")
        #expect(truncate("\(machine.workspace)/large.txt", 65 << 20) == 0)
        try await run(machine, "--import", "large.txt").expect(65, errors: "large.txt has more than 64 MB")
        try await run(machine, "prose.txt", "--output", "a.fountain").expect(64, errors: "--output goes with --import")
        try await run(machine, "prose.txt", "--import", "--json").expect(64, errors: "--import goes with neither")
    }
}
