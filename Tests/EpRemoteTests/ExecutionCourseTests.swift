import Testing

@testable import EpRemote

/// What a cluster's client does next, without a cluster.
struct ExecutionCourseTests {
    fileprivate typealias Move = ExecutionCourse.Move
    fileprivate typealias Event = ExecutionCourse.Event
    private static let away = ExecutionTrouble(.unreachable, "cannot be reached")
    private static let broken = ExecutionTrouble(.failed, "ended it with unavailable")

    /// The moves after each of some events.
    private func moves(after events: [Event], hearing names: [Int: String] = [:]) -> [Move] {
        var course = ExecutionCourse()
        return events.enumerated().map { number, event in
            if let name = names[number] { course.hear(of: name) }
            return course.next(after: event)
        }
    }

    @Test func whatWasSentIsExecuted() {
        #expect(ExecutionCourse.first == .upload)
        #expect(moves(after: [.uploaded]) == [.execute])
    }

    @Test func aBrokenStreamIsListenedToAgain() {
        let moves = moves(
            after: [.uploaded, .brokeOff(Self.away), .brokeOff(Self.away), .brokeOff(Self.away), .brokeOff(Self.away)], hearing: [1: "op"])
        #expect(
            moves.dropFirst() == [
                .pause(.milliseconds(200), then: .wait(operation: "op")), .pause(.milliseconds(800), then: .wait(operation: "op")),
                .pause(.milliseconds(3200), then: .wait(operation: "op")), .pause(.milliseconds(200), then: .upload),
            ])
    }

    /// Hours of a slow program are no reason to give up, as long as the cluster knows of it.
    @Test func anOperationThatSpeaksIsNeverGivenUp() {
        var course = ExecutionCourse()
        for _ in 0..<1000 {
            course.hear(of: "op")
            #expect(course.next(after: .brokeOff(Self.away)) == .pause(.milliseconds(200), then: .wait(operation: "op")))
        }
    }

    @Test func whatIsForgottenIsBegunAgain() {
        let moves = moves(after: [.uploaded, .brokeOff(Self.away), .operationIsUnknown, .uploaded], hearing: [1: "op"])
        #expect(moves.suffix(2) == [.pause(.milliseconds(200), then: .upload), .execute])
    }

    @Test(arguments: [ExecutionCourse.Event.brokeOff(away), .workerFailed(broken), .operationIsUnknown])
    func nothingIsBegunForEver(_ event: ExecutionCourse.Event) {
        let moves = moves(after: (0..<4).flatMap { _ in [.uploaded, event] })
        guard case .giveUp = moves.last else {
            Issue.record("\(moves)")
            return
        }
        #expect(moves.count { if case .pause = $0 { true } else { false } } == 3)
    }

    @Test func missingInputsAreSentAgainAndNotForEver() {
        let moves = moves(after: (0..<4).flatMap { _ in [.uploaded, .inputIsMissing(Self.broken)] })
        #expect(moves == [.execute, .upload, .execute, .upload, .execute, .upload, .execute, .giveUp(Self.broken)])
    }

    @Test func whoRefusesIsNotAskedAgain() { #expect(moves(after: [.uploaded, .refused(Self.away)]).last == .giveUp(Self.away)) }
}
