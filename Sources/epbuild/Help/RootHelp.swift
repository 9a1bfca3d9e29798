import ArgumentParser
import EpComposition
import EpCore
import EpEngine

/// What `epbuild --help` says: examples first, then the commands, then what an exit status means.
enum RootHelp {
    static let examples = """
          epbuild my-show/ep001   build an episode: script, voices, mix, MP3
          epbuild my-show/ep001   after an edit: what it touches is remade
          epbuild clean my-show/ep001 audio_synthesis/12
                                  ask for another take of one line

        PATH is an episode, a show or a workspace (all its episodes); inside an episode it may be left out. Whatever ended a build, an edit, a failure or a crash: \
        run it again. What is finished is never done twice. To begin: epbuild new show my-show
        """

    /// Each exit status, and what it means.
    static let statuses: [(status: ExitStatus, meaning: String)] = [
        (.success, "built or up to date"), (.failed, "an action failed"), (.usage, "the command line makes no sense"),
        (.badInput, "a file of yours is wrong"), (.unavailable, "a needed program or provider is missing"),
        (.tryAgain, "not finished, run again later"), (.interrupted, "interrupted"),
    ]

    /// Inside an episode, no word at all builds it.
    static func isAskedFor(by arguments: [String]) -> Bool {
        arguments.isEmpty ? Discovery.episode(around: Setting().directory) == nil : [["help"], ["--help"], ["-h"]].contains(arguments)
    }

    /// - Throws: `Diagnostic` (usage) if there is no such command.
    static func checkCommand(_ name: String) throws(Diagnostic) {
        let names = Epbuild.configuration.subcommands.map { $0._commandName } + ["help"]
        guard !name.hasPrefix("-"), !names.contains(name) else { return }
        throw Diagnostic(
            .usage, "there is no command \(name)",
            remedy: Words.command(near: name).map { "did you mean `epbuild help \($0)`?" } ?? "`epbuild --help` lists them")
    }

    static var text: String {
        let lines = statuses.map { status, meaning in
            let number = String(status.rawValue)
            return "  \(number)\(String(repeating: " ", count: 24 - number.count))\(meaning)"
        }
        // Each group of commands is a heading of its own.
        return Epbuild.helpMessage().replacing(" SUBCOMMANDS:", with: ":") + "\n\nEXIT STATUS:\n" + lines.joined(separator: "\n")
    }
}
