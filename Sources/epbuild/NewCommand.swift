import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpFiles
import EpPlan
import PodcastPipeline
import FoundationEssentials

struct NewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Makes a show or an episode that builds at once.",
        subcommands: [NewShowCommand.self, NewEpisodeCommand.self])
}

struct NewShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Makes a show: its blueprint, a pipeline and its prompts.",
        usage: "epbuild new show PATH [--pipeline NAME] [--eject] [--title TEXT]\n  [--author TEXT] [--character NAME]",
        discussion: """
            Without --pipeline it is a podcast whose pipeline is copied into the show, to be changed there. Pipelines that come with epbuild: \
            \(Composition.pipelines.map { "\($0.name) (\($0.purpose))" }.joined(separator: "; ")). \
            Asks on a terminal for what no option says. Files that are there already are never touched.
            """)

    @Argument(help: "The show's directory; made if it is not there.", completion: .directory)
    var path: String

    @Option(help: "The pipeline that the show takes over as it comes with epbuild.", completion: .list(Composition.pipelines.map(\.name)))
    var pipeline: String?

    @Flag(help: "Copies the pipeline's files into the show, to be changed there.")
    var eject = false

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
        let show = try NewShow(at: path, from: Setting().directory, pipeline: try shipped(), ejects: eject || pipeline == nil) {
            Console.say($0)
        }
        let interview = Interview()
        let title = try interview.answer(title, to: "What is the show called?", option: "--title")
        let author = try interview.answer(author, to: "Who makes it?", option: "--author", default: "The makers of \(title)")
        let character = try character(interview, show)
        try show.write(title: title, author: author, character: character) { Console.answer($0.line) }
        let episode = ShellWord.quoted(path.hasSuffix("/") ? "\(path)ep001" : "\(path)/ep001")
        Console.answer("next: epbuild new episode \(episode)")
    }

    private func shipped() throws(Diagnostic) -> ShippedPipeline {
        guard let pipeline else { return .podcast }
        if let known = Composition.pipelines.first(where: { $0.name == pipeline }) { return known }
        throw Diagnostic(
            .usage, "there is no pipeline \"\(pipeline)\"", remedy: Suggestion.remedy(for: pipeline, in: Composition.pipelines.map(\.name)))
    }

    private func character(_ interview: Interview, _ show: NewShow) throws(Diagnostic) -> String {
        if show.hasCharacter {
            return try interview.answer(character, to: "Who asks the questions, beside a narrator?", option: "--character", default: "SAM")
        }
        if character == nil { return "" }
        throw Diagnostic(.usage, "nobody asks questions in a show of this pipeline", remedy: "leave out --character")
    }
}

struct NewEpisodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "episode", abstract: "Makes an episode, from a topic or with a script of your own.",
        usage: "epbuild new episode PATH [--topic TEXT | --script] [--title TEXT]\nepbuild new episode SHOW --from LIST [--template DIR]",
        discussion: """
            With --from an episode for each line of a CSV file, whose first line names the columns, or for each mapping of a YAML list. Columns become fields of episode.yaml, or are \
            filled in by templates (@column@); `directory` says where, by default number and title. Nothing is written if one of them cannot be made. \
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

    @Option(help: "Makes the episodes of a list: a CSV or YAML file.", completion: .file(extensions: ["csv", "yaml", "yml"]))
    var from: String?

    @Option(help: "A directory in the place of the show's templates/episode.", completion: .directory)
    var template: String?

    func validate() throws {
        if path.isEmpty { throw ValidationError("PATH is empty") }
        if from != nil, topic != nil || script || title != nil {
            throw ValidationError("the list says what --topic, --title and --script say of one episode")
        }
    }

    func run() async throws {
        let setting = Setting()
        let template = template.map(setting.absolute)
        if let from { return try writeAll(from, template, setting) }
        let beginning = try EpisodeBeginning(at: path, from: setting.directory, template: template, pipelines: Composition.pipelines) {
            Console.say($0)
        }
        let interview = Interview()
        var episode = try NewEpisode(beginning, isScripted: beginning.hasTemplates ? script : isScripted(interview))
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

    private func writeAll(_ list: String, _ template: String?, _ setting: Setting) throws {
        guard let bytes = try Files.read(setting.absolute(list)) else {
            throw Diagnostic(.usage, "there is no file \(list)", remedy: "name a CSV or YAML file")
        }
        let batch = try EpisodeBatch(
            EpisodeList(bytes, file: list), in: path, from: setting.directory, template: template, pipelines: Composition.pipelines
        ) { Console.say($0) }
        try batch.write { Console.answer($0.line) }
        Console.answer("next: epbuild \(ShellWord.quoted(path))")
    }

    private func isScripted(_ interview: Interview) throws -> Bool {
        if script || topic != nil { return script }
        guard interview.isPossible else {
            throw Diagnostic(
                .usage, "what is the episode about?", remedy: "give --topic TEXT, or --script if you write the script yourself")
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
