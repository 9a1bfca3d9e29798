import EpCore
import EpFiles
import EpPlan
import Glibc
import Synchronization

/// Programs that stay loaded between the questions of a build, and of those that go on beside it.
///
/// Knows nothing of what is asked. It ends its programs when the last build lets go of it; whatever ends this process ends them, too.
final class StandingPrograms: Sendable {
    private let runner: ProgramRunner
    private let state = Mutex<State>(State())

    private struct State {
        /// Those that wait for a question, by their arguments.
        var idle: [[String]: [StandingProgram]] = [:]
        /// Those that have ended before their first answer: they do not know how to stay.
        var unable: Set<[String]> = []
    }

    init(_ runner: ProgramRunner) { self.runner = runner }

    deinit { state.withLock { $0.idle.values.flatMap { $0 }.forEach { $0.leave() } } }

    /// As `ProgramDoor.ask`.
    func ask(_ arguments: [String], about file: (name: String, bytes: [UInt8])) async throws -> String? {
        guard !state.withLock({ $0.unable.contains(arguments) }) else { return nil }
        while let program = state.withLock({ $0.idle[arguments]?.popLast() }) {
            // One that somebody has ended while it waited is no failure of this question.
            guard program.isThere else {
                program.leave()
                continue
            }
            return try await answer(of: program, arguments, file)
        }
        guard let program = try runner.start(arguments) else { return nil }
        return try await answer(of: program, arguments, file)
    }

    private func answer(
        of program: StandingProgram, _ arguments: [String], _ file: (name: String, bytes: [UInt8])
    ) async throws -> String? {
        do {
            let answer = try await program.answer(about: file)
            state.withLock { $0.idle[arguments, default: []].append(program) }
            return answer
        } catch let failure as StepFailure where failure.exitStatus != nil && !program.hasAnswered {
            state.withLock { _ = $0.unable.insert(arguments) }
            return nil
        } catch {
            program.leave()
            throw error
        }
    }
}

/// The programs that stay for the builds of one runner, as long as there are any.
final class StandingCompany: Sendable {
    private struct Present { weak var programs: StandingPrograms? }
    private let present = Mutex<Present>(Present())

    func programs(_ runner: ProgramRunner) -> StandingPrograms {
        present.withLock { present in
            if let programs = present.programs { return programs }
            let programs = StandingPrograms(runner)
            present.programs = programs
            return programs
        }
    }
}
