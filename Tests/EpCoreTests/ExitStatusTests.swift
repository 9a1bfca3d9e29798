import EpCore
import Testing

/// Which of several exit statuses a command ends with.
@Suite struct ExitStatusTests {
    @Test func theWorstOfSeveral() {
        let all: [EpCore.ExitStatus] = [.interrupted, .unavailable, .badInput, .usage, .failed, .tryAgain, .success]
        #expect(all.shuffled().sorted(by: >) == all)
    }
}
