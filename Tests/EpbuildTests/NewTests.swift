import FoundationEssentials
import Testing

/// `epbuild new`: what it makes builds at once, and what is there stays.
@Suite struct NewTests {
    private func machine() async throws -> Machine {
        let machine = try Machine()
        try await machine.run("new", "show", "../fresh/bees", "--title", "Bees: a show", "--character", "Ida").expect(
            0, says: "next: epbuild new episode ../fresh/bees/ep001")
        try await machine.run("build", "../fresh/bees").expect(
            64, errors: "../fresh/bees has no episode yet", "epbuild new episode ../fresh/bees/ep001")
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

    /// The stages and prompts come with epbuild; a prompt of the show's own goes before the pipeline's.
    @Test func aShowTakesOverAPipeline() async throws {
        let machine = try Machine()
        try await machine.run("new", "show", "bees", "--pipeline", "podcast", "--title", "Bees").expect(0, says: "wrote bees/show.yaml")
        #expect(machine.files(below: "\(machine.workspace)/bees") == ["show.yaml"])
        try await machine.run("new", "episode", "bees/one", "--topic", "how bees find their way").expect(0)
        try await machine.build("bees/one").expect(.built)
        try await machine.build("bees/one").expect(.upToDate)
        let shipped = ".epbuild/pipelines/podcast"
        #expect(machine.files(below: "\(machine.workspace)/\(shipped)").contains("prompts/outlining.md"))
        // What lies there is epbuild's: it is written again when it is gone or changed.
        try FileManager.default.removeItem(atPath: "\(machine.workspace)/\(shipped)")
        try await machine.build("bees/one").expect(.upToDate)
        let prompt = try machine.text("\(shipped)/prompts/ideation.md")
        try FileManager.default.createDirectory(atPath: "\(machine.workspace)/bees/prompts", withIntermediateDirectories: true)
        try machine.write(Array("\(prompt)\nMind the weather.\n".utf8), to: "bees/prompts/ideation.md")
        try await machine.build("bees/one").expect(.built, ["ideation": 1])
    }

    /// What each pipeline says of a new show and its first episode can be built.
    @Test(arguments: [
        ("novel", "manuscript", "out/how-a-bell-rings.epub", 0), ("video", "timing", "out/timing/en/timing.yaml", 0),
        ("documentary", "script", "script.yaml", 0),
    ])
    func eachPipelineBegins(pipeline: String, target: String, made: String, status: Int32) async throws {
        let machine = try Machine()
        try await machine.run("new", "show", "fresh", "--pipeline", pipeline, "--title", "Bells").expect(0)
        try await machine.run("new", "episode", "fresh/one", "--topic", "how a bell rings").expect(
            0, says: "next: write what it is made of into")
        let built = try await machine.run("fresh/one", target)
        #expect(built.status == status, "\(built)")
        #expect(machine.files(below: "\(machine.workspace)/fresh/one").contains(made), "\(built)")
        try await machine.run("new", "show", "own", "--pipeline", pipeline, "--eject", "--title", "Bells").expect(
            0, says: "wrote own/pipeline.yaml", "wrote own/templates/episode/facts.yaml")
        try await machine.run("new", "episode", "own/one", "--topic", "how a bell rings").expect(0)
        #expect(try await machine.run("plan", "own/one", target).status == 0)
    }

    @Test func aShowHasOnePipeline() async throws {
        let machine = try Machine()
        try await machine.run("new", "show", "bees", "--pipeline", "pocast", "--title", "Bees").expect(
            64, errors: "did you mean \"podcast\"?")
        try await machine.run("new", "show", "bees", "--pipeline", "podcast", "--eject", "--title", "Bees").expect(
            0, says: "wrote bees/pipeline.yaml")
        try await machine.run("new", "episode", "bees/one", "--topic", "honey").expect(0)
        let blueprint = try machine.text("bees/show.yaml")
        try machine.write(Array("pipeline: podcast\n\(blueprint)".utf8), to: "bees/show.yaml")
        try await machine.run("bees/one").expect(
            65, errors: "bees/show.yaml:1:11", "has a pipeline.yaml of its own", "take out `pipeline:`")
    }

    /// What an episode of a show begins with is said by templates of the show's.
    @Test func episodesBeginWithTheShowsTemplates() async throws {
        let machine = try Machine()
        try FileManager.default.createDirectory(
            atPath: "\(machine.workspace)/letters/templates/episode/texts", withIntermediateDirectories: true)
        try machine.write(Array("title: @title@\nnumber: @number@\n".utf8), to: "letters/templates/episode/facts.yaml")
        try machine.write(Array("Dear @topic@,\n".utf8), to: "letters/templates/episode/texts/01.txt")
        try await machine.run("new", "episode", "letters/second", "--title", "A: b", "--topic", "sea").expect(
            0, says: "wrote letters/second/texts/01.txt")
        #expect(try machine.text("letters/second/episode.yaml") == "title: \"A: b\"\nnumber: 1\n")
        #expect(try machine.text("letters/second/texts/01.txt") == "Dear sea,\n")
        try await machine.build("letters/second").expect(.built)
        try await machine.run("new", "episode", "letters/third", "--script", "--title", "x").expect(64, errors: "leave out --script")
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
        #expect(
            machine.files(below: "\(machine.workspace)/../fresh/bees/e") == [] && machine.files(below: "\(machine.workspace)/other") == [])
    }

    @Test func whatCannotBeIsRefused() async throws {
        let machine = try await machine()
        try await machine.run("new", "episode", "../nowhere/e", "--topic", "x").expect(64, errors: "is in no show", "epbuild new show")
        try await machine.run("new", "episode", "../fresh/bees", "--topic", "x").expect(
            64, errors: "is a show", "epbuild new episode ../fresh/bees/ep001")
        try await machine.run("new", "episode", "\(Machine.moon)/more", "--topic", "x").expect(64, errors: "lies in the episode")
        try await machine.run("new", "show", "../fresh/bees/inner", "--title", "x").expect(64, errors: "lies in the show")
        try await machine.run("new", "episode", "letters/second", "--topic", "x").expect(64, errors: "reads no sources/")
        try await machine.run("new", "episode", "letters/second", "--script", "--title", "x").expect(64, errors: "reads no script.fountain")
        try await machine.run("new", "show", "epbuild.yaml", "--title", "x").expect(64, errors: "is a file")
        try await machine.run("new", "show", "other", "--title", "x", "--character", "Narrator").expect(64, errors: "cannot be the name")
    }

    /// A show that begins a workspace says who writes in it.
    @Test func whoWrites() async throws {
        let machine = try Machine()
        try await machine.run("new", "show", "../a/bees", "--title", "Bees", "--writer", "llama.cpp", "--model", "smol: 1").expect(
            0, says: "next: epbuild providers test ../a/bees, then\n      epbuild new episode ../a/bees/ep001\n")
        let local = try machine.text("../a/bees/epbuild.yaml")
        #expect(local.contains("\n  writer: { tool: llm, use: llama.cpp, model: \"smol: 1\" }\n"), "\(local)")
        #expect(local.contains("\n# budget:"), "what costs nothing needs none: \(local)")
        try await machine.run("new", "show", "../b/bees", "--title", "Bees", "--writer", "openai", "--model", "gpt-6-luna").expect(
            0, says: "next: write OPENAI_API_KEY=… into .env beside epbuild.yaml (chmod 600), then\n      epbuild providers test ../b/bees, then")
        let hosted = try machine.text("../b/bees/epbuild.yaml")
        #expect(hosted.contains("\n  writer: { tool: llm, use: openai, model: gpt-6-luna }\n"), "\(hosted)")
        #expect(hosted.contains("\nbudget: {"), "\(hosted)")
        let listed = try await machine.run("providers", "../b/bees")
        #expect(listed.output.contains("gpt-6-luna") && listed.output.contains("OPENAI_API_KEY"), "\(listed)")
        try await machine.run("new", "show", "../c/bees", "--title", "Bees", "--writer", "olama").expect(
            64, errors: "did you mean \"ollama\"?")
        try await machine.run("new", "show", "../c/bees", "--title", "Bees", "--writer", "ollama").expect(
            64, errors: "give --model TEXT")
        try await machine.run("new", "show", "../c/bees", "--title", "Bees", "--model", "m").expect(
            64, errors: "offline has no models")
        try await machine.run("new", "show", "own", "--title", "Bees", "--writer", "ollama", "--model", "m").expect(
            64, errors: "the workspace above own says who writes")
        #expect(machine.files(below: "\(machine.workspace)/../c") == [] && machine.files(below: "\(machine.workspace)/own") == [])
    }

    /// `script` gives it a terminal to ask on.
    @Test(.enabled(if: Terminal.isHere)) func onATerminalItAsks() async throws {
        let machine = try Machine()
        let show = try await Terminal.run("\(Program.epbuild) new show asked", typing: ["", "Asked", "", "Tim"], machine)
        #expect(show.contains("What is the show called?") && show.contains("[SAM]") && show.contains("next: "), "\(show)")
        #expect(!show.contains("Who writes?"), "the workspace says so: \(show)")
        let alone = try await Terminal.run(
            "\(Program.epbuild) new show ../alone", typing: ["Alone", "", "", "ollama", "", "llama3.2"], machine)
        #expect(alone.contains("Who writes? offline, ") && alone.contains("Which model of ollama?"), "\(alone)")
        #expect(try machine.text("../alone/epbuild.yaml").contains("writer: { tool: llm, use: ollama, model: llama3.2 }\n"))
        let blueprint = try machine.text("asked/show.yaml")
        #expect(
            blueprint.contains("title: Asked\n") && blueprint.contains("author: The makers of Asked\n")
                && blueprint.contains("- name: TIM\n"))
        let episode = try await Terminal.run("\(Program.epbuild) new episode asked/one", typing: ["y", "One"], machine)
        #expect(
            episode.contains("[y/N]") && machine.files(below: "\(machine.workspace)/asked/one") == ["episode.yaml", "script.fountain"],
            "\(episode)")
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

/// `epbuild new episode SHOW --from LIST`.
@Suite struct NewListTests {
    private func show(_ list: String, _ name: String = "list.csv") throws -> SmallShow {
        try SmallShow([
            name: list, "show/templates/episode/facts.yaml": "title: @title@\nnumber: @number@\n",
            "show/templates/episode/texts/a.txt": "Dear @guest@,\nann@example.org\n",
        ])
    }

    @Test func eachLineIsAnEpisode() async throws {
        let show = try show("title,number,guest,season\nThe sea,3,Ida,2\n\"Bees, and \"\"honey\"\"\",,\"Tom\",\n\n")
        try await show.machine.run("new", "episode", "show", "--from", "list.csv").expect(
            0, says: "wrote show/003-the-sea/episode.yaml", "next: epbuild show")
        #expect(try show.machine.text("show/003-the-sea/episode.yaml") == "title: The sea\nnumber: 3\nseason: 2\n")
        #expect(try show.machine.text("show/003-the-sea/texts/a.txt") == "Dear Ida,\nann@example.org\n")
        #expect(try show.machine.text("show/bees-and-honey/episode.yaml").contains("number: 4\n"))
        try await show.machine.build("show/003-the-sea").expect(.built)
        let again = try await show.machine.run("new", "episode", "show", "--from", "list.csv")
        again.expect(64, errors: "list.csv:2:1", "has episode.yaml already")
    }

    /// Templates need not say what every episode has: no column of a list is lost, and what is made is an episode.
    @Test(arguments: [
        ("texts/b.txt", "Dear @guest@,\n", ["title: The sea\n", "number: 3\n", "season: 2\n"]),
        ("facts.yaml", "guest: @guest@\n", ["guest: Ida\n", "title: The sea\n", "number: 3\n", "season: 2\n"]),
        ("episode.yaml", "title: Letters, @number@\n", ["title: Letters, 3\n", "number: 3\n", "season: 2\n"]),
    ])
    func whatTemplatesHaveNoPlaceForIsKept(_ name: String, _ text: String, _ facts: [String]) async throws {
        let show = try show("title,number,guest,season\nThe sea,3,Ida,2\n")
        show.machine.remove("show/templates/episode/facts.yaml")
        try show.write(text, to: "show/templates/episode/\(name)")
        try await show.machine.run("new", "episode", "show", "--from", "list.csv").expect(0, says: "wrote show/003-the-sea/episode.yaml")
        let made = try show.machine.text("show/003-the-sea/episode.yaml")
        #expect(facts.allSatisfy { made.contains($0) }, "\(made)")
        try await show.machine.build("show/003-the-sea").expect(.built)
    }

    /// A show that takes over a pipeline may have templates of its own.
    @Test func theShowsOwnTemplatesGoBeforeThoseOfAPipeline() async throws {
        let show = try show("title\nThe sea\n")
        show.machine.remove("show/pipeline.yaml")
        try show.write("title: T\nlanguage: en\npipeline: video\n", to: "show/show.yaml")
        try show.write("mine\n", to: "show/templates/episode/mine.txt")
        try await show.machine.run("new", "episode", "show", "--from", "list.csv").expect(0, says: "wrote show/the-sea/mine.txt")
    }

    @Test func aSourceThatIsAScriptIsReadAsOne() async throws {
        let show = try SmallShow([
            "show/pipeline.yaml": "stages:\n  script: { source: script.fountain }\n",
            "show/show.yaml": "title: T\ncharacters: [{ name: ANN, voice: { provider: espeak } }]\n",
        ])
        try await show.machine.run("new", "episode", "show/two", "--script", "--title", "Two").expect(0, says: "wrote show/two/script.fountain")
    }

    @Test func aListMayBeYAML() async throws {
        let show = try show("- { title: One, directory: first, guest: Ida, tags: [a, b] }\n- { title: Two }\n", "list.yaml")
        try await show.machine.run("new", "episode", "show", "--from", "list.yaml").expect(0)
        let facts = try show.machine.text("show/first/episode.yaml")
        #expect(facts.contains("title: One\n") && facts.contains("tags:"), "\(facts)")
        #expect(show.machine.files(below: "\(show.machine.workspace)/show/two").contains("episode.yaml"))
    }

    @Test(arguments: [
        ("title,title\nA,B\n", "list.csv:1:1", "two columns are called"),
        ("title\nA,B\n", "list.csv:2:1", "2 cells, and there are 1 columns"),
        ("title\n\"A\n", "list.csv:2:1", "never closed"), ("guest\nIda\n", "list.csv:2:1", "neither a title nor a topic"),
        ("title\n", "list.csv", "names no episode"),
        ("title,directory\nA,x\nB,x\n", "list.csv:3:1", "would lie in x, too"),
        ("title,directory\nA,../x\n", "list.csv:2:1", "cannot be the directory"),
    ])
    func whatIsWrongIsNamedAndNothingIsWritten(list: String, place: String, message: String) async throws {
        let show = try show(list)
        try await show.machine.run("new", "episode", "show", "--from", "list.csv").expect(65, errors: place, message)
        #expect(
            !show.machine.files(below: "\(show.machine.workspace)/show").contains {
                $0.hasSuffix("episode.yaml") && !$0.hasPrefix("ep/") && !$0.hasPrefix("templates/")
            })
    }
}
