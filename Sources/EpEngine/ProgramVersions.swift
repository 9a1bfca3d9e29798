import EpCore
import EpPlan

/// What programs say of their versions while a build goes on, so that nothing is stored under the version of another program.
///
/// A program may be another one though its file is the same: behind a shim, or with another library. So it is asked again after it has
/// run. Those that ask at the same time share one answer, if it was asked for after they came; and as a question may take as long as the
/// work, a program is left alone for a while after it has answered, the longer the longer that took.
actor ProgramVersions {
    private typealias Answer = Task<Result<ProgramVersion, Diagnostic>, Never>

    /// Who is asked, and runs the steps that rely on the answers.
    nonisolated let runner: any StepRunner
    /// What each has answered last, in this build.
    private(set) var known: [Program: ProgramVersion] = [:]
    private var asked: [Program: Answer] = [:]
    /// Answers that wait for the one before: the program has not been run for them yet.
    private var queued: [Program: Answer] = [:]
    private var nextQuestion: [Program: ContinuousClock.Instant] = [:]
    /// How often each has been another one than before. Somebody updates a program once, perhaps twice, while a build goes on.
    private var changes: [Program: Int] = [:]
    private static let mostChanges = 4
    /// Of the time that a build takes, questions take a fifth of one processor at most, and less where they are slow.
    private static let (pauses, longestPause) = (4, Duration.milliseconds(200))

    init(runner: any StepRunner) { self.runner = runner }

    /// Asks now.
    func ask(_ program: Program) async -> Result<ProgramVersion, Diagnostic> {
        if let answer = queued[program] { return await answer.value }
        let before = asked[program]
        let answer = Answer {
            _ = await before?.value
            if let next = self.nextQuestion[program] { try? await ContinuousClock().sleep(until: next) }
            return await self.answer(of: program)
        }
        queued[program] = answer
        return await answer.value
    }

    /// - Parameter versions: what a step that has just run relies on.
    /// - Throws: `DamagedInput` if a program is another one by now, `StepFailure` if it does not answer any more, or never twice the same:
    ///   then the build would go through its plan for ever.
    func confirm(_ versions: [Program: String]) async throws {
        for (program, version) in versions {
            switch await ask(program) {
            case .failure(let problem): throw StepFailure(problem)
            case .success(let now) where !now.line.isByteForByte(version):
                guard changes[program, default: 0] < Self.mostChanges else { throw StepFailure(restless(program, version, now.line)) }
                throw DamagedInput("\(program.name) is another version now: \(now.line)")
            case .success: break
            }
        }
    }

    private func restless(_ program: Program, _ before: String, _ now: String) -> Diagnostic {
        Diagnostic(
            .actionFailed, "\(program.name) tells another version each time: \"\(before)\", then \"\(now)\"",
            remedy: "let `version` print what changes with the program alone: no time, no number of the process")
    }

    private func answer(of program: Program) async -> Result<ProgramVersion, Diagnostic> {
        asked[program] = queued.removeValue(forKey: program)
        let start = ContinuousClock.now
        defer { nextQuestion[program] = .now + min((ContinuousClock.now - start) * Self.pauses, Self.longestPause) }
        let answer: Result<ProgramVersion, Diagnostic>
        do {
            answer = .success(try await runner.version(of: program))
        } catch let problem as Diagnostic {
            answer = .failure(problem)
        } catch {
            answer = .failure(Diagnostic(.unavailable, "\(program.name) does not tell its version: \(error)"))
        }
        if case .success(let version) = answer {
            if let before = known[program], !before.line.isByteForByte(version.line) { changes[program, default: 0] += 1 }
            known[program] = version
        }
        return answer
    }
}
