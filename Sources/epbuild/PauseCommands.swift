import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Has all builds of a workspace wait.", usage: "epbuild pause PATH…",
        discussion:
            "Builds finish and store what runs, start nothing, and exit 75 until `epbuild resume`, or until the file that this names is "
                + "deleted."
    )

    @Argument(help: "Episodes, shows or workspaces.", completion: .directory)
    var paths: [String] = []

    func run() async throws {
        let composition = Composition()
        for (file, isNew) in try composition.desk().pause(try composition.workspaces(paths)) {
            Console.answer(isNew ? "paused: \(composition.setting.shown(file))" : "was paused before: \(composition.setting.shown(file))")
        }
        Console.say("go on with: epbuild resume \(paths.map(ShellWord.quoted).joined(separator: " "))")
    }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Takes a pause back, and builds.", usage: "epbuild resume PATH… [--json]")

    @Argument(help: "Episodes, shows or workspaces.", completion: .directory)
    var paths: [String] = []

    @Flag(help: "Print one JSON object for each episode on standard output.")
    var json = false

    func run() async throws {
        let composition = Composition()
        let places = try composition.workspaces(paths)
        if try !composition.desk().resume(places) { Console.say("nothing was paused") }
        try await BuildRun(composition: composition, options: BuildOptions(), json: json, verbose: false).run(places)
    }
}

struct ExtendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extend", abstract: "Gives a running action more time.", usage: "epbuild extend PATH TARGET SECONDS",
        discussion:
            "Counts for what runs now, beyond `timeout_seconds` of its stage, or what `adaptive: true` has made of that. TARGET is an "
                + "item, or a stage for all of its items."
    )

    @Argument(help: "An episode, a target and seconds.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        guard words.count == 3, let seconds = Double(words[2]), (1...604_800).contains(seconds) else {
            throw Diagnostic(
                .usage, "extend needs an episode, a target and seconds from 1 to 604800", remedy: "epbuild extend PATH TARGET 600")
        }
        let session = try await TargetSession(Array(words.prefix(2)), needsTarget: true)
        for target in session.targets { try session.desk.extend(session.place, target, bySeconds: seconds) }
        Console.answer("\(words[1]): \(words[2]) s more for what runs now")
    }
}

extension Composition {
    /// The episodes at some paths.
    /// - Throws: `Diagnostic` (usage) if nobody has named one.
    func workspaces(_ paths: [String]) throws -> [EpisodePlace] {
        guard !paths.isEmpty else { throw Diagnostic(.usage, "which workspace?", remedy: "name it, or a show or an episode in it") }
        return try episodes(paths)
    }
}
