import ArgumentParser
import CPocketsphinx
import EpComposition
import EpCore
import EpEngine
import EpExecution
import EpProviders
import Glibc
import Synchronization

@main
struct Main {
    static func main() {
        let arguments: [String]
        do {
            arguments = try Arguments.words()
        } catch {
            Console.report(error)
            error.code.exitStatus.end()
        }
        if let status = CardProgram(arguments)?.run() ?? WordsProgram(arguments)?.run() { status.end() }
        if arguments == [ListenCommand.word] { exit(cpocketsphinx_serve()) }
        // An up-to-date build costs a few `stat`s: not even the command line is parsed in full.
        var quick = QuickBuild(arguments)
        if let status = quick?.run() { status.end() }
        let build = quick
        if RootHelp.isAskedFor(by: arguments) { return Console.answer(RootHelp.text) }
        // Tasks wait for ever where the system has no threads for them, so nothing is a task before this is known.
        if let shortage = ProcessLimits.prepare(runsPrograms: build != nil) {
            Console.report(shortage)
            shortage.code.exitStatus.end()
        }
        Task.detached {
            if ProcessLimits.allowsFewDescriptors { await openTimers() }
            await run(arguments, build)
            ExitStatus.success.end()
        }
        waitForEver()
    }

    /// libdispatch opens a descriptor for the first timer of each clock, and ends the process where it gets none: it gets them while there
    /// are some.
    private static func openTimers() async {
        Task.detached { try await Task.sleep(for: .seconds(1 << 30), clock: .continuous) }
        Task.detached { try await Task.sleep(for: .seconds(1 << 30), clock: .suspending) }
        // They are opened on a thread of the library's: who has slept for a moment knows that this is done.
        try? await Task.sleep(for: .microseconds(1), clock: .continuous)
        try? await Task.sleep(for: .microseconds(1), clock: .suspending)
    }

    /// Signals come here: whatever else runs keeps them off. As `dispatchMain` does it, which first looks for all that is to be unwound.
    private static func waitForEver() -> Never {
        var none = sigset_t()
        sigemptyset(&none)
        while true { sigsuspend(&none) }
    }

    /// A build with options is read as such: the tree of all commands takes longer to set up than a small build. The tree explains what is
    /// wrong.
    private static func command(_ arguments: [String]) throws -> any ParsableCommand {
        if arguments.first == BuildCommand._commandName, let build = try? BuildCommand.parse(Array(arguments.dropFirst())) { return build }
        return try Epbuild.parseAsRoot(arguments)
    }

    private static func run(_ arguments: [String], _ build: QuickBuild?) async {
        do {
            if let build { return try await BuildCommand.run(build) }
            if arguments.count == 2, arguments[0] == "help" { try RootHelp.checkCommand(arguments[1]) }
            var command = try Self.command(BuildCommand.asDefault(arguments))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let list as DiagnosticList {
            list.diagnostics.forEach { Console.report($0) }
            list.exitStatus.end()
        } catch let problem as Diagnostic {
            Console.report(problem)
            problem.code.exitStatus.end()
        } catch let end as EarlyEnd {
            end.status.end()
        } catch {
            Epbuild.exit(withError: error)
        }
    }
}

/// What is there until the process ends: to take it apart piece by piece takes longer than all that is left to do.
enum Lasting {
    private static let kept = Mutex<[any Sendable]>([])

    static func keep(_ value: any Sendable) { kept.withLock { $0.append(value) } }
}

/// All has been said; only the exit status is left to give.
struct EarlyEnd: Error {
    let status: ExitStatus
}

struct Epbuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "epbuild",
        abstract: "Make for episodes: builds podcasts, videos, audiobooks and novels, and only what is stale.",
        usage: "epbuild [build] PATH… [TARGET…] | epbuild COMMAND …",
        discussion: RootHelp.examples,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Building",
                subcommands: [
                    BuildCommand.self, PlanCommand.self, StatusCommand.self, WhyCommand.self, LinesCommand.self, PlayCommand.self,
                    InspectCommand.self, GraphCommand.self, CheckCommand.self, LogCommand.self, CostCommand.self, ReportCommand.self,
                    ExportCommand.self, PublishCommand.self, PauseCommand.self, ResumeCommand.self, StopCommand.self, ExtendCommand.self,
                    ServeCommand.self,
                ]),
            CommandGroup(
                name: "Directing",
                subcommands: [
                    ApproveCommand.self, RejectCommand.self, CleanCommand.self, TakesCommand.self, UseCommand.self, PinCommand.self,
                    UnpinCommand.self, SkipCommand.self, UnskipCommand.self, AcceptCommand.self, UnacceptCommand.self, DiffCommand.self,
                    MergeCommand.self, RevertCommand.self, RollbackCommand.self, KeyCommand.self,
                ]),
            CommandGroup(
                name: "Beginning",
                subcommands: [
                    NewCommand.self, DoctorCommand.self, ProvidersCommand.self, ExplainCommand.self, ScriptCommand.self,
                    CompletionsCommand.self,
                ]),
            CommandGroup(
                name: "Caches",
                subcommands: [
                    CacheCommand.self
                ]),
            CommandGroup(name: "Hidden", subcommands: [ManualCommand.self, RunStepCommand.self]),
        ])
}
