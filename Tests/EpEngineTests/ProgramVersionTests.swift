import EpCore
import EpPlan
import Synchronization
import Testing

@testable import EpEngine

/// Versions of programs that change while a build goes on.
@Suite struct ProgramVersionTests {
    private final class Speaker: StepRunner {
        private let state = Mutex<(version: String?, asked: Int)>(("1", 0))
        var asked: Int { state.withLock { $0.asked } }
        func become(_ version: String?) { state.withLock { $0.version = version } }

        func run(_ job: Job) async throws -> JobResult { JobResult(outputs: [:], servedBy: "") }
        func version(of program: Program) async throws -> ProgramVersion {
            let version = state.withLock { state in
                state.asked += 1
                return state.version
            }
            guard let version else { throw Diagnostic(.unavailable, "it is gone") }
            return ProgramVersion(path: "/bin/speaker", line: version)
        }
    }

    private let program = Program("speaker", versionArguments: ["--version"], package: "speaker")

    @Test func aResultIsOfTheVersionThatHasMadeIt() async throws {
        let speaker = Speaker()
        let versions = ProgramVersions(runner: speaker)
        try await versions.confirm([program: "1"])
        speaker.become("2")
        await #expect(throws: DamagedInput.self) { try await versions.confirm([program: "1"]) }
        #expect(await versions.known[program]?.line == "2")
        speaker.become(nil)
        await #expect(throws: StepFailure.self) { try await versions.confirm([program: "2"]) }
    }

    /// One that tells the time with its version would have the plan gone through for ever.
    @Test func aProgramThatIsNeverTheSameIsAFailure() async throws {
        let speaker = Speaker()
        let versions = ProgramVersions(runner: speaker)
        var passes = 0
        var failure: StepFailure?
        while failure == nil, passes < 20 {
            speaker.become("at \(passes)")
            let planned = try await versions.ask(program).get().line
            speaker.become("at \(passes), later")
            do {
                try await versions.confirm([program: planned])
            } catch let found as StepFailure {
                failure = found
            } catch is DamagedInput {}
            passes += 1
        }
        #expect(passes < 5)
        #expect(failure?.diagnostic.message.contains("another version each time") == true)
    }

    @Test func thoseThatAskTogetherShareAnswers() async throws {
        let speaker = Speaker()
        let versions = ProgramVersions(runner: speaker)
        await withTaskGroup { group in
            for _ in 0..<100 { group.addTask { _ = await versions.ask(program) } }
        }
        #expect((1...100).contains(speaker.asked))
        let before = speaker.asked
        _ = await versions.ask(program)
        #expect(speaker.asked == before + 1, "an old answer was taken for a new one")
    }
}

@Suite struct MachineLimitsTests {
    @Test func whatRunsIsBoundByWhatTheMachineAllows() {
        #expect(MachineLimits.steps(descriptors: 1024, processes: nil) == 120)
        #expect(MachineLimits.steps(descriptors: nil, processes: 160) == 30)
        #expect(MachineLimits.steps(descriptors: 65_536, processes: 100_000) == 8184)
        #expect(MachineLimits.steps(descriptors: 20, processes: 2) == 1)
        #expect(MachineLimits.steps(descriptors: nil, processes: nil) > 1000)
    }
}
