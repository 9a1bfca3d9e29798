import FoundationEssentials
import Testing

/// `docs/guide.md` is true: its commands, run as they are printed, print what it shows.
@Suite struct GuideTests {
    @Test func everyCommandDoesWhatTheGuideSays() async throws {
        let root = #filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound)
        let story = ConsoleStory(try String(contentsOfFile: "\(root)/docs/guide.md", encoding: .utf8))
        #expect(story.commands.count > 30)
        let machine = try Machine()
        let programs = "\(machine.directory)/bin"
        try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(programs)/epbuild", withDestinationPath: Program.epbuild)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for command in story.commands {
            let outcome = try await Program.run(
                ["sh", "-c", "exec 2>&1\n\(command.text)"], in: "\(machine.workspace)/olivers-workshop",
                environment: machine.environment(["PATH": "\(programs):\(path)", "LC_ALL": "C.UTF-8"]))
            let place = "docs/guide.md:\(command.line): \(command.text)"
            #expect(outcome.status == command.status, "\(place)\n\(outcome.output)")
            let disagreement = command.disagreement(with: outcome.output)
            // What follows builds on it.
            try #require(disagreement == nil, "\(place)\nnot printed: \(disagreement ?? "")\nbut this:\n\(outcome.output)")
        }
    }

    @Test func thePatternsMatchNoMoreThanTheySay() {
        let story = ConsoleStory("```console\n$ a\nfirst …\n…\nlast\n$ b\n# exit status 75\n```\n$ no command\n")
        #expect(story.commands.map(\.text) == ["a", "b"] && story.commands.map(\.status) == [0, 75])
        let command = story.commands[0]
        #expect(command.disagreement(with: "first line\nlast\n") == nil)
        #expect(command.disagreement(with: "first line\nmore\nand more\nlast\n") == nil)
        #expect(command.disagreement(with: "first line\nlast\nmore\n") != nil)
        #expect(command.disagreement(with: "firstline\nlast\n") == "first …")
        #expect(story.commands[1].disagreement(with: "anything\n") != nil && story.commands[1].disagreement(with: "") == nil)
        #expect(ConsoleStory.Command.agrees("a…b…c", "a-b-c") && !ConsoleStory.Command.agrees("a…a", "a") && !ConsoleStory.Command.agrees("a…b…c", "a-c"))
    }
}
