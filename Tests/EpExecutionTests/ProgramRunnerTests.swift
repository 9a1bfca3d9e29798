import EpCore
import FoundationEssentials
import Glibc
import Testing

@testable import EpPlan
@testable import EpExecution

/// Programs that run under a supervisor: what they get, what they leave behind, and how they end.
@Suite struct ProgramRunnerTests {
    private final class Place: JobInputs, Sendable {
        let path = "/tmp/epbuild-programs-\(UInt64.random(in: 0 ... .max))"
        let texts: [String: String]
        var labels: [String] { texts.keys.sorted() }

        init(_ texts: [String: String] = [:]) throws {
            self.texts = texts
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func bytes(_ label: String) -> [UInt8] { Array((texts[label] ?? "").utf8) }
        func copy(_ label: String, to path: String) throws { try Data(bytes(label)).write(to: URL(filePath: path)) }
        func text(in file: String) throws -> String { try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8) }
    }

    private func run(
        _ arguments: [String], _ place: Place, outputs: [String] = [], emptyDirectories: [String] = [], held: [Int32] = []
    ) async throws -> JobResult {
        let step = Step(
            target: Target(stage: StageName("s")), tool: ToolName("command"), name: "",
            operation: .program(arguments: arguments, environment: [:]), inputs: [],
            outputs: outputs, platform: [:], pool: .cpu, emptyDirectories: emptyDirectories)
        let runner = ToolRunner(tools: [], searchPath: "/usr/local/bin:/usr/bin:/bin")
        return try await runner.run(Job(step: step, inputs: place, take: .first, heldDescriptors: held) { place.path })
    }

    private func shell(_ script: String, _ place: Place, outputs: [String] = []) async throws -> JobResult {
        try await run(["sh", "-c", script], place, outputs: outputs)
    }

    private func failure(_ body: () async throws -> JobResult) async -> String {
        do {
            _ = try await body()
            return "it succeeded"
        } catch let failure as StepFailure {
            return failure.diagnostic.description
        } catch {
            return "\(error)"
        }
    }

    private func isRunning(_ process: pid_t) -> Bool {
        guard let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !state.contains(") Z ")
    }

    /// A child in the background, and one that has taken a session of its own.
    @Test(arguments: [
        "sleep 1000 &", "setsid sleep 1000 &", "(sleep 1000 & echo $! > inner) & wait; setsid sh -c 'sleep 1000 & sleep 1000' &",
    ])
    func whatAProgramLeavesBehindIsEnded(_ start: String) async throws {
        let place = try Place()
        _ = try await shell("\(start) echo $! > child; sleep 0.05", place, outputs: ["child"])
        let child = try #require(pid_t(place.text(in: "child").trimmed))
        #expect(!isRunning(child))
    }

    /// One after another under the same supervisor: nothing of one is left for the next.
    @Test func supervisorsAndFilesAreUsedAgain() async throws {
        let (first, second) = (try Place(), try Place())
        _ = try await shell("echo said; echo warned >&2; export LEFT=over; sleep 1000 & echo $! > child", first, outputs: ["child"])
        let result = try await shell(
            "echo \"$LEFT$PWD\" > place; cat /proc/$PPID/environ | tr -d '\\0' > environment", second, outputs: ["place", "environment"])
        #expect(result.messages.isEmpty)
        #expect(try second.text(in: "place").trimmed == second.path)
        #expect(try second.text(in: "environment").isEmpty, "a supervisor has no keys")
        #expect(!isRunning(try #require(pid_t(first.text(in: "child").trimmed))))
    }

    /// A supervisor that somebody has ended is not asked again.
    @Test func anEndedSupervisorIsReplaced() async throws {
        let place = try Place()
        let failure = await failure { try await shell("kill -9 $PPID; sleep 1000", place) }
        #expect(failure.contains("and so was what watches over it"), "\(failure)")
        for number in 0..<3 { _ = try await shell("echo \(number) > out", try Place(), outputs: ["out"]) }
    }

    /// What travels to the supervisor may be longer than a socket holds.
    @Test func longTextsReachTheProgram() async throws {
        let place = try Place()
        let words = (0..<20).map { String(repeating: Character(Unicode.Scalar(UInt8(97 + $0))), count: 100_000) }
        _ = try await run(["sh", "-c", "for word; do printf %s \"$word\" | wc -c; done > out", "sh"] + words, place, outputs: ["out"])
        #expect(try place.text(in: "out").split(separator: "\n").map { String($0).trimmed } == Array(repeating: "100000", count: 20))
    }

    @Test func itReadsNothingAndGetsPlainSignals() async throws {
        let place = try Place()
        _ = try await shell("cat > in; grep SigIgn /proc/self/status > signals; ls /proc/self/fd | wc -l > files", place, outputs: ["in"])
        #expect(try place.text(in: "in") == "")
        // Those that the C library keeps for itself, 32 and 33, cannot be set by anybody.
        let ignored = try #require(UInt64(place.text(in: "signals").split(whereSeparator: \.isWhitespace).last ?? "", radix: 16))
        #expect(ignored & ~(0b11 << 31) == 0, "\(String(ignored, radix: 16))")
        // Three streams, and the directory that `ls` looks at.
        #expect(try place.text(in: "files").trimmed == "4")
    }

    @Test func whatItSaysOnStandardErrorIsHandedOn() async throws {
        let place = try Place()
        let result = try await shell(
            "echo plain; printf '\\033[33mcareful\\033[0m: old voice\\n' >&2; echo made > out", place, outputs: ["out"])
        #expect(result.messages == ["careful: old voice"])
    }

    @Test func modesOfOutputsAreKept() async throws {
        let place = try Place()
        let result = try await shell("echo 'echo hi' > run; chmod +x run; echo text > plain", place, outputs: ["run", "plain"])
        for (name, isExecutable) in [("run", true), ("plain", false)] {
            guard case .file(_, let found)? = result.outputs[Path(name)] else {
                Issue.record("no \(name)")
                continue
            }
            #expect(found == isExecutable)
        }
    }

    @Test func emptyDirectoriesAreThere() async throws {
        let place = try Place()
        _ = try await run(["sh", "-c", "ls -d parts/inner > found"], place, outputs: ["found"], emptyDirectories: ["parts/inner"])
        #expect(try place.text(in: "found") == "parts/inner\n")
    }

    @Test func howItFailed() async throws {
        let place = try Place()
        #expect(
            await failure { try await shell("echo out; echo no luck >&2; exit 3", place) }.contains("sh failed with status 3:\n  no luck"))
        #expect(await failure { try await shell("echo only here; exit 3", place) }.contains("sh failed with status 3:\n  only here"))
        #expect(await failure { try await shell("kill -9 $$", place) }.contains("sh was ended by a signal (9: Killed)"))
        #expect(await failure { try await run(["no-such-program"], place) }.contains("the program no-such-program is missing"))
        #expect(await failure { try await run(["/tmp"], place) }.contains("the program /tmp is missing"))
        #expect(
            await failure { try await shell(String(repeating: "x", count: 1 << 20), place) }.contains(
                "the arguments of sh are longer than the system allows"))
    }

    @Test func aScriptWithoutItsFirstLineIsExplained() async throws {
        let place = try Place(["script": "echo hi\n"])
        let problem = await failure {
            try await shell("chmod +x script", place)
        }
        #expect(problem == "it succeeded")
        #expect(
            await failure { try await run(["\(place.path)/script"], place) }.contains("let a script begin with a line such as `#!/bin/sh`"))
    }

    @Test func cancellingEndsAllOfIt() async throws {
        let place = try Place()
        let task = Task {
            try await shell("trap 'echo asked > asked; exit' TERM; sleep 1000 & echo $! > child; echo ready > ready; wait", place)
        }
        while access("\(place.path)/ready", F_OK) != 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try place.text(in: "asked") == "asked\n")
        #expect(!isRunning(try #require(pid_t(place.text(in: "child").trimmed))))
    }

    /// The lock of an open file is held as long as anybody has it open.
    @Test func locksAreHeldAsLongAsItRuns() async throws {
        let place = try Place()
        let path = "\(place.path)/lock"
        let lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        let program = Task {
            try await run(["sh", "-c", "echo ready > ready; while [ ! -e go ]; do sleep 0.01; done"], place, held: [lock])
        }
        while access("\(place.path)/ready", F_OK) != 0 { await Task.yield() }
        close(lock)
        let other = open(path, O_RDWR | O_CLOEXEC)
        defer { close(other) }
        #expect(flock(other, LOCK_EX | LOCK_NB) != 0)
        try Data().write(to: URL(filePath: "\(place.path)/go"))
        _ = try await program.value
        #expect(flock(other, LOCK_EX | LOCK_NB) == 0)
    }

    @Test func aVersionIsAskedForInAFreshHome() async throws {
        let place = try Place()
        let speaker = "\(place.path)/speaker"
        try Data("#!/bin/sh\necho x > $HOME/litter; echo 'no sound card 7' >&2; echo speaker 2.1 of $HOME\n".utf8).write(
            to: URL(filePath: speaker))
        chmod(speaker, 0o755)
        let runner = ToolRunner(tools: [], searchPath: place.path, temporaryDirectory: place.path)
        let version = try await runner.version(of: Program("speaker", versionArguments: ["--version"], package: "speaker"))
        #expect(version.line == "speaker 2.1 of ~" && version.path == speaker)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["speaker"])
    }
}

extension String {
    fileprivate var trimmed: Substring { self[...].drop(while: \.isWhitespace).prefix { !$0.isWhitespace } }
}
