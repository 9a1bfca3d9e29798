import EpCache
import EpCore
import EpDelivery
import EpEngine
import EpExecution
import EpPlan
import EpProviders
import FoundationEssentials
import Testing

@testable import EpDesk

/// `epbuild check` as calls.
@Suite struct ExaminationTests {
    private static let stages = "  sound: { tool: echo, say: music, output: whole.mp3 }\n"
    private static let feed = """
        <?xml version="1.0"?><rss version="2.0"><channel><title>S</title><item><title>One</title>
        <enclosure url="https://s.example/whole.mp3" type="audio/mpeg" length="7"/></item></channel></rss>

        """

    private func examiner(_ show: TestShow, _ vendors: Vendors = .shipped) throws -> Examiner {
        let runner = ToolRunner(tools: [], searchPath: "/usr/local/bin:/usr/bin:/bin", temporaryDirectory: "/tmp", ownPath: nil)
        return Examiner(runner, vendors: vendors, cache: try DiskCache(path: "\(show.path)/cache"), temporaryDirectory: "/tmp")
    }

    @Test func aPathThatIsNothingToCheckIsToldOf() async throws {
        let show = try TestShow(Self.stages)
        let (desk, examiner) = (try show.desk(), try examiner(show))
        try show.write("x", to: "w/words.txt")
        let text = #expect(throws: Diagnostic.self) { try desk.examinations(of: ["w/words.txt"], by: examiner) }
        #expect(text?.message == "w/words.txt is neither a sound nor a film nor a feed")
        let unbuilt = #expect(throws: Diagnostic.self) { try desk.examinations(of: ["w/show/one"], by: examiner) }
        #expect(unbuilt?.message == "w/show/one has delivered no sound and no film yet")
        #expect(throws: Diagnostic.self) { try desk.examinations(of: ["w/nowhere"], by: examiner) }
        let absent = try desk.examinations(of: ["w/feed.xml"], by: examiner)
        await #expect(throws: Diagnostic.self) { try await absent[0].answer() }
    }

    @Test func aShowIsItsSoundsThenItsFeedThenItsLines() async throws {
        let show = try TestShow(Self.stages)
        let (desk, examiner) = (try show.desk(), try examiner(show))
        #expect(await desk.start(try show.place(), BuildOptions()).end().outcome == .built)
        try show.write(Self.feed, to: "w/show/out/feed.xml")
        let found = try desk.examinations(of: ["w/show"], listens: true, by: examiner)
        #expect(found.count == 3)
        let answer = try await found[1].answer()
        #expect(answer.name == "w/show/out/feed.xml" && answer.value["file"]?.string == answer.name)
        #expect(answer.value["passed"]?.bool == answer.findings.pass)
        // The feed says seven bytes, and the file that lies beside it has five.
        #expect(answer.findings.first { $0.rule == "length of the file" }?.result == .fail, "\(answer.findings)")
        // Nobody speaks here.
        let lines = try await found[2].answer()
        #expect(lines.name == "w/show/one" && lines.findings.isEmpty && lines.findings.pass)
        // Of an episode that is named alone, nobody asks after its show.
        #expect(try desk.examinations(of: ["w/show/one"], by: examiner).count == 1)
    }

    @Test func aSoundIsMeasured() async throws {
        let show = try TestShow(Self.stages)
        try FileManager.default.createDirectory(atPath: "\(show.path)/w", withIntermediateDirectories: true)
        let header: [UInt8] = Array("RIFF".utf8) + [0xA4, 0x58, 1, 0] + Array("WAVEfmt ".utf8)
            + [16, 0, 0, 0, 1, 0, 1, 0, 0x44, 0xAC, 0, 0, 0x88, 0x58, 1, 0, 2, 0, 16, 0] + Array("data".utf8) + [0x80, 0x58, 1, 0]
        try Data(header + [UInt8](repeating: 0, count: 88_192)).write(to: URL(filePath: "\(show.path)/w/silence.wav"))
        let found = try show.desk().examinations(of: ["w/silence.wav"], for: [.apple], by: try examiner(show))
        let answer = try await #require(found.first).answer()
        #expect(answer.name == "w/silence.wav" && !answer.findings.pass)
        #expect(answer.findings.allSatisfy { ["file", "apple"].contains($0.platform) })
    }
}
