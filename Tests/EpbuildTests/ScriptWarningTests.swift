import FoundationEssentials
import Testing

/// What a person probably did not mean in a script is told of by every command that reads it, each once.
@Suite struct ScriptWarningTests {
    private static let script = "\(Machine.moon)/script.fountain"
    private static let place = "\(script):64:1: warning: \"OLIVER:\" looks like dialogue, but nobody says it"

    private func machine() async throws -> Machine {
        let machine = try await Machine.withMoonBuilt()
        try machine.edit(Self.script) { $0.shortened(toLines: 61).trimmingEnd + "\n\n\nOLIVER: And this is lost.\n" }
        let lines = try machine.text(Self.script).split(separator: "\n", omittingEmptySubsequences: false)
        let number = try #require(lines.firstIndex { $0.hasPrefix("OLIVER:") }) + 1
        // At the line that the tests name.
        try machine.edit(Self.script) { $0.replacing("\n\n\nOLIVER:", with: String(repeating: "\n", count: 3 + 64 - number) + "OLIVER:") }
        return machine
    }

    @Test(arguments: ["plan", "status", "build"])
    func commandsWarnOnce(_ command: String) async throws {
        let outcome = try await machine().run(command, Machine.moon)
        #expect(outcome.status == 0)
        #expect(outcome.errors.components(Self.place) == 1, "\(outcome.errors)")
        #expect(outcome.errors.contains("→ write @OLIVER on a line of its own"))
    }

    /// A name that is misspelt is an error where a voice is wanted for it, and no warning besides.
    @Test(arguments: ["plan", "build", "status"]) func aMisspeltNameIsToldOnce(_ command: String) async throws {
        let machine = try Machine()
        try machine.edit(Self.script) { $0 + "\nOLIVVER\nHello.\n" }
        let outcome = try await machine.run(command, Machine.moon)
        #expect(outcome.errors.ranges(of: "\"OLIVVER\"").count == 1, "\(outcome.errors)")
        #expect(outcome.errors.contains("error: nobody in the show is called \"OLIVVER\""), "\(outcome.errors)")
        #expect(outcome.errors.contains("did you mean \"OLIVER\"?"))
    }

    @Test func theScriptCommandKnowsTheShow() async throws {
        let machine = try await machine()
        try machine.edit(Self.script) { $0 + "\nSTRANGER\nHello.\n" }
        let outcome = try await machine.run("script", Self.script)
        #expect(outcome.errors.contains(Self.place), "\(outcome.errors)")
        #expect(outcome.errors.contains("nobody in the show is called \"STRANGER\""))
        let json = try await machine.run("script", Self.script, "--json").output
        #expect(json.contains(#""message":"nobody in the show is called"#) && json.contains(#""line":64,"column":1"#))
    }

    @Test func anUpToDateBuildRemembers() async throws {
        let machine = try await machine()
        let built = try await machine.run("build", Machine.moon, "--json")
        #expect(built.output.contains(#""warnings":[{"severity":"warning""#), "\(built.output)")
        // It says that there are some; to look at the episode shows them again.
        let again = try await machine.run("build", Machine.moon)
        #expect(
            again.output.contains("up to date (") && again.output.contains(" 1 warning,") && again.errors.isEmpty,
            "\(again.output)\(again.errors)")
        for command in ["plan", "status"] {
            let outcome = try await machine.run(command, Machine.moon)
            #expect(outcome.errors.components(Self.place) == 1, "\(outcome.errors)")
            let json = try await machine.run(command, Machine.moon, "--json").output
            #expect(json.contains(#""warnings":[{"severity":"warning","code":"bad_input","message":"\"OLIVER:\" looks"#), "\(json)")
            #expect(json.contains(#""file":"\#(Self.script)","line":64"#), "\(json)")
        }
    }

    @Test func escapesNeverReachTheTerminal() async throws {
        let machine = try await machine()
        try machine.edit(Self.script) { $0 + "\n@\u{1B}[31mOliver\n\nOLIVER\n\u{1B}]0;x\u{7}(quiet) Hi.\n" }
        for command in ["script", "plan"] {
            let outcome = try await machine.run(command, command == "script" ? Self.script : Machine.moon)
            #expect(
                !(outcome.errors + outcome.output).unicodeScalars.contains { $0.value == 0x1B || $0.value == 7 },
                "\(outcome.errors.debugDescription)")
        }
    }
}

extension String {
    fileprivate var trimmingEnd: String { String(reversed().drop { $0 == "\n" }.reversed()) }

    /// How often a text stands in it.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
