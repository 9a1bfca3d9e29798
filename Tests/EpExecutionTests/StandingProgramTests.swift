import EpCore
import FoundationEssentials
import Glibc
import Testing

@testable import EpExecution
@testable import EpPlan

/// Programs that stay loaded for the next question of a build.
@Suite struct StandingProgramTests {
    /// A program that stays, and repeats what its files say. It notes each of its starts, with its process.
    private final class Echo: Sendable {
        let path = "/tmp/epbuild-standing-\(UInt64.random(in: 0 ... .max))"
        var program: [String] { ["\(path)/echo", "--stay"] }
        var starts: [pid_t] {
            ((try? String(contentsOfFile: "\(path)/starts", encoding: .utf8)) ?? "").split(separator: "\n").compactMap { pid_t($0) }
        }

        private static let script = """
            #!/bin/sh
            echo $$ >> PLACE/starts
            while read -r name; do
                text=$(cat "$name")
                case "$text" in
                    crash) kill -9 $$ ;;
                    fail) echo "it is broken" >&2; exit 3 ;;
                    strange) echo hello ;;
                    slow) sleep 1000 & wait ;;
                    files) text=$(ls -A) ;;
                esac
                until [ "$(ls PLACE/gate 2> /dev/null)" = "" ] || [ $(wc -l < PLACE/starts) -ge 2 ]; do sleep 0.02; done
                answer="$1 $text"
                printf 'ok %s\\n%s' "${#answer}" "$answer"
            done
            """

        init() throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data(Self.script.replacing("PLACE", with: path).utf8).write(to: URL(filePath: "\(path)/echo"))
            chmod("\(path)/echo", 0o755)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        var runner: ProgramRunner { ProgramRunner(searchPath: "/usr/bin:/bin", temporaryDirectory: path) }

        func ask(_ standing: StandingPrograms, _ text: String) async throws -> String? {
            try await standing.ask(program, about: ("words.txt", Array(text.utf8)))
        }
    }

    private func isRunning(_ process: pid_t) -> Bool {
        guard let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !state.contains(") Z ")
    }

    private func failure(_ body: () async throws -> String?) async -> StepFailure? {
        do {
            _ = try await body()
            return nil
        } catch { return error as? StepFailure }
    }

    /// One process answers all; its directory has nothing but the file that it is asked about.
    @Test func itStaysForTheNextQuestion() async throws {
        let echo = try Echo()
        let standing = StandingPrograms(echo.runner)
        for text in ["one", "two words", "é\n\nlast", String(repeating: "long ", count: 40_000)] {
            let answer = try await echo.ask(standing, text)
            #expect(answer == "--stay \(text.trimmingSuffix { $0 == "\n" })")
        }
        #expect(try await echo.ask(standing, "files") == "--stay words.txt")
        #expect(echo.starts.count == 1)
    }

    /// What is asked at once is answered by as many; afterwards both wait.
    @Test func twoAtOnce() async throws {
        let echo = try Echo()
        let standing = StandingPrograms(echo.runner)
        try Data("shut".utf8).write(to: URL(filePath: "\(echo.path)/gate"))
        async let first = echo.ask(standing, "a")
        async let second = echo.ask(standing, "b")
        let answers = try await [first, second]
        #expect(answers == ["--stay a", "--stay b"] && echo.starts.count == 2)
        for text in ["c", "d", "e"] { #expect(try await echo.ask(standing, text) == "--stay \(text)") }
        #expect(echo.starts.count == 2)
    }

    /// A crash is a failure without a status, which may be tried again: another process answers then. One that was ended while it waited
    /// is nobody's failure.
    @Test func aCrashIsNoAnswer() async throws {
        let echo = try Echo()
        let standing = StandingPrograms(echo.runner)
        _ = try await echo.ask(standing, "one")
        let crash = await failure { try await echo.ask(standing, "crash") }
        #expect(crash?.exitStatus == nil && crash?.diagnostic.message.contains("was ended by a signal (9") == true, "\(String(describing: crash))")
        #expect(try await echo.ask(standing, "two") == "--stay two" && echo.starts.count == 2)
        kill(echo.starts[1], SIGKILL)
        while isRunning(echo.starts[1]) { await Task.yield() }
        // Its supervisor may still tell of it; what is asked meanwhile fails as any crash does.
        var answer: String?
        for _ in 0..<3 where answer == nil { answer = try? await echo.ask(standing, "three") }
        #expect(answer == "--stay three" && echo.starts.count == 3)
    }

    /// A status of its own is the program's answer, with what it has said.
    @Test func aFailureHasItsStatus() async throws {
        let echo = try Echo()
        let standing = StandingPrograms(echo.runner)
        _ = try await echo.ask(standing, "one")
        let failed = await failure { try await echo.ask(standing, "fail") }
        #expect(failed?.exitStatus == 3 && failed?.diagnostic.message.contains("it is broken") == true, "\(String(describing: failed))")
    }

    /// Whoever has never answered does not know how to stay, and is not begun for each question to find that out.
    @Test(arguments: ["fail", "strange"])
    func whoCannotStayIsNotAskedTwice(_ word: String) async throws {
        let echo = try Echo()
        let standing = StandingPrograms(echo.runner)
        #expect(try await echo.ask(standing, word) == nil)
        #expect(try await echo.ask(standing, "one") == nil && echo.starts.count == 1)
        #expect(try await standing.ask(["no-such-program"], about: ("f", [])) == nil)
    }

    /// Builds beside each other share what stays; it ends, with what it has started and its directory, when none of them is left.
    @Test func itEndsWithTheLastBuild() async throws {
        let echo = try Echo()
        let (company, runner) = (StandingCompany(), echo.runner)
        var first: StandingPrograms? = company.programs(runner)
        var second: StandingPrograms? = company.programs(runner)
        _ = try await echo.ask(try #require(first), "one")
        first = nil
        _ = try await echo.ask(try #require(second), "two")
        #expect(echo.starts.count == 1 && isRunning(echo.starts[0]))
        second = nil
        while isRunning(echo.starts[0]) { await Task.yield() }
        while try FileManager.default.contentsOfDirectory(atPath: echo.path).contains(where: { $0.hasPrefix("epbuild-home") }) {
            await Task.yield()
        }
        _ = try await echo.ask(company.programs(runner), "three")
        #expect(echo.starts.count == 2)
    }

    /// Who stops a build waits for no answer.
    @Test func aQuestionThatIsGivenUpEndsTheProgram() async throws {
        let echo = try Echo()
        let standing = StandingPrograms(echo.runner)
        _ = try await echo.ask(standing, "one")
        let task = Task { try await echo.ask(standing, "slow") }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        while isRunning(echo.starts[0]) { await Task.yield() }
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
        var rest = self[...]
        while let last = rest.last, predicate(last) { rest.removeLast() }
        return String(rest)
    }
}
