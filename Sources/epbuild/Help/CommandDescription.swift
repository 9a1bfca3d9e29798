import ArgumentParser
import FoundationEssentials

/// A command as its definition says: what ArgumentParser dumps, and the usage and discussion as they were written.
struct CommandDescription {
    /// Options and arguments, as `--experimental-dump-help` gives them.
    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String

            var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
        }

        let kind: String
        let names: [Name]?
        let valueName: String?
        let abstract: String?
        let shouldDisplay: Bool

        /// `-j, --jobs JOBS`.
        var heading: String {
            let value = kind == "flag" ? "" : (valueName ?? "").uppercased()
            let names = (names ?? []).map(\.text).sorted { $0.count < $1.count }.joined(separator: ", ")
            return [names, value].filter { !$0.isEmpty }.joined(separator: " ")
        }
    }

    /// The words of its command line: `epbuild cache info`.
    let words: [String]
    let abstract: String
    let usage: String
    let discussion: String
    let arguments: [Argument]
    let subcommands: [CommandDescription]

    /// The whole tree of commands, but for hidden ones.
    static func root() throws -> CommandDescription {
        let dump = try JSONDecoder().decode(Dump.self, from: Data(Epbuild._dumpHelp().utf8))
        return CommandDescription(Epbuild.self, dump.command, after: [])
    }

    private init(_ type: any ParsableCommand.Type, _ dumped: Dump.Command, after words: [String]) {
        let configuration = type.configuration
        self.words = words + [dumped.commandName]
        abstract = configuration.abstract
        discussion = configuration.discussion
        usage = configuration.usage ?? (self.words.joined(separator: " ") + (dumped.subcommands == nil ? " [options]" : " COMMAND …"))
        // Every command has these two; the root tells of them.
        let common = words.isEmpty ? [] : ["--help", "--version"]
        arguments = (dumped.arguments ?? []).filter { argument in
            argument.shouldDisplay && !(argument.names ?? []).contains { common.contains($0.text) }
        }
        let own = self.words
        subcommands = configuration.subcommands.filter { $0.configuration.shouldDisplay }.compactMap { type in
            let command = (dumped.subcommands ?? []).first { $0.commandName == type._commandName }
            return command.map { CommandDescription(type, $0, after: own) }
        }
    }

    private struct Dump: Decodable {
        struct Command: Decodable {
            let commandName: String
            let arguments: [Argument]?
            let subcommands: [Command]?
        }

        let command: Command
    }
}
