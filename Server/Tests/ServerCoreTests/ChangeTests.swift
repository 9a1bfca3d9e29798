import EpFiles
import Synchronization
import Testing

@testable import ServerCore

/// What tells that an episode is as it was.
@Suite struct ChangeTests {
    private let directory = "/tmp/epbuild-files-\(UInt64.random(in: 0...UInt64.max))"

    private func put(_ path: String, _ text: String) throws {
        try Files.makeDirectory("\(directory)/\(path)".split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" })
        try Files.replace("\(directory)/\(path)", with: Array(text.utf8))
    }

    private func marks() -> [WorkspaceFiles.Mark] {
        let episodes = ["a", "b"].map { "\(directory)/show/\($0)" }
        let files = WorkspaceFiles(directory, episodes: episodes, asked: episodes)
        return episodes.map(files.mark)
    }

    @Test func aFileOfOneEpisodeIsThatEpisodes() throws {
        defer { Directory.removeTree(directory) }
        for path in ["epbuild.yaml", "show/show.yaml", "show/a/episode.yaml", "show/b/episode.yaml"] { try put(path, "x") }
        let first = marks()
        #expect(marks() == first)
        try put("show/a/script.fountain", "ANN\nHello.")
        let second = marks()
        #expect(second[0] != first[0] && second[1] == first[1])
        try put("show/prompts/script.md", "Write.")
        let third = marks()
        #expect(third[0] != second[0] && third[1] != second[1])
        // What epbuild delivers and keeps changes nothing.
        try put("show/a/out/episode.mp3", "x")
        try put(".epbuild/memo", "x")
        #expect(marks() == third)
    }

    @Test func eventsAreCountedByEpisode() throws {
        defer { Directory.removeTree(directory) }
        try put(".epbuild/events/2026-11.jsonl", "{\"episode\": \"show/a\"}\n")
        var counts = EventCounts("\(directory)/.epbuild")
        let now = ContinuousClock.now
        counts.read(now)
        #expect(counts.count(of: "show/a").turns == 0)
        let lines = [#"{"episode": "show/a"}"#, #"{"episode": "show/b"}"#, #"{"episode": "show/b", "event": "action_started"}"#]
        try put(".epbuild/events/2026-11.jsonl", lines.map { $0 + "\n" }.joined())
        counts.read(now)
        let (first, second) = (counts.count(of: "show/a"), counts.count(of: "show/b"))
        #expect(first.turns == 0 && first.steps == 0 && second.turns == 1 && second.steps == 1)
        #expect(second.last == now && second.lastTurn == now && first.last == nil)
    }
}

@Suite struct AuditTests {
    @Test func whatCannotBeWrittenIsToldOnce() {
        let told = Told()
        let log = AuditLog(path: "/proc/nothing/audit.jsonl") { _ in told.add() }
        for _ in 0..<3 { log.note(WebRequest(method: "POST", target: "/"), by: "Ana", status: 200, at: .now) }
        #expect(told.count == 1 && log.failures == 3 && log.isFailing)
    }
}

private final class Told: Sendable {
    private let number = Mutex(0)
    func add() { number.withLock { $0 += 1 } }
    var count: Int { number.withLock { $0 } }
}
