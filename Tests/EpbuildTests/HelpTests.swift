import FoundationEssentials
import Testing

/// What `--help` and the manual page say.
@Suite struct HelpTests {
    private let root = String(#filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound))

    @Test func theHelpOpensWithExamplesAndEndsWithStatuses() async throws {
        let machine = try Machine()
        let help = try await machine.run("--help")
        help.expect(
            0, says: "  epbuild clean my-show/ep001 audio_synthesis/12\n", "\nBUILDING:\n", "\nCACHES:\n",
            "\n  130                     interrupted")
        #expect(help.output.firstRange(of: "epbuild my-show/ep001")!.lowerBound < help.output.firstRange(of: "USAGE:")!.lowerBound)
        for words in [[], ["help"], ["-h"]] {
            #expect(
                try await Program.run([Program.epbuild] + words, in: machine.workspace, environment: machine.environment()).output
                    == help.output)
        }
    }

    @Test func helpFitsEightyColumns() async throws {
        let machine = try Machine()
        let commands = [
            "build", "plan", "status", "why", "graph", "clean", "takes", "use", "revert", "new", "new show", "new episode", "doctor",
            "script", "completions", "cache gc",
        ]
        for command in [""] + commands {
            let words = [Program.epbuild, "help"] + command.split(separator: " ").map(String.init)
            let help = try await Program.run(words, in: machine.workspace, environment: machine.environment())
            let long = help.output.split(separator: "\n").filter { $0.count > 80 }
            #expect(help.status == 0 && long.isEmpty, "\(command): \(long)")
        }
    }

    /// If this fails: `epbuild manual > docs/epbuild.1`.
    @Test func theManualPageIsThatOfThisProgram() async throws {
        let printed = try await Machine().run("manual")
        #expect(printed.status == 0)
        #expect(try String(contentsOfFile: "\(root)/docs/epbuild.1", encoding: .utf8) == printed.output)
        #expect(printed.output.contains("epbuild cache gc") && !printed.output.contains("epbuild manual\""))
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/man"))) func theManualPageRendersWithoutWarnings()
        async throws
    {
        let machine = try Machine()
        let page = try await Program.run(
            ["man", "--warnings", "-l", "\(root)/docs/epbuild.1"], in: machine.workspace,
            environment: machine.environment(["MANWIDTH": "80", "LC_ALL": "C.UTF-8"]))
        #expect(page.status == 0 && page.errors == "", "\(page.errors)")
        #expect(page.output.contains("EXIT STATUS") && page.output.contains("epbuild new episode"))
    }
}
