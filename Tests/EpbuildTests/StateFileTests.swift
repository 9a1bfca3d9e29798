import FoundationEssentials
import Glibc
import Testing

/// What epbuild keeps in `.epbuild/` and beside a person's files: links and pipes there harm nobody, and nothing is left lying about.
@Suite struct StateFileTests {
    private static let month = Date.now.formatted(.iso8601).prefix(7)

    /// Whoever can write into `.epbuild/` must not choose what is written elsewhere.
    @Test(.timeLimit(.minutes(10)), arguments: ["link", "dangling link", "link in place of the directory", "pipe", "directory"])
    func eventsAreWrittenToPlainFilesAlone(_ kind: String) async throws {
        let machine = try Machine()
        let (outside, file) = ("\(machine.directory)/outside", "\(machine.workspace)/.epbuild/events/\(Self.month).jsonl")
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try machine.write(Array("precious\n".utf8), to: "../outside/file")
        try FileManager.default.createDirectory(
            atPath: "\(machine.workspace)/.epbuild" + (kind.hasSuffix("directory") && kind != "directory" ? "" : "/events"),
            withIntermediateDirectories: true)
        switch kind {
        case "link": symlink("\(outside)/file", file)
        case "dangling link": symlink("\(outside)/new", file)
        case "pipe": mkfifo(file, 0o644)
        case "directory": mkdir(file, 0o755)
        default: symlink(outside, "\(machine.workspace)/.epbuild/events")
        }
        let build = try await machine.run(Machine.letters)
        #expect(build.status == 0, "\(build)")
        #expect(
            build.errors.contains("warning: what happens is not logged: ") && build.errors.contains("remove it: epbuild makes it anew"),
            "\(build)")
        #expect(build.errors.ranges(of: "is not logged").count == 1, "\(build)")
        #expect(machine.files(below: outside) == ["file"])
        #expect(try machine.text("../outside/file") == "precious\n")
    }

    /// It is begun anew, whatever stands there.
    @Test(
        .timeLimit(.minutes(10)), arguments: ["history.sqlite", "history.sqlite-wal", "history.sqlite-shm"],
        ["link", "dangling link", "pipe", "directory"])
    func theHistoryIsAPlainFile(_ name: String, _ kind: String) async throws {
        let machine = try Machine()
        let file = "\(machine.workspace)/.epbuild/\(name)"
        try FileManager.default.createDirectory(atPath: "\(machine.workspace)/.epbuild", withIntermediateDirectories: true)
        try machine.write(Array("precious\n".utf8), to: "../precious")
        switch kind {
        case "link": symlink("\(machine.directory)/precious", file)
        case "dangling link": symlink("\(machine.directory)/new", file)
        case "pipe": mkfifo(file, 0o644)
        default: mkdir(file, 0o755)
        }
        try await machine.build(Machine.letters).expect(.built)
        let log = try await machine.run("log", Machine.letters)
        #expect(log.status == 0 && log.output.contains("built"), "\(log)")
        #expect(try machine.text("../precious") == "precious\n")
        #expect(access("\(machine.directory)/new", F_OK) != 0)
    }

    /// A copy that is shown to who decides goes where epbuild keeps such copies, and nowhere else.
    @Test(arguments: ["gates", "gates/letters%letter-to-the-sea", "gates/letters%letter-to-the-sea/totals"])
    func copiesForADecisionStayInPlace(_ directory: String) async throws {
        let machine = try Machine()
        try machine.replace("outputs: [total.txt]", with: "outputs: [total.txt]\n    gate: { required: true }", in: "letters/pipeline.yaml")
        try await machine.run(Machine.letters).expect(75)
        let path = "\(machine.workspace)/.epbuild/\(directory)"
        let outside = "\(machine.directory)/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try FileManager.default.removeItem(atPath: path)
        symlink(outside, path)
        machine.remove(".epbuild/memo")
        try await machine.run(Machine.letters).expect(1, errors: "/.epbuild/\(directory) cannot be used", "remove it")
        #expect(machine.files(below: outside).isEmpty)
    }

    /// The memo and the trace only save time: whatever stands in their place, the episode is looked through and built.
    @Test(.timeLimit(.minutes(10)), arguments: ["memo", "trace"], ["link", "dangling link", "pipe", "directory", "socket"])
    func whatIsNotedIsFoundOutAnew(_ name: String, _ kind: String) async throws {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built)
        let expected = try machine.outputs(of: Machine.letters)
        for file in machine.files(below: "\(machine.workspace)/.epbuild/\(name)") {
            let path = "\(machine.workspace)/.epbuild/\(name)/\(file)"
            unlink(path)
            switch kind {
            case "link": symlink("/etc/passwd", path)
            case "dangling link": symlink("\(machine.directory)/new", path)
            case "pipe": mkfifo(path, 0o644)
            case "directory": try FileManager.default.createDirectory(atPath: "\(path)/full", withIntermediateDirectories: true)
            default: mknod(path, S_IFSOCK | 0o644, 0)
            }
        }
        for question in ["status", "plan"] { #expect(try await machine.run(question, Machine.letters).status == 0) }
        try machine.edit("\(Machine.letters)/texts/01-morning.txt") { $0 + "And then the tide rose.\n" }
        try await machine.build(Machine.letters).expect(.built)
        try await machine.build(Machine.letters).expect(.upToDate)
        #expect(try machine.outputs(of: Machine.letters) != expected)
        #expect(access("\(machine.directory)/new", F_OK) != 0)
    }

    /// A killed process leaves the file that it was about to put in place of another.
    @Test func whatADeadProcessLeftIsRemoved() async throws {
        let machine = try Machine()
        try machine.replace(
            "    deliver: true", with: "    output: report.txt\n    editable: true\n    deliver: true", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.built)
        let dead = try await Self.deadProcess(machine)
        let left = [
            "\(Machine.letters)/episode.lock.epbuild-\(dead)-123", "\(Machine.letters)/.epbuild-\(dead)-a1b2",
            "\(Machine.letters)/out/.epbuild-\(dead)-zz", ".epbuild/memo/x.epbuild-\(dead)-1",
            ".epbuild/trace/x.epbuild-\(dead)-1", "\(Machine.letters)/report.txt.epbuild-\(dead)-7",
        ]
        let kept = [
            "\(Machine.letters)/episode.lock.epbuild-\(getpid())-123", "\(Machine.letters)/notes.epbuild-\(dead)",
            "\(Machine.letters)/notes.epbuild-\(dead)-1.txt", "\(Machine.letters)/out/held.epbuild-\(dead)-2",
        ]
        for file in left + kept { try machine.write([1], to: file) }
        // Of another machine, or of another container, where there may be a living process of that number.
        let held = open("\(machine.workspace)/\(kept[3])", O_RDONLY | O_CLOEXEC)
        try #require(flock(held, LOCK_EX | LOCK_NB) == 0)
        defer { close(held) }
        try machine.edit("\(Machine.letters)/texts/01-morning.txt") { $0 + "And then the tide rose.\n" }
        try await machine.build(Machine.letters).expect(.built)
        for file in left { #expect(access("\(machine.workspace)/\(file)", F_OK) != 0, "\(file)") }
        for file in kept { #expect(access("\(machine.workspace)/\(file)", F_OK) == 0, "\(file)") }
    }

    private static func deadProcess(_ machine: Machine) async throws -> Int {
        let outcome = try await Program.run(["sh", "-c", "echo $$"], in: machine.directory, environment: machine.environment())
        return try #require(Int(outcome.output.dropLast()))
    }

    /// Decisions of many people in the same moment: all are recorded, or it is said in a person's words why one is not.
    @Test func decisionsMadeAtOnceAreAllRecorded() async throws {
        let machine = try Machine()
        let names = (1...12).map { "\($0).txt" }
        // Approvals hold for contents, so each has one of its own.
        for (index, name) in names.enumerated() {
            try machine.write(Array(String(repeating: "tick ", count: index + 1).utf8), to: "\(Machine.letters)/texts/\(name)")
        }
        try machine.replace("    each: texts\n", with: "    each: texts\n    gate: { per: item }\n", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.waiting)
        let outcomes = try await withThrowingTaskGroup(of: Program.Outcome.self) { group in
            for (index, name) in names.enumerated() {
                group.addTask {
                    index.isMultiple(of: 3) ? try await machine.run("reject", Machine.letters, "words/\(name)", "--note", "note \(name)")
                        : try await machine.run("approve", Machine.letters, "words/\(name)")
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0.status == 0 && !$0.errors.contains("DamagedInput") }, "\(outcomes.filter { $0.status != 0 })")
        let lock = try machine.text("\(Machine.letters)/episode.lock")
        #expect(lock.ranges(of: #""decision":"approved""#).count == 8 && lock.ranges(of: #""decision":"rejected""#).count == 4, "\(lock)")
        #expect(Set(lock.matches(of: #/"order":(\d+)/#).map(\.1)) == ["1", "2", "3", "4"], "\(lock)")
        #expect(machine.files(below: "\(machine.workspace)/\(Machine.letters)").filter { $0.contains(".epbuild-") }.isEmpty)
    }
}
