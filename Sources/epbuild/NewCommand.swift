import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpFiles
import EpPlan
import EpProviders
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
        usage: """
            epbuild new show PATH [--pipeline NAME] [--eject] [--title TEXT]
              [--author TEXT] [--character NAME] [--writer VENDOR [--model NAME]]
            """,
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

    @Option(
        help: "Who writes, if the show begins a workspace (default: offline, which is epbuild itself).",
        completion: .list(NewShowCommand.writers.map(\.name)))
    var writer: String?

    @Option(help: "The model that writes, as its service calls it.")
    var model: String?

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
        let writer = try newWriter(interview, show)
        try show.write(title: title, author: author, character: character, writer: writer) { Console.answer($0.line) }
        var next = writer.keyVariable.map { ["write \($0)=… into .env beside epbuild.yaml (chmod 600)"] } ?? []
        if writer != Self.offline { next.append("epbuild providers test \(ShellWord.quoted(path))") }
        next.append("epbuild new episode \(ShellWord.quoted(path.hasSuffix("/") ? "\(path)ep001" : "\(path)/ep001"))")
        Console.answer("next: \(next.joined(separator: ", then\n      "))")
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

/// Who writes in the workspace that a show begins.
extension NewShowCommand {
    private static let offline = NewWriter("offline")
    /// Those that need no more than a model: a program of one's own is told how to run it in `epbuild.yaml`.
    private static let writers = Vendors.shipped.languageModels.filter { $0.name == offline.vendor || $0 is any RemoteVendor }

    private func newWriter(_ interview: Interview, _ show: NewShow) throws(Diagnostic) -> NewWriter {
        guard show.beginsWorkspace else {
            if writer == nil, model == nil { return Self.offline }
            throw Diagnostic(.usage, "the workspace above \(path) says who writes", remedy: "change `writer` in its epbuild.yaml")
        }
        let names = Self.writers.map(\.name)
        let name = try interview.answer(
            writer, to: "Who writes? \(names.joined(separator: ", "))", option: "--writer", default: Self.offline.vendor)
        guard let vendor = Vendors.shipped.languageModel(named: name), names.contains(vendor.name) else {
            throw Diagnostic(.usage, "no kind of language model is called \"\(name)\"", remedy: Suggestion.remedy(for: name, in: names))
        }
        guard let remote = vendor as? any RemoteVendor else {
            if model == nil { return Self.offline }
            throw Diagnostic(.usage, "\(vendor.name) has no models", remedy: "leave out --model, or name a --writer")
        }
        let model = try interview.answer(model, to: "Which model of \(vendor.name)?", option: "--model")
        return NewWriter(vendor.name, model: model, keyVariable: remote.usualKeyVariable)
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

    @Option(help: "Makes the episodes of a list: a CSV or YAML file.", completion: .file(extensions: ["csv", "tsv", "yaml", "yml"]))
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
