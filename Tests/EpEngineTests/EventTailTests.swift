import FoundationEssentials
import Testing

@testable import EpEngine

/// The log of events, read as it grows, from any place in it.
@Suite struct EventTailTests {
    private final class Log {
        let state: String
        var tail: EventTail { EventTail(stateDirectory: state) }

        init() throws {
            state = FileManager.default.temporaryDirectory.appending(path: "epbuild-tail-\(UInt64.random(in: 0 ... .max))").path
            try FileManager.default.createDirectory(atPath: "\(state)/events", withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: state) }

        func write(_ text: String, to part: String = "2026-11.jsonl") throws {
            try Data(text.utf8).write(to: URL(filePath: "\(state)/events/\(part)"))
        }

        func texts(from position: EventTail.Position) -> [String]? {
            guard case .lines(let lines) = tail.read(from: position) else { return nil }
            return lines.map(\.text)
        }
    }

    @Test func whatIsWrittenWholeIsRead() throws {
        let log = try Log()
        #expect(log.tail.end == nil && log.tail.start == nil)
        try log.write("{1}\n{2}\n{3")
        let start = try #require(log.tail.start)
        guard case .lines(let lines) = log.tail.read(from: start) else { throw CancellationError() }
        #expect(lines.map(\.text) == ["{1}", "{2}"])
        #expect(log.texts(from: lines[0].position) == ["{2}"] && log.texts(from: lines[1].position) == [])
        try log.write("{1}\n{2}\n{3}\n")
        #expect(log.texts(from: lines[1].position) == ["{3}"])
        #expect(EventTail.Position(parsing: lines[1].position.description) == lines[1].position)
    }

    @Test func aPartGoesOnInTheNext() throws {
        let log = try Log()
        try log.write("{1}\n")
        try log.write("{2}\n", to: "2026-11.2.jsonl")
        let end = try #require(EventTail.Position(parsing: "4@2026-11.jsonl"))
        #expect(log.texts(from: end) == ["{2}"])
        #expect(log.tail.end?.description == "4@2026-11.2.jsonl")
    }

    @Test(arguments: ["9@2026-11.jsonl", "2@2026-11.jsonl", "0@2026-10.jsonl"]) func aPlaceThatIsNotThereIsLost(_ text: String) throws {
        let log = try Log()
        try log.write("{1}\n{2}\n")
        #expect(log.texts(from: try #require(EventTail.Position(parsing: text))) == nil)
    }

    @Test(arguments: ["", "1", "x@2026-11.jsonl", "-1@2026-11.jsonl", "1@../../etc/passwd", "1@2026-11.jsonl@", "1@2026-11.1.jsonl"])
    func whatIsNoPlaceIsNone(_ text: String) { #expect(EventTail.Position(parsing: text) == nil) }
}
