import FoundationEssentials
import Testing

/// Guides are true: their commands, run as they are printed, print what these show.
@Suite struct GuideTests {
    @Test func everyCommandDoesWhatTheGuideSays() async throws {
        let machine = try Machine(isDisclosed: true)
        try await Self.check("docs/guide.md", atLeast: 30, on: machine, in: "\(machine.workspace)/olivers-workshop")
    }

    @Test func aPipelineOfOnesOwnIsBroughtAlong() async throws {
        let machine = try Machine()
        let directory = "\(machine.directory)/migrating"
        try FileManager.default.copyItem(atPath: "\(Self.root)/docs/migrating", toPath: directory)
        try await Self.check("docs/migrating.md", atLeast: 15, on: machine, in: directory)
    }

    private static let root = String(#filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound))

    /// Runs the commands of a guide, one after the other.
    private static func check(_ guide: String, atLeast count: Int, on machine: Machine, in directory: String) async throws {
        let story = ConsoleStory(try String(contentsOfFile: "\(root)/\(guide)", encoding: .utf8))
        #expect(story.commands.count > count)
        let programs = "\(machine.directory)/bin"
        try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(programs)/epbuild", withDestinationPath: Program.epbuild)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for command in story.commands {
            let outcome = try await Program.run(
                ["sh", "-c", "exec 2>&1\n\(command.text)"], in: directory,
                environment: machine.environment(["PATH": "\(programs):\(path)", "LC_ALL": "C.UTF-8"]))
            let place = "\(guide):\(command.line): \(command.text)"
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
        #expect(
            ConsoleStory.Command.agrees("a…b…c", "a-b-c") && !ConsoleStory.Command.agrees("a…a", "a")
                && !ConsoleStory.Command.agrees("a…b…c", "a-c"))
    }
}
