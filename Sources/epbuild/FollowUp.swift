import Dispatch
import EpComposition
import EpCore
import EpEngine
import EpFiles
import Glibc
import Synchronization

/// The command that `--then` names: run by the shell when a build has made something.
final class FollowUp: Sendable {
    private let command: String
    /// The command's standard output is standard error, because standard output is for JSON.
    private let isQuiet: Bool
    private let running = Mutex<pid_t?>(nil)

    init(_ command: String, isQuiet: Bool) {
        self.command = command
        self.isQuiet = isQuiet
    }

    /// Runs it and waits for its end. That it fails is a warning.
    func run(after report: BuildReport, of place: EpisodePlace) async {
        let environment = Setting.environment(with: [
            "EPBUILD_EPISODE": place.directory, "EPBUILD_OUTCOME": report.outcome.rawValue,
            "EPBUILD_OUTPUTS": report.outputs.map { "\(place.directory)/\($0)" }.joined(separator: "\n"),
        ])
        guard let process = start(environment) else { return warn("cannot be started: \(SystemError.last.reason)") }
        let status = await end(of: process)
        if status & 0x7F != 0 { return warn("was ended by signal \(status & 0x7F)") }
        if status >> 8 != 0 { warn("ended with status \(status >> 8)") }
    }

    /// Ends the command if it runs. May be called from any thread.
    func stop() {
        running.withLock { if let process = $0 { kill(process, SIGTERM) } }
    }

    private func start(_ environment: [String]) -> pid_t? {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // This program ignores them while it handles them, and a command would inherit that.
        var signals = sigset_t()
        sigemptyset(&signals)
        [SIGINT, SIGTERM].forEach { sigaddset(&signals, $0) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if isQuiet { posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO) }
        var words = (["/bin/sh", "-c", command] as [String]).map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { (words + variables).forEach { free($0) } }
        return running.withLock { running in
            var process = pid_t()
            errno = posix_spawn(&process, "/bin/sh", &actions, &attributes, &words, &variables)
            running = errno == 0 ? process : nil
            return running
        }
    }

    /// As `waitpid` gives it. The process is waited for before its number may be given to another.
    private func end(of process: pid_t) async -> Int32 {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [self] in
                var information = siginfo_t()
                retrying { waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) }
                var status: Int32 = 0
                running.withLock { running in
                    running = nil
                    retrying { waitpid(process, &status, 0) }
                }
                continuation.resume(returning: status)
            }
        }
    }

    private func warn(_ what: String) {
        Console.report(Diagnostic(.actionFailed, "the command of --then \(what)", remedy: command, severity: .warning))
    }
}
