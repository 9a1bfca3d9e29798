import ArgumentParser
import EpCore
import EpDesk
import FoundationEssentials

struct NewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Makes a show or an episode that builds at once.", subcommands: [NewShowCommand.self, NewEpisodeCommand.self])
}

struct NewShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Makes a show: its blueprint, a podcast pipeline and its prompts.",
        usage: "epbuild new show PATH [--title TEXT] [--author TEXT] [--character NAME]",
        discussion: "Asks on a terminal for what no option says. Files that are there already are never touched.")

    @Argument(help: "The show's directory; made if it is not there.", completion: .directory)
    var path: String

    @Option(help: "What the show is called.")
    var title: String?

    @Option(help: "Who makes it (default: \"The makers of\" and the title).")
    var author: String?

    @Option(help: "Who asks the questions, beside a narrator (default: SAM).")
    var character: String?

    func validate() throws {
        if path.isEmpty { throw ValidationError("PATH is empty") }
    }

    func run() async throws {
        let show = try NewShow(at: path, from: Setting().directory) { Console.say($0) }
        let interview = Interview()
        let title = try interview.answer(title, to: "What is the show called?", option: "--title")
        let author = try interview.answer(author, to: "Who makes it?", option: "--author", default: "The makers of \(title)")
        let character = try interview.answer(character, to: "Who asks the questions, beside a narrator?", option: "--character", default: "SAM")
        try show.write(title: title, author: author, character: character) { Console.answer($0.line) }
        let episode = ShellWord.quoted(path.hasSuffix("/") ? "\(path)ep001" : "\(path)/ep001")
        Console.answer("next: epbuild new episode \(episode)")
    }
}

struct NewEpisodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "episode", abstract: "Makes an episode, from a topic or with a script of your own.",
        usage: "epbuild new episode PATH [--topic TEXT | --script] [--title TEXT]",
        discussion: """
            From a topic, the script is generated from the files in sources/. With --script you write it: a short scene is there to begin with. \
            Asks on a terminal for what no option says. Files that are there already are never touched.
            """)

    @Argument(help: "The episode's directory, in that of its show; made if it is not there.", completion: .directory)
    var path: String

    @Option(help: "What it is about: the script is generated from sources/.")
    var topic: String?

    @Flag(help: "You write the script: script.fountain.")
    var script = false

    @Option(help: "Its title (default: the topic).")
    var title: String?

    func validate() throws {
        if path.isEmpty { throw ValidationError("PATH is empty") }
    }

    func run() async throws {
        let beginning = try EpisodeBeginning(at: path, from: Setting().directory) { Console.say($0) }
        let interview = Interview()
        var episode = try NewEpisode(beginning, isScripted: isScripted(interview))
        if episode.isScripted {
            episode.title = try interview.answer(title, to: "What is the episode called?", option: "--title", default: topic)
            episode.topic = topic ?? episode.title
        } else {
            episode.topic = try interview.answer(topic, to: "What is it about?", option: "--topic", default: title)
            let capitalized = episode.topic.prefix(1).uppercased() + episode.topic.dropFirst()
            episode.title = try interview.answer(title, to: "What is it called?", option: "--title", default: capitalized)
        }
        try episode.write { Console.answer($0.line) }
        Console.answer("next: \(episode.task), then")
        Console.answer("      epbuild \(ShellWord.quoted(path))")
    }

    private func isScripted(_ interview: Interview) throws -> Bool {
        if script || topic != nil { return script }
        guard interview.isPossible else {
            throw Diagnostic(.usage, "what is the episode about?", remedy: "give --topic TEXT, or --script if you write the script yourself")
        }
        return try interview.confirm("Do you write the script yourself? (Otherwise it is generated from sources.)")
    }
}

extension NewFile {
    fileprivate var line: String {
        switch self {
        case .written(let path): "wrote \(path)"
        case .kept(let path): "kept  \(path), which was there"
        }
    }
}
