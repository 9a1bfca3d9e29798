import EpCore
import EpFiles
import EpPlan
import Glibc

/// Runs programs, each in a fresh directory that holds exactly its declared inputs.
struct ProgramRunner: Sendable {
    /// As in `PATH`. Found programs are not part of an address; their versions are.
    let searchPath: String
    /// Where a directory is made for a program that is asked for its version.
    let temporaryDirectory: String
    /// What programs of stages run in; nil: they see all of this machine.
    var sandbox: Sandbox?
    /// This program, which some steps begin anew; nil: it is looked for as any other.
    var ownPath: String?

    /// - Parameter home: an empty directory of its own.
    func run(_ job: Job, arguments: [String], environment: [String: String], in home: String) async throws -> JobResult {
        let directory = try WorkingDirectory(home, for: job)
        let log = try await run(arguments, environment, in: home, holding: job.heldDescriptors)
        let served = arguments.first.map { job.step.platform[$0] ?? $0 } ?? ""
        let (outputs, notes) = try directory.outputs(of: job.step)
        let reads = try directory.reads(of: job.step)
        var result = JobResult(
            outputs: outputs, servedBy: served, messages: log.errorMessages.plainLines + notes + (reads?.notes ?? []))
        result.reads = reads?.labels ?? []
        return result
    }

    /// Runs a program with some files.
    /// - Returns: what it has printed.
    func run(_ arguments: [String], files: [String: [UInt8]], in home: String, holding held: [Int32]) async throws -> String {
        try WorkingDirectory.fill(home, with: files)
        return try await run(arguments, [:], in: home, holding: held).output
    }

    private func run(
        _ arguments: [String], _ environment: [String: String], in directory: String, holding held: [Int32]
    ) async throws -> ProgramLog {
        guard let name = arguments.first else { throw StepFailure(Diagnostic(.actionFailed, "there is no program to run")) }
        guard let path = find(name, in: directory) else { throw Self.missing(name) }
        let log = try ProgramLog(in: directory)
        let command = sandbox?.enclosing(path, arguments, in: directory) ?? (path: path, arguments: arguments)
        let end = try await log.run(
            command.path, command.arguments, self.environment(environment, home: directory), in: directory, holding: held)
        if end == .notStarted(E2BIG) { throw Self.tooLong(arguments, environment) }
        if let failure = Self.failure(of: name, end, log) { throw failure }
        return log
    }

    /// Arguments and environment share a place whose size the system limits, and no single one may have more than 128 KiB.
    private static func tooLong(_ arguments: [String], _ environment: [String: String]) -> StepFailure {
        let sizes = arguments.map(\.utf8.count)
        let all = sizes.reduce(0, +) + environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        return StepFailure(
            Diagnostic(
                .actionFailed,
                "the arguments of \(arguments.first ?? "") are longer than the system allows: \(all) bytes in all, \(sizes.max() ?? 0) in "
                    + "the longest",
                remedy:
                    "hand long texts on as `inputs`, and the names of many files in a file of their own: `inputs: { list.txt: { paths: "
                        + "LABEL } }`"
            ))
    }

    /// Starts a program that stays for questions.
    /// - Returns: nil if it is not here.
    func start(_ arguments: [String]) throws -> StandingProgram? {
        guard let name = arguments.first, let path = find(name) else { return nil }
        let home = try TemporaryHome(in: temporaryDirectory)
        let log = try ProgramLog(in: home.path)
        let command = sandbox?.enclosing(path, arguments, in: home.path) ?? (path: path, arguments: arguments)
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw SupervisedProgram.shortage(of: "a socket for \(name)")
        }
        defer { close(ends[1]) }
        do {
            let environment = environment([:], home: home.path)
            let run = try log.start(command.path, command.arguments, environment, in: home.path, conversingOver: ends[1])
            return StandingProgram(name, in: home, log, run, ends[0])
        } catch {
            close(ends[0])
            throw error
        }
    }

    /// Asks in a fresh home, as some programs keep a file there, and others name it.
    func version(of program: Program) async throws -> ProgramVersion {
        guard let path = find(program.name) else { throw Self.absence(of: program) }
        let home = try TemporaryHome(in: temporaryDirectory)
        let log = try ProgramLog(in: home.path)
        let words = [program.name] + program.versionArguments
        let (directory, surroundings) = (home.path, environment([:], home: home.path))
        let end = try await end(within: Self.longestAnswer) {
            try await log.run(path, words, surroundings, in: directory, holding: [])
        }
        guard let end else {
            throw Diagnostic(
                .unavailable, "\(program.name) does not tell its version within \(Int(Self.longestAnswer.components.seconds)) s",
                remedy: "run `\(words.joined(separator: " "))` to see what it waits for; it has no input to read")
        }
        let answer = VersionAnswer(output: log.output, errors: log.errors, isSuccess: end == .exited(0))
        guard let text = program.answer == .list ? answer.list : answer.line else {
            throw Diagnostic(
                .unavailable, "\(program.name) does not tell its version" + (answer.said.map { ": it says \"\($0)\"" } ?? ""),
                remedy: "run `\(words.joined(separator: " "))` to see why: it should print a line with its number")
        }
        // What it says of the directory would be another version each time.
        return ProgramVersion(path: path, line: text.replacing(home.path, with: "~"))
    }

    /// Nil if it is somewhere.
    func absence(of program: Program) -> Diagnostic? { find(program.name) == nil ? Self.absence(of: program) : nil }

    private static func absence(of program: Program) -> Diagnostic {
        Diagnostic(.unavailable, "the program \(program.name) is missing", remedy: program.remedy)
    }

    /// A program that is asked what it is has nothing else to do.
    private static let longestAnswer = Duration.seconds(60)

    /// - Returns: nil if it takes too long; then it has been ended.
    private func end(
        within limit: Duration, of run: @escaping @Sendable () async throws -> SupervisedProgram.End
    ) async throws -> SupervisedProgram.End? {
        try await withThrowingTaskGroup(of: SupervisedProgram.End?.self) { group in
            group.addTask { try await run() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// The declared environment; where it is silent, a fixed language and time zone, and directories of its own.
    private func environment(_ declared: [String: String], home: String) -> [String] {
        var lines = declared.map { "\($0.key)=\($0.value)" }
        func add(_ name: String, _ value: String) { if declared[name] == nil { lines.append("\(name)=\(value)") } }
        add("PATH", searchPath)
        add("LC_ALL", "C.UTF-8")
        add("TZ", "UTC")
        add("HOME", home)
        add("TMPDIR", home)
        return lines
    }

    private static func missing(_ name: String) -> Diagnostic {
        Diagnostic(.unavailable, "the program \(name) is missing", remedy: "install it, or correct `run`")
    }

    /// Nil if it has succeeded.
    static func failure(of name: String, _ end: SupervisedProgram.End, _ log: ProgramLog) -> (any Error)? {
        let how: String
        var status: Int32?
        switch end {
        case .exited(0): return nil
        case .exited(let code): (how, status) = ("\(name) failed with status \(code)", code)
        case .signaled(let signal): how = "\(name) was ended by a signal (\(signal): \(String(cString: strsignal(signal))))"
        case .lost: how = "\(name) was ended, and so was what watches over it"
        case .notStarted(ENOEXEC):
            return StepFailure(
                Diagnostic(
                    .actionFailed, "\(name) is no program that this system can run",
                    remedy: "let a script begin with a line such as `#!/bin/sh`"))
        case .notStarted(ENOENT): return missing(name)
        case .notStarted(let code) where [.notNow, .noMemory, .tooManyFiles].contains(SystemError(code).kind):
            return SupervisedProgram.shortage(SystemError(code), of: "a process for \(name)")
        case .notStarted(let code):
            return StepFailure(
                Diagnostic(
                    .actionFailed, "\(name) cannot be started: \(SystemError(code).reason)", remedy: "see whether this user may run it"))
        }
        return failure(how, log.lastLines, status: status)
    }

    /// That a program has failed.
    /// - Parameters:
    ///   - how: the beginning of a sentence that ends with what it has said.
    ///   - lines: what it has said last.
    static func failure(_ how: String, _ lines: [String], status: Int32?) -> StepFailure {
        let text = lines.map { "\n  \($0)" }.joined()
        let problem = Diagnostic(
            .actionFailed, text.isEmpty ? how : "\(how):\(text)", remedy: "correct what it complains of, then run the same command again")
        return StepFailure(problem, exitStatus: status)
    }

    func find(_ name: String, in directory: String? = nil) -> String? {
        if name.hasPrefix("/") { return Self.isProgram(name) ? name : nil }
        if name == "epbuild", let ownPath { return Self.isProgram(ownPath) ? ownPath : nil }
        if name.contains("/") { return directory.map { "\($0)/\(name)" }.flatMap { Self.isProgram($0) ? $0 : nil } }
        return places(of: name).first(where: Self.isProgram)
    }

    /// Where a program is looked for that is not named by a path.
    func places(of name: String) -> [String] {
        name.contains("/") ? [] : searchPath.split(separator: ":").map { "\($0)/\(name)" }
    }

    /// A directory can be "executed", too.
    private static func isProgram(_ path: String) -> Bool {
        access(path, X_OK) == 0 && FileStatus(path, followingLink: true)?.isRegular == true
    }
}
