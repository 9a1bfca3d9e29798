import EpCore
import EpProviders
import Glibc
import Testing

@testable import EpPlan
@testable import EpTools

@Suite struct EpisodePackageTests {
    private struct Texts: JobInputs {
        let texts: [String: String]
        var labels: [String] { texts.keys.sorted() }
        func bytes(_ label: String) -> [UInt8] { Array((texts[label] ?? "").utf8) }
        func copy(_ label: String, to path: String) {}
    }

    @Test func aFullDiskIsSaidWithItsPathAndARemedy() async throws {
        var template = Array("/tmp/epbuild-package-XXXXXX".utf8CString)
        let directory = String(cString: try #require(mkdtemp(&template)))
        defer {
            unlink("\(directory)/episode.mp3")
            rmdir(directory)
        }
        // Takes no byte.
        try #require(symlink("/dev/full", "\(directory)/episode.mp3") == 0)
        let step = Step(
            target: Target(stage: StageName("package")), tool: ToolName("package"), name: "audio",
            operation: .builtIn(tool: ToolName("package"), operation: "audio", revision: "1"), inputs: [], outputs: ["episode.mp3"],
            platform: [:], pool: .cpu, reasons: [], question: nil)
        let inputs = Texts(texts: ["facts.json": #"{"episode": {"title": "E"}}"#, "timeline.json": #"{"samples": 0}"#])
        let problem = await #expect(throws: Diagnostic.self) {
            try await PackageTool(.shipped).run(Job(step: step, inputs: inputs, take: Take(1)) { directory })
        }
        #expect(problem?.message == "\(directory)/episode.mp3 cannot be written: No space left on device")
        #expect(problem?.remedy?.hasPrefix("free some space on that disk") == true)
    }
}
