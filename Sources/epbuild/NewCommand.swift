import ArgumentParser
import EpCore
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
        let place = NewPlace(path, from: Setting().directory)
        if place.ancestor(with: "episode.yaml") != nil { throw Diagnostic(.usage, "\(path) lies in an episode", remedy: "put a show beside other shows") }
        if let show = place.parentAncestor(with: "show.yaml") {
            throw Diagnostic(.usage, "\(path) lies in the show \(show)", remedy: "put it beside that show, or make an episode: epbuild new episode \(path)")
        }
        let hasWorkspace = place.ancestor(with: "epbuild.yaml") != nil
        try place.refuseIfThere(Starter.showFiles(withWorkspace: !hasWorkspace))
        let interview = Interview()
        let title = try interview.answer(title, to: "What is the show called?", option: "--title")
        let author = try interview.answer(author, to: "Who makes it?", option: "--author", default: "The makers of \(title)")
        let character = try interview.answer(character, to: "Who asks the questions, beside a narrator?", option: "--character", default: "SAM")
        guard character.uppercased() != "NARRATOR", Starter.isCue(character) else {
            throw Diagnostic(.usage, "\"\(character)\" cannot be the name of a character", remedy: "name somebody else than the narrator, with a letter first")
        }
        try place.write(Starter.show(title: title, author: author, character: character.uppercased(), withWorkspace: !hasWorkspace))
        let episode = Interview.quoted(path.hasSuffix("/") ? "\(path)ep001" : "\(path)/ep001")
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
        let place = NewPlace(path, from: Setting().directory)
        if let episode = place.parentAncestor(with: "episode.yaml") { throw Diagnostic(.usage, "\(path) lies in the episode \(episode)") }
        guard let directory = place.ancestor(with: "show.yaml") else {
            throw Diagnostic(.usage, "\(path) is in no show", remedy: "make one with `epbuild new show DIRECTORY`, then the episode in that directory")
        }
        guard directory != place.directory else {
            throw Diagnostic(.usage, "\(path) is a show", remedy: "name a directory in it: epbuild new episode \(Interview.quoted(path))/ep001")
        }
        try place.refuseIfThere(["episode.yaml"])
        let show = try NewEpisode.ShowFacts(directory)
        let interview = Interview()
        var episode = try NewEpisode(show: show, place: place, isScripted: isScripted(interview))
        if episode.isScripted {
            episode.title = try interview.answer(title, to: "What is the episode called?", option: "--title", default: topic)
            episode.topic = topic ?? episode.title
        } else {
            episode.topic = try interview.answer(topic, to: "What is it about?", option: "--topic", default: title)
            let capitalized = episode.topic.prefix(1).uppercased() + episode.topic.dropFirst()
            episode.title = try interview.answer(title, to: "What is it called?", option: "--title", default: capitalized)
        }
        try place.write(episode.files)
        Console.answer("next: \(episode.task), then")
        Console.answer("      epbuild \(Interview.quoted(path))")
    }

    private func isScripted(_ interview: Interview) throws -> Bool {
        if script || topic != nil { return script }
        guard interview.isPossible else {
            throw Diagnostic(.usage, "what is the episode about?", remedy: "give --topic TEXT, or --script if you write the script yourself")
        }
        return try interview.confirm("Do you write the script yourself? (Otherwise it is generated from sources.)")
    }
}
