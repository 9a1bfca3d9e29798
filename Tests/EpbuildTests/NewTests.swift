import FoundationEssentials
import Testing

/// `epbuild new`: what it makes builds at once, and what is there stays.
@Suite struct NewTests {
    private func machine() async throws -> Machine {
        let machine = try Machine()
        try await machine.run("new", "show", "../fresh/bees", "--title", "Bees: a show", "--character", "Ida").expect(0, says: "next: epbuild new episode ../fresh/bees/ep001")
        try await machine.run("build", "../fresh/bees").expect(64, errors: "../fresh/bees has no episode yet", "epbuild new episode ../fresh/bees/ep001")
        return machine
    }

    @Test func aShowWithBothKindsOfEpisodesBuilds() async throws {
        let machine = try await machine()
        try await machine.run("new", "episode", "../fresh/bees/ep001", "--topic", "how bees find their way")
            .expect(0, says: "wrote ../fresh/bees/ep001/sources/about.md", "      epbuild ../fresh/bees/ep001")
        try await machine.run("new", "episode", "../fresh/bees/ep002", "--script", "--title", "The hive").expect(0, says: "script.fountain")
        // Its stub says what that of the first one says, and is not taken for a repetition.
        try await machine.run("new", "episode", "../fresh/bees/ep003", "--topic", "honey").expect(0)
        let built = try await machine.run("../fresh/bees")
        #expect(built.status == 0, "\(built)")
        for (episode, file) in [("ep001", "001-how-bees-find-their-way"), ("ep002", "002-the-hive"), ("ep003", "003-honey")] {
            #expect(try machine.read("../fresh/bees/\(episode)/out/\(file).mp3").count > 100_000)
        }
        let script = try machine.text("../fresh/bees/ep001/script.fountain")
        #expect(script.contains("\nIDA\n") && script.contains("how bees find their way"), "\(script)")
        #expect(try await machine.run("../fresh/bees").output.contains("ep003: up to date"))
    }

    /// In a workspace a show needs none of its own.
    @Test func aShowInAWorkspaceUsesIt() async throws {
        let machine = try Machine()
        try await machine.run("new", "show", "second", "--title", "Second").expect(0, says: "wrote second/show.yaml")
        #expect(machine.files(below: "\(machine.workspace)/second").first == "pipeline.yaml")
        try await machine.run("new", "episode", "second/one", "--script", "--title", "One").expect(0)
        try await machine.build("second/one").expect(.built)
    }

    @Test func aCharacterOfTheShowSpeaksInANewScript() async throws {
        let machine = try Machine()
        try await machine.run("new", "episode", "olivers-workshop/ep004", "--script", "--title", "Knots").expect(0)
        let script = try machine.text("olivers-workshop/ep004/script.fountain")
        #expect(script.contains("\nNARRATOR\n") && script.contains("\nOLIVER\n") && script.contains("Author: The epbuild authors"))
        #expect(try machine.text("olivers-workshop/ep004/episode.yaml").contains("number: 4\n"))
        try await machine.build("olivers-workshop/ep004").expect(.built)
    }

    @Test func whatIsThereStays() async throws {
        let machine = try await machine()
        let again = try await machine.run("new", "show", "../fresh/bees", "--title", "Wasps")
        again.expect(64, errors: "has show.yaml, pipeline.yaml", "nothing was written")
        #expect(try machine.text("../fresh/bees/show.yaml").contains("title: \"Bees: a show\""))
        let files = FileManager.default
        try files.createDirectory(atPath: "\(machine.workspace)/../fresh/bees/ep001/sources", withIntermediateDirectories: true)
        try machine.write(Array("# Mine\n\nBees dance.\n".utf8), to: "../fresh/bees/ep001/sources/mine.md")
        let episode = try await machine.run("new", "episode", "../fresh/bees/ep001", "--topic", "dancing")
        episode.expect(0, says: "see what is in sources/")
        #expect(episode.errors.contains("is there already, with sources"), "\(episode.errors)")
        #expect(machine.files(below: "\(machine.workspace)/../fresh/bees/ep001") == ["episode.yaml", "sources/mine.md"])
    }

    @Test func whatIsMissingIsNamed() async throws {
        let machine = try await machine()
        try await machine.run("new", "show", "other").expect(64, errors: "--title is missing", "give --title TEXT")
        try await machine.run("new", "episode", "../fresh/bees/e").expect(64, errors: "--topic TEXT, or --script")
        try await machine.run("new", "episode", "../fresh/bees/e", "--script").expect(64, errors: "--title is missing")
        try await machine.run("new", "episode", "../fresh/bees/e", "--topic", " ").expect(64, errors: "must be a text on one line")
        try await machine.run("new", "show", "other", "--title", "a\nb").expect(64, errors: "must be a text on one line")
        try await machine.run("new", "show").expect(64, errors: "Missing expected argument '<path>'")
        #expect(machine.files(below: "\(machine.workspace)/../fresh/bees/e") == [] && machine.files(below: "\(machine.workspace)/other") == [])
    }

    @Test func whatCannotBeIsRefused() async throws {
        let machine = try await machine()
        try await machine.run("new", "episode", "../nowhere/e", "--topic", "x").expect(64, errors: "is in no show", "epbuild new show")
        try await machine.run("new", "episode", "../fresh/bees", "--topic", "x").expect(64, errors: "is a show", "epbuild new episode ../fresh/bees/ep001")
        try await machine.run("new", "episode", "\(Machine.moon)/more", "--topic", "x").expect(64, errors: "lies in the episode")
        try await machine.run("new", "show", "../fresh/bees/inner", "--title", "x").expect(64, errors: "lies in the show")
        try await machine.run("new", "episode", "letters/second", "--topic", "x").expect(64, errors: "reads no sources/")
        try await machine.run("new", "episode", "letters/second", "--script", "--title", "x").expect(64, errors: "reads no script.fountain")
        try await machine.run("new", "show", "epbuild.yaml", "--title", "x").expect(64, errors: "is a file")
        try await machine.run("new", "show", "other", "--title", "x", "--character", "Narrator").expect(64, errors: "cannot be the name")
    }

    /// `script` gives it a terminal to ask on.
    @Test(.enabled(if: Terminal.isHere)) func onATerminalItAsks() async throws {
        let machine = try Machine()
        let show = try await Terminal.run("\(Program.epbuild) new show asked", typing: ["", "Asked", "", "Tim"], machine)
        #expect(show.contains("What is the show called?") && show.contains("[SAM]") && show.contains("next: "), "\(show)")
        let blueprint = try machine.text("asked/show.yaml")
        #expect(blueprint.contains("title: Asked\n") && blueprint.contains("author: The makers of Asked\n") && blueprint.contains("- name: TIM\n"))
        let episode = try await Terminal.run("\(Program.epbuild) new episode asked/one", typing: ["y", "One"], machine)
        #expect(episode.contains("[y/N]") && machine.files(below: "\(machine.workspace)/asked/one") == ["episode.yaml", "script.fountain"], "\(episode)")
    }
}

/// Runs a command with a terminal.
private enum Terminal {
    static let isHere = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

    static func run(_ command: String, typing lines: [String], _ machine: Machine) async throws -> String {
        let typed = lines.map { "sleep 0.2; echo '\($0)'" }.joined(separator: "; ")
        let shell = ["sh", "-c", "{ \(typed); sleep 0.5; } | script -qec '\(command)' /dev/null"]
        return try await Program.run(shell, in: machine.workspace, environment: machine.environment()).output
    }
}

extension Program.Outcome {
    /// Checks the status, and texts that standard output or standard error must hold.
    func expect(_ status: Int32, says texts: String..., errors complaints: String..., sourceLocation: SourceLocation = #_sourceLocation) {
        let what = Comment(rawValue: output + errors)
        #expect(self.status == status, what, sourceLocation: sourceLocation)
        for text in texts { #expect(output.contains(text), what, sourceLocation: sourceLocation) }
        for text in complaints { #expect(errors.contains(text), what, sourceLocation: sourceLocation) }
    }
}
