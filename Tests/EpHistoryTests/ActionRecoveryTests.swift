import EpFiles
import FoundationEssentials
import Testing

@testable import EpHistory

/// How failures of single steps ended, from lines of the log.
@Suite struct ActionRecoveryTests {
    /// Events a second apart; `build event target` each, with what else a line has.
    private func recovery(_ lines: [String], _ decisions: [ActionRecovery.Decision] = []) throws -> ActionRecovery {
        var recovery = ActionRecovery(decisions)
        for (second, line) in lines.enumerated() {
            let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            let more = words.dropFirst(3).joined(separator: " ")
            let time = Moment(seconds: Double(second)).iso8601
            let target = words[2].isEmpty ? "" : ",\"target\":\"\(words[2])\",\"step\":\"\""
            let json =
                "{\"time\":\"\(time)\",\"build\":\"\(words[0])\",\"episode\":\"/w/ep\",\"event\":\"\(words[1])\"\(target)\(more.isEmpty ? "" : ",\(more)")}"
            recovery.observe(try JSONDecoder().decode(LoggedEvent.self, from: Data(json.utf8)))
        }
        return recovery
    }

    private static let busy = "\"error\":{\"code\":\"provider_failed\"}"
    private static let built = "\"report\":{\"outcome\":\"built\"}"

    @Test func retriesAndFallbacksMakeGood() throws {
        let found = try recovery([
            "1 build_started ", "1 action_retried a/1 \(Self.busy)", "1 provider_fallback a/2 \(Self.busy)", "1 action_completed a/1",
            "1 action_completed a/2",
            "1 action_completed a/3",
        ])
        #expect(found.failed == 2 && found.recovered == 2 && found.recoveries == ["retry": 1, "fallback": 1])
        #expect(found.points == [["a", "provider_failed"]: 2] && found.secondsToRecovery == 4)
    }

    /// However often it fails until then, it is one failure, and what came last has helped.
    @Test func whatCameBetweenTwoBuildsHasHelped() throws {
        let failing = [
            "1 build_started ", "1 action_retried a/1 \(Self.busy)", "1 action_failed a/1 \(Self.busy)",
            "1 build_failed  \"report\":{\"outcome\":\"failed\"}",
        ]
        let again = ["2 build_started ", "2 action_completed a/1", "2 build_completed  \(Self.built)"]
        #expect(try recovery(failing + again).recoveries == ["rebuild": 1])
        #expect(try recovery(failing + ["2 build_started  \"retryFailed\":true"] + again.dropFirst()).recoveries == ["retry-failed": 1])
        let clean = ActionRecovery.Decision(time: Moment(seconds: 4), episode: "/w/ep", verb: "clean", target: "a")
        let other = ActionRecovery.Decision(time: Moment(seconds: 4), episode: "/w/ep", verb: "use", target: "ab")
        let late = ActionRecovery.Decision(time: Moment(seconds: 5), episode: "/w/ep", verb: "pin", target: "")
        #expect(try recovery(failing + again, [clean, other, late]).recoveries == ["clean": 1])
        #expect(try recovery(failing).recovered == 0)
    }

    /// An edit stands for what failed, so that has no result of its own.
    @Test func aGoodEndMakesGoodWhatHasNoResult() throws {
        let failing = [
            "1 build_started ", "1 action_failed a/1 \(Self.busy)", "1 build_failed  \"report\":{\"outcome\":\"failed\"}",
            "2 build_started ", "2 edit_detected a/1",
        ]
        #expect(try recovery(failing + ["2 build_completed  \(Self.built)"]).recoveries == ["edit": 1])
        #expect(try recovery(failing + ["2 build_completed  \"report\":{\"outcome\":\"waiting\"}"]).recovered == 0)
    }

    /// What a draft does without has not failed, and nothing is made good by it.
    @Test func draftsAreLeftOut() throws {
        let found = try recovery([
            "1 build_started  \"draft\":true", "1 provider_fallback a/1 \(Self.busy)", "1 action_failed a/1 \(Self.busy)",
            "1 build_completed  \"report\":{\"outcome\":\"built\",\"draft\":true}",
        ])
        #expect(found.failed == 0)
    }

    @Test func brokenLinesArePassedOver() throws {
        let directory = "\(FileManager.default.temporaryDirectory.path())/eplog-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: "\(directory)/events", withIntermediateDirectories: true)
        func line(_ seconds: Double) -> String {
            "{\"time\":\"\(Moment(seconds: seconds).iso8601)\",\"build\":\"1\",\"seq\":1,\"schema\":1,\"episode\":\"/w/\\\"event\\\":\\\"x\",\"event\":\"action_failed\",\"target\":\"a\",\"step\":\"\",\"error\":{\"code\":\"system\"}}\n"
        }
        try Data((line(1) + "{\"time\":\"20\n" + "\n" + line(2)).utf8).write(to: URL(filePath: "\(directory)/events/2026-11.jsonl"))
        try Data((line(3) + "{\"event\":\"action_failed\"}\n{\"event\":\"artifact_restored\"}\n").utf8).write(
            to: URL(filePath: "\(directory)/events/2026-11.2.jsonl"))
        var (reading, times) = (EventLogReading(stateDirectory: directory), [Double]())
        reading.forEach { times.append($0.moment?.seconds ?? 0) }
        #expect(times == [1, 2, 3] && reading.unreadable == 2)
    }
}
