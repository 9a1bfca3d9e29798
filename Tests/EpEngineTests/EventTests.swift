import EpCore
import EpFiles
import EpPlan
import Synchronization
import Testing

@testable import EpEngine

/// What happens is told one way: in order, once, with its place, and to readers that hold up nothing.
@Suite struct EventTests {
    @Test func everyEventHasItsNumber() async throws {
        let stage = try Stage()
        try stage.pipeline("  a: { tool: hash }\n  b: { tool: hash, from: [a], say: fail }\n  c: { tool: hash, from: [b] }\n")
        let events = Events()
        try await stage.build(events: events)
        #expect(events.events.map(\.sequence) == Array(1...events.events.count))
        #expect(Set(events.events.map(\.build)).count == 1)
        #expect(events.kinds.first?.name == "build_started" && events.kinds.last?.name == "build_failed")
        let names = events.kinds.map(\.name)
        #expect(names.count { $0 == "action_failed" } == 1 && names.count { $0 == "action_blocked" } == 1)
    }

    /// The same words, target and place in the report, in the event, and in the log.
    @Test func aFailureIsTheSameEverywhere() async throws {
        let stage = try Stage()
        // One alone: of two that fail, either may be the first.
        try stage.directory.write("fail\n", to: "w/show/ep/list.txt")
        try stage.pipeline("  t: { source: list.txt }\n  b: { tool: hash, each: t.lines, say: fail }\n")
        let events = Events()
        let log = BuildReading(EventLog(stateDirectory: "\(stage.directory.path)/w/.epbuild") { _ in })
        let report = try await stage.builder().start(stage.place(), BuildOptions(), readings: [BuildReading(events), log]).end()
        let failure = try #require(report.failures.first)
        #expect(events.failures == report.failures)
        #expect(failure.site?.place == EpCore.SourceLocation(file: "w/show/ep/list.txt", line: 1))
        let value = failure.value
        #expect(value["target"] == "b/1" && value["step"] == "" && value["attempts"] == 1 && value["id"] == "EP0201")
        #expect(value["message"] == "b/1: it was told to" && value["file"] == "w/show/ep/list.txt" && value["line"] == 1)
        let month = Moment.now.iso8601Seconds.prefix(7)
        let lines = try #require(try stage.directory.read("w/.epbuild/events/\(month).jsonl")).split(separator: "\n")
        let logged = lines.filter { $0.contains("\"event\":\"action_failed\"") }
        #expect(logged.count == report.failures.count && logged[0].contains(value.json()))
    }

    @Test func whatAPersonWroteWrongIsAnEvent() async throws {
        let stage = try Stage()
        try stage.pipeline("  a: { tool: hsah }\n")
        let events = Events()
        let report = try await stage.build(events: events)
        #expect(report.outcome == .failed && report.exitStatus == .badInput)
        #expect(events.failures == report.failures && events.failures.count == 1)
        #expect(events.kinds.map(\.name) == ["build_started", "validation_error", "build_failed"])
        #expect(events.failures[0].value["target"] == nil)
    }

    /// A reader that never comes to its end while the build does.
    @Test func aReaderThatBlocksDelaysNoBuild() async throws {
        let stage = try Stage()
        try stage.pipeline("  a: { tool: hash }\n  b: { tool: hash, from: [a] }\n")
        let held = Gate()
        let build = try stage.builder().start(stage.place(), BuildOptions(), readings: [BuildReading(Blocked(held))])
        #expect(await build.report.outcome == .built)
        held.open()
        #expect(await build.end().outcome == .built)
    }

    /// Who minds one kind of event is given no other, and has caught up though others were told.
    @Test func anObserverIsGivenWhatItMinds() async throws {
        let stage = try Stage()
        try stage.pipeline("  a: { tool: hash }\n")
        let ends = Ends()
        let report = try await stage.builder().start(stage.place(), BuildOptions(), readings: [BuildReading(ends)]).end()
        #expect(report.outcome == .built)
        #expect(ends.names.withLock { $0 } == ["build_completed"])
    }

    private final class Ends: BuildObserver, Sendable {
        let names = Mutex<[String]>([])
        static func minds(_ kind: BuildEvent.Kind) -> Bool { if case .finished = kind { true } else { false } }
        func observe(_ event: BuildEvent) { names.withLock { $0.append(event.kind.name) } }
    }

    private final class Blocked: BuildObserver {
        private let held: Gate
        init(_ held: Gate) { self.held = held }
        func observe(_ event: BuildEvent) { held.hold() }
    }

    /// The clock and chance come from outside.
    @Test func surroundingsAreGiven() async throws {
        let stage = try Stage()
        try stage.pipeline("  a: { tool: hash }\n")
        let events = Events()
        let builder = try stage.builder(Surroundings(clock: WallClock { Moment(seconds: 1_000_000_000.25) }, random: { 0xAB }))
        let build = try builder.start(stage.place(), BuildOptions(), readings: [BuildReading(events)])
        _ = await build.end()
        #expect(build.id.text == "20010909T014640Z-000000ab")
        #expect(events.events[0].value["time"] == "2001-09-09T01:46:40.250Z")
    }
}
