import EpCache
import EpCore
import EpEngine
import EpPlan
import EpTools
import FoundationEssentials
import Testing

@testable import EpDesk

/// `tool: tone`: a sound for each of its items, a tenth of a second long. Runs the mix, too.
private struct ToneTool: Tool, StepRunner {
    let name = ToolName("tone")
    let keys = ["each"]
    static let count = 4410

    func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "tone", revision: "1"), inputs: [], outputs: ["line.wav"], pool: .cpu)
        return [ArtifactRef(name: "line.wav", source: .output(step, path: "line.wav"))]
    }

    func run(_ job: Job) async throws -> JobResult {
        guard job.step.tool == name else { return try await MixTool().run(job) }
        return JobResult(outputs: ["line.wav": .bytes(Self.wav)], servedBy: "tone")
    }

    func version(of program: Program) async throws -> ProgramVersion { ProgramVersion(path: "/bin/true", line: "1") }

    /// A square wave of 441 Hz: one channel, 16 bits.
    static var wav: [UInt8] {
        func bytes(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let samples = (0..<count).flatMap { bytes($0 / 50 % 2 == 0 ? 8000 : -8000, 2) }
        let format = bytes(16, 4) + bytes(1, 2) + bytes(1, 2) + bytes(44100, 4) + bytes(88200, 4) + bytes(2, 2) + bytes(16, 2)
        return Array("RIFF".utf8) + bytes(36 + samples.count, 4) + Array("WAVEfmt ".utf8) + format + Array("data".utf8)
            + bytes(samples.count, 4) + samples
    }
}

/// An episode taken apart for an editor.
@Suite struct StemsTests {
    private static let stages = """
          script: { source: script.fountain }
          voices: { tool: tone, each: script.lines }
          mix: { tool: mix, from: [script, voices] }

        """

    private func desk(_ show: TestShow) throws -> Desk {
        let builder = try Builder(
            cache: DiskCache(path: "\(show.path)/cache"), remotes: { _, _ in [] }, tools: [ToneTool(), MixTool()], runner: ToneTool(),
            fingerprint: "test", shownFrom: show.path)
        return Desk(builder, personName: { "Ann" }, warn: { _ in })
    }

    @Test func aBuiltMixIsWrittenAsSoundsLabelsAndTimelines() async throws {
        let show = try TestShow(Self.stages)
        try show.write("# One\n\nANN\nHello there.\n\nBEN\nGood day.\n", to: "w/show/one/script.fountain")
        let (desk, place) = (try desk(show), try show.place())
        let stems = "\(show.path)/stems"
        let problem = await #expect(throws: Diagnostic.self) {
            try desk.writeStems(of: try await desk.builder.inspect(place), into: stems, shown: "stems")
        }
        #expect(problem?.message == "the mix is not built as it stands now" && problem?.remedy == "build it: epbuild w/show/one")
        let report = await desk.start(place, BuildOptions()).end()
        #expect(report.outcome == .built, "\(report.failures)")
        let inspection = try await desk.builder.inspect(place)
        let answer = try desk.writeStems(of: inspection, into: stems, shown: "stems")
        #expect(answer.files.prefix(4).allSatisfy { $0.hasPrefix("stems/") && $0.hasSuffix(".wav") } && answer.files.count == 10)
        #expect(try show.read("stems/dialogue-labels.txt").contains("ANN: Hello there."))
        #expect(answer.files.allSatisfy { FileManager.default.fileExists(atPath: "\(show.path)/\($0)") }, "\(answer.files)")
        // What is in a directory may be somebody's.
        #expect(throws: Diagnostic.self) { try desk.writeStems(of: inspection, into: stems, shown: "stems") }
        let inTheWay = #expect(throws: Diagnostic.self) {
            try desk.writeStems(of: inspection, into: "\(stems)/timeline.txt", shown: "stems/timeline.txt")
        }
        #expect(inTheWay?.message == "stems/timeline.txt is a file")
    }

    @Test func anEpisodeWithoutAMixIsToldOf() async throws {
        let show = try TestShow("  plan: { tool: echo, say: x }\n")
        let (desk, place) = (try show.desk(), try show.place())
        let inspection = try await desk.builder.inspect(place)
        let problem = #expect(throws: Diagnostic.self) { try desk.writeStems(of: inspection, into: "\(show.path)/stems", shown: "stems") }
        #expect(problem?.code == .usage && problem?.message == "nothing is mixed here")
        #expect(!FileManager.default.fileExists(atPath: "\(show.path)/stems"))
    }
}
