import FoundationEssentials
import Glibc
import Testing

/// A running `epbuild build --watch --json`, ended by its process identifier.
final class Watcher {
    /// What is watched stays as long as who watches: a workspace that goes is a change.
    private let machine: Machine
    private let files: String
    private let process: pid_t
    private var isOver = false

    /// - Parameter wrapper: a program that starts epbuild, with its own arguments.
    init(_ machine: Machine, _ words: [String], wrapper: [String] = []) throws {
        self.machine = machine
        files = "\(machine.directory)/watch-\(UUID().uuidString)"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        for (descriptor, name) in [(STDOUT_FILENO, "out"), (STDERR_FILENO, "err")] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "\(files).\(name)", O_WRONLY | O_CREAT | O_APPEND, 0o644)
        }
        let command = ["env", "-C", machine.workspace] + wrapper + [Program.epbuild, "build", "--watch", "--json"] + words
        var arguments = command.map { strdup($0) } + [nil]
        var variables = machine.environment().map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var process = pid_t()
        let code = posix_spawnp(&process, command[0], &actions, nil, &arguments, &variables)
        try #require(code == 0, "\(command[0]): \(String(cString: strerror(code)))")
        self.process = process
    }

    deinit {
        guard !isOver else { return }
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    /// One for each build that has ended.
    var builds: [Report] {
        get throws { try text("out").split(separator: "\n").filter { $0.hasPrefix("{") }.map { try Report(String($0)) } }
    }

    var errors: String { (try? text("err")) ?? "" }

    private func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(files).\(name)")), as: UTF8.self)
    }

    /// Waits for so many builds in all, and then for epbuild to wait for changes.
    /// - Returns: the last of them.
    func waits(forBuilds count: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws -> Report {
        guard try await Patience.wait(until: { try self.builds.count >= count && isResting }) else {
            Issue.record("only \(try self.builds.count) of \(count) builds\n\(errors)", sourceLocation: sourceLocation)
            throw CancellationError()
        }
        let builds = try builds
        try #require(builds.count == count, "\(errors)", sourceLocation: sourceLocation)
        return builds[count - 1]
    }

    private var isResting: Bool { errors.split(separator: "\n").last?.hasPrefix("watching ") == true }

    /// Waits for epbuild to wait for changes.
    func rests() async throws {
        try await Patience.wait { isResting }
    }

    /// Waits until standard error holds a text.
    func says(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await Patience.wait { errors.contains(text) }
        #expect(errors.contains(text), "\(errors)", sourceLocation: sourceLocation)
    }

    /// Nothing is built for so long.
    func staysQuiet(seconds: Double, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let before = try builds.count
        try await Task.sleep(for: .seconds(seconds))
        #expect(try builds.count == before, "\(errors)", sourceLocation: sourceLocation)
    }

    func signal(_ number: Int32) { kill(process, number) }

    /// Sends a signal, if there is one, and waits for the end.
    /// - Returns: the exit status; 128 and the number of the signal that ended it.
    func end(_ number: Int32? = nil) async throws -> Int32 {
        if let number { signal(number) }
        var status: Int32 = 0
        while waitpid(process, &status, WNOHANG) == 0 { try await Task.sleep(for: .milliseconds(10)) }
        isOver = true
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }
}
