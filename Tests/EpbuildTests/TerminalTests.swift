import FoundationEssentials
import Testing

/// What others have written (programs, file names) reaches a person as text, and commands no terminal.
@Suite struct TerminalTests {
    /// Clears the screen, sets the title, writes over the line, turns the direction; as bytes of the shell's `printf`.
    private static let commands = #"\033[2J\033]0;owned\007\rpretty\302\233m\342\200\256txt"#

    @Test func aProgramsLastWordsAreShown() async throws {
        let machine = try Machine()
        try machine.edit("letters/pipeline.yaml") {
            $0.replacing(
                "> report.txt\"]", with: "> report.txt; printf '\(Self.commands.replacing("\\", with: "\\\\"))\\\\n' >&2; exit 3\"]")
        }
        let build = try await machine.run(Machine.letters)
        #expect(build.status == 1)
        #expect(build.errors.contains(#"\u001b[2J\u001b]0;owned\u0007\u000dpretty\u009bm\u202etxt"#), "\(build.errors)")
        try expectHarmless(build.output + build.errors)
        let log = try await machine.run("log", Machine.letters, "1")
        #expect(log.output.contains(#"\u001b[2J"#), "\(log)")
        try expectHarmless(log.output + log.errors)
    }

    @Test func namesOfFilesAreShown() async throws {
        let machine = try Machine()
        let name = "evil\u{1B}[31m\u{202E}\u{7}.txt"
        try machine.write(Array("Hello.\n".utf8), to: "\(Machine.letters)/texts/\(name)")
        for words in [["build"], ["status"], ["plan"], ["takes", "words"], ["inspect", "words"], ["graph"]] as [[String]] {
            let arguments = [words[0], Machine.letters] + words.dropFirst()
            let outcome = try await Program.run([Program.epbuild] + arguments, in: machine.workspace, environment: machine.environment())
            #expect(outcome.status == 0, "\(words): \(outcome)")
            try expectHarmless(outcome.output + outcome.errors)
        }
        let json = try await machine.run("takes", Machine.letters, "words", "--json")
        try expectHarmless(json.output)
        struct Answer: Decodable { let target: String }
        let targets = try json.output.split(separator: "\n").map { try JSONDecoder().decode(Answer.self, from: Data($0.utf8)).target }
        #expect(targets.contains("words/\(name)"), "\(targets)")
    }

    private func expectHarmless(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let commands = text.unicodeScalars.filter {
            $0 != "\n" && $0 != "\t" && ($0.properties.generalCategory == .control || $0 == "\u{202E}")
        }
        #expect(commands.isEmpty, "\(text)", sourceLocation: sourceLocation)
    }
}
