import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpPlan

/// Keys by which results in shared caches are signed and known.
struct CacheKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Keys that sign results in shared caches.",
        subcommands: [CacheKeysMakeCommand.self, CacheKeysListCommand.self, CacheKeysPublicCommand.self])
}

struct CacheKeysMakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make", abstract: "Makes a key: a private line for the environment, a public one for epbuild.yaml.",
        usage: "epbuild cache keys make NAME")

    @Argument(help: "Whose key it is: a machine's or a team's, with a number for those that follow it.")
    var name: String

    func run() throws {
        let key = try KeyCommand.key(named: name)
        Console.answer("EPBUILD_SIGNING_KEY=\(key.privateText)")
        Console.say("keep the line above to yourself: set it where results are made, and name it by `sign_env: EPBUILD_SIGNING_KEY`")
        Console.say("put this one into epbuild.yaml, under `trust` of the caches that are to take what it signs:")
        Console.say("  \(key.publicText)")
    }
}

struct CacheKeysPublicCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "public", abstract: "Prints the public line of a key that the environment holds.",
        usage: "epbuild cache keys public [--variable NAME]")

    @Option(help: "The variable that holds the key.")
    var variable = "EPBUILD_SIGNING_KEY"

    func run() throws {
        guard let text = Setting.variable(variable) else {
            throw Diagnostic(
                .usage, "\(variable) is not set",
                remedy: "set it to a key that `epbuild cache keys make NAME` has printed, or name another by --variable")
        }
        Console.answer(try SigningKey(parsing: text).publicText)
    }
}

struct CacheKeysListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Whose results each shared cache of a workspace takes, and who signs there.",
        usage: "epbuild cache keys list [PATH] [--json]")

    @Argument(help: "A workspace, or what lies in one.")
    var path = "."

    @Flag(help: "Print one JSON object for each cache.")
    var json = false

    func run() throws {
        let workspace = try ProvidersCommand.workspace(at: path, Composition())
        for remote in workspace.remotes {
            let answer = RemoteKeysAnswer(remote) { Setting.variable($0) }
            if json { Console.answer(answer.value.json()) } else { answer.lines.forEach(Console.answer) }
        }
        if workspace.remotes.isEmpty { Console.say("epbuild.yaml names no shared cache") }
    }
}

extension RemoteKeysAnswer {
    fileprivate var lines: [String] {
        var lines = [remote.url]
        lines.append(
            remote.trust.isEmpty
                ? "  takes results of anybody" : "  takes what is signed by: \(remote.trust.map(\.publicText).joined(separator: ", "))")
        if let variable = remote.signVariable {
            lines.append(signer.map { "  signs with \(variable): \($0)" } ?? "  signs with \(variable), which holds no key")
        } else if remote.push {
            lines.append("  signs nothing")
        }
        if isOwnUnknown { lines.append("  what is signed here is not taken back from there: `trust` does not have its key") }
        return lines
    }
}
