import EpCore
import EpFiles
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@testable import EpEngine

/// The log of events is bounded, loses no line without a word, and stands what a crash has left.
@Suite struct EventLogTests {
    private final class Told: Sendable {
        private let all = Mutex<[Diagnostic]>([])
        var words: [String] { all.withLock { $0.map(\.message) } }
        func tell(_ problem: Diagnostic) { all.withLock { $0.append(problem) } }
    }

    private let directory: TestDirectory
    private let told = Told()
    private var path: String { "\(directory.path)/w/.epbuild/events" }

    init() throws {
        directory = try TestDirectory()
        try Files.makeDirectory("\(directory.path)/w")
    }

    private func log(part: Int64 = 1000, all: Int64 = 1 << 30) -> EventLog {
        EventLog(stateDirectory: "\(directory.path)/w/.epbuild", limits: EventLog.Limits(part: part, all: all)) { [told] in told.tell($0) }
    }

    private func event(_ number: Int, month: Int = 11) -> BuildEvent {
        let moment = Moment(iso8601: "2026-\(month)-26T04:00:00Z")!
        let surroundings = Surroundings(clock: WallClock { moment }, random: { 1 })
        return BuildEvent(
            build: BuildID(surroundings), sequence: number, time: moment, episode: "/w/show/ep", kind: .wrote("out/\(number).mp3"))
    }

    private func read(_ name: String) throws -> String { try directory.read("w/.epbuild/events/\(name)") ?? "" }
    private var names: [String] { EventLogPart.all(in: path).map(\.name) }

    @Test func namesSortAsTheyWereWritten() {
        let names = ["2026-11.10.jsonl", "2026-11.2.jsonl", "2026-11.jsonl", "2026-02.jsonl"]
        #expect(names.compactMap(EventLogPart.init).sorted().map(\.name) == names.reversed())
        for other in ["2026-11.1.jsonl", "2026-11.02.jsonl", "notes.txt", "2026-11.jsonl.bak", "2026-11..jsonl"] {
            #expect(EventLogPart(name: other) == nil, "\(other)")
        }
    }

    @Test func aLongMonthIsContinued() throws {
        let log = log()
        for number in 1...40 { log.observe(event(number)) }
        #expect(names.count > 4 && names.prefix(2) == ["2026-11.jsonl", "2026-11.2.jsonl"])
        let lines = try names.flatMap { try read($0).split(separator: "\n") }
        #expect(lines.count == 40)
        for (index, line) in lines.enumerated() { #expect(line.contains("\"seq\":\(index + 1),")) }
        for name in names { #expect(try read(name).utf8.count <= 1000 && read(name).hasSuffix("}\n")) }
        log.observe(event(41, month: 12))
        #expect(names.last == "2026-12.jsonl" && told.words.isEmpty)
    }

    /// A log that is opened later goes on in the last part, and one that has been overtaken follows.
    @Test func severalWriteInTurns() throws {
        let logs = [log(), log(), log()]
        for number in 0..<90 { logs[number % 3].observe(event(number)) }
        log().observe(event(90))
        let lines = try names.flatMap { try read($0).split(separator: "\n") }
        #expect(lines.count == 91 && Set(lines).count == 91)
        #expect(try names.allSatisfy { try read($0).utf8.count <= 1000 })
    }

    @Test func aLineThatIsLongerThanAPartStandsAlone() throws {
        let log = log(part: 10)
        for number in 1...3 { log.observe(event(number)) }
        #expect(names.count == 3)
    }

    @Test func theOldestIsRemovedAndThatIsSaid() throws {
        let log = log(part: 1000, all: 3000)
        for number in 1...60 { log.observe(event(number)) }
        #expect(names.count <= 4 && !names.contains("2026-11.jsonl"))
        let sizes = names.compactMap { FileStatus("\(path)/\($0)")?.size }
        #expect(sizes.reduce(0, +) <= 3000)
        #expect(told.words.count > 3 && told.words[0].contains("(2026-11.jsonl)"), "\(told.words)")
        #expect(try read(names.last!).contains("\"seq\":60,"))
    }

    /// What a person has put there is left alone.
    @Test func otherFilesStay() throws {
        try directory.write("mine", to: "w/.epbuild/events/2025-01.jsonl.copy")
        let log = log(part: 100, all: 100)
        for number in 1...10 { log.observe(event(number)) }
        #expect(try read("2025-01.jsonl.copy") == "mine")
    }

    @Test func aLineThatACrashHasCutStaysAlone() throws {
        log().observe(event(1))
        let descriptor = open("\(path)/2026-11.jsonl", O_WRONLY | O_APPEND)
        _ = write(descriptor, "{\"time\":\"20", 11)
        close(descriptor)
        log().observe(event(2))
        let lines = try read("2026-11.jsonl").split(separator: "\n")
        #expect(lines.count == 3 && lines[1] == "{\"time\":\"20" && lines[2].contains("\"seq\":2,"))
    }
}
