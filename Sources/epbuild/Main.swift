import ArgumentParser
import EpCore
import EpEngine
import Glibc

@main
struct Main {
    @concurrent static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        // An up-to-date build costs a few `stat`s: not even the command line is parsed in full.
        if let status = QuickBuild(arguments)?.run() { exit(status.rawValue) }
        do {
            var command = try Epbuild.parseAsRoot(BuildCommand.asDefault(arguments))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let list as DiagnosticList {
            list.diagnostics.forEach { Console.report($0) }
            exit(list.exitStatus.rawValue)
        } catch let problem as Diagnostic {
            Console.report(problem)
            exit(problem.code.exitStatus.rawValue)
        } catch let end as EarlyEnd {
            exit(end.status.rawValue)
        } catch {
            Epbuild.exit(withError: error)
        }
    }
}

/// All has been said; only the exit status is left to give.
struct EarlyEnd: Error {
    let status: ExitStatus
}

struct Epbuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "epbuild",
        abstract: "Make for episodes: builds podcasts, videos, audiobooks and novels, and only what is stale.",
        discussion: """
            epbuild PATH builds an episode, a show or a whole workspace. Run it again after an edit, a failure or a crash: \
            what is finished is never done twice.

            Exit status: 0 built or up to date · 1 an action failed · 64 usage · 65 bad input file · 69 a needed program or \
            provider is missing · 75 not finished, run again later · 130 interrupted.
            """,
        version: Version.text,
        subcommands: [
            BuildCommand.self, PlanCommand.self, StatusCommand.self, WhyCommand.self, CleanCommand.self, TakesCommand.self,
            UseCommand.self, RevertCommand.self, LogCommand.self, CostCommand.self, ScriptCommand.self, CacheCommand.self,
        ])
}

enum Version {
    static let text = "epbuild 0.1.0"
}
