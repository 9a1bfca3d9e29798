import EpCache
import EpCore
import EpEngine
import EpExecution
import EpPlan
import FoundationEssentials
import Testing

@testable import EpProviders
@testable import EpTools

/// A vendor that epbuild knows nothing of but one line in a list.
private struct EchoModel: LanguageModelVendor {
    let name = "echo"
    let revision = "7"
    func check(_ provider: inout Fields) { _ = provider.bool("loud") }
    func answer(_ question: ModelQuestion, _ serving: Serving) async throws -> ModelAnswer {
        ModelAnswer("echo: \(question.prompt)", servedBy: "echo 7")
    }
}

/// It "speaks" by copying the line.
private struct CopyVoice: ProgramVoiceVendor {
    let name = "copy"
    let program = Program("cp", versionArguments: ["--version"], package: "coreutils")
    let usualVoice = "plain"
    func checkVoice(_ voice: inout Fields) { _ = voice.text("mood") }
    func spelled(_ text: String, voice: String) throws(SpokenText.Problem) -> String { try SpokenText.plain(text) }
    func command(_ voice: Voice) -> [String] { ["cp", "line.txt", "line.wav"] }
    func lists(for voice: Voice) -> [Program] { [] }
    func problem(of voice: Voice, in lists: [String]) -> VoiceProblem? { nil }
    func voice(of arguments: [String]) -> String? { arguments.first == "cp" ? "plain" : nil }
}

@Suite struct VendorTests {
    private static let vendors = Vendors(languageModels: [EchoModel()], voices: [CopyVoice()])

    /// Builds a show with a stage of each kind in a directory of its own.
    private func build(workspace: String, voice: String) async throws -> (report: BuildReport, read: (String) -> String?) {
        let root = FileManager.default.temporaryDirectory.appending(path: "eptools-test-\(UInt64.random(in: 0 ... .max))")
        let files = [
            "w/epbuild.yaml": workspace, "w/show/show.yaml": "title: S\ncharacters:\n- { name: ANN, voice: \(voice) }\n",
            "w/show/ep/episode.yaml": "topic: bees\n",
            "w/show/prompt.md": "Tell of {{ episode.topic }}.", "w/show/ep/script.fountain": "ANN\nHello there.\n",
            "w/show/pipeline.yaml": """
                stages:
                  text: { tool: llm, prompt: prompt.md, output: text.txt, deliver: true }
                  script: { source: script.fountain }
                  speech: { tool: tts, each: script.lines, deliver: true }

                """,
        ]
        for (name, text) in files {
            let path = root.appending(path: name)
            try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: path)
        }
        let tools = ToolCatalog(Self.vendors, .unused).tools
        let builder = Builder(
            cache: try DiskCache(path: root.appending(path: "cache").path()), remotes: { _, _ in [] }, tools: tools,
            runner: ToolRunner(tools: tools, searchPath: "/usr/local/bin:/usr/bin:/bin"), fingerprint: "test", shownFrom: root.path())
        let place = try #require(try Discovery.episodes(at: "w/show/ep", from: root.path()).first)
        let report = await builder.start(place, BuildOptions()).end()
        let texts = Dictionary(uniqueKeysWithValues: report.outputs.map { output in
            (output, (try? Data(contentsOf: root.appending(path: "w/show/ep/\(output)"))).map { String(decoding: $0, as: UTF8.self) })
        })
        try FileManager.default.removeItem(at: root)
        return (report, { texts[$0] ?? nil })
    }

    /// The names of providers and those of vendors both lead to who serves.
    @Test(arguments: [
        (
            "providers: { w: { tool: llm, use: echo, loud: true }, reader: { tool: tts, use: copy, limit: 1 } }\n",
            "{ provider: reader, mood: calm }"
        ), ("{}\n", "{ provider: copy }"), ("{}\n", "{}"),
    ])
    func whoeverIsInTheListServes(_ workspace: String, _ voice: String) async throws {
        let (report, read) = try await build(workspace: workspace, voice: voice)
        #expect(report.failures.isEmpty && report.outcome == .built, "\(report.failures)")
        #expect(read("out/text.txt") == "echo: Tell of bees.")
        #expect(report.outputs.contains { read($0)?.contains("Hello there.") == true }, "\(report.outputs)")
    }

    @Test(arguments: [
        (
            "providers: { w: { tool: llm, use: echo, laud: true } }\n", "{}", "provider \"w\" has an unknown key `laud`",
            "did you mean \"loud\"?"
        ),
        ("{}\n", "{ moode: calm }", "the voice of ANN has an unknown key `moode`", "did you mean \"mood\"?"),
        ("{}\n", "{ mood: 7 }", "`mood` of the voice of ANN must be a text, not the number 7", "quote it: \"7\""),
        ("{}\n", "{ provider: cpoy }", "there is no kind of voice \"cpoy\"", "did you mean \"copy\"?"),
        (
            "providers: { reader: { tool: tts, use: copy } }\n", "{ provider: raeder }", "there is no kind of voice \"raeder\"",
            "did you mean \"reader\"?"
        ),
    ])
    func mistakesAreToldAtTheirPlaces(_ workspace: String, _ voice: String, _ message: String, _ remedy: String) async throws {
        let report = try await build(workspace: workspace, voice: voice).report
        let problem = try #require(report.failures.first).problem
        #expect(problem.message == message && problem.remedy == remedy && (problem.location?.line ?? 0) > 0, "\(problem)")
    }

    @Test func aVoiceThatIsNoMappingIsAMistake() throws {
        let show = try Node(parsing: Array("title: S\ncharacters: [{ name: A, voice: slt }]\n".utf8), file: "show.yaml")
        let problems = SpeechTool(.shipped, .unused).problems(in: show, of: try Workspace(directory: "/", nil))
        #expect(problems.map(\.message) == ["the voice of A must be a mapping (`key: value`), not the text \"slt\""])
    }

    @Test(
        arguments: [
            ("speed: 1", "the voice of A has an unknown key `speed`", "known: provider, voice, rate, pitch"),
            ("voice: 7", "`voice` of the voice of A must be a text, not the number 7", "quote it: \"7\""),
            ("rate: 601", "`rate` of the voice of A must be a number from 40 to 600 words a minute, not the number 601", nil),
            ("pitch: fast", "`pitch` of the voice of A must be a number from 0 to 99, not the text \"fast\"", nil),
        ] as [(String, String, String?)])
    func shippedVoicesCheckTheirKeys(_ voice: String, _ message: String, _ remedy: String?) throws {
        let show = try Node(parsing: Array("title: S\ncharacters: [{ name: A, voice: { \(voice) } }]\n".utf8), file: "show.yaml")
        let problems = SpeechTool(.shipped, .unused).problems(in: show, of: try Workspace(directory: "/", nil))
        #expect(
            problems.count == 1 && problems[0].message == message && problems[0].remedy == remedy && problems[0].location?.line == 2,
            "\(problems)")
    }
}
