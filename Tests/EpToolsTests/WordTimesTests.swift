import EpCore
import EpHTTP
import EpPlan
import EpSound
import FoundationEssentials
import Glibc
import Testing

@testable import EpEngine
@testable import EpProviders

/// A voice that says half of a line, is silent for four seconds, and says the rest; it tells when each character is heard.
private struct Hesitant: HTTPClient {
    static let half = 2.0
    static let pause = 4.0

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        guard case .bytes(let bytes) = request.body, let text = Value(json: bytes)?["text"]?.string else { return Self.response("{}") }
        let sound = PCM(
            sampleRate: 24_000,
            channels: [
                (0..<Int(24_000 * (2 * Self.half + Self.pause))).map { index in
                    let time = Double(index) / 24_000
                    return (Self.half..<Self.half + Self.pause).contains(time)
                        ? 0 : Float(0.3 * sin(time * 2 * .pi * 200) * (0.6 + 0.4 * sin(time * 2 * .pi * 3)))
                }
            ])
        let starts = (0..<text.count).map { index -> Double in
            let time = Double(index) / Double(text.count) * 2 * Self.half
            return time < Self.half ? time : time + Self.pause
        }
        let alignment: Value = [
            "characters": .list(text.map { .string(String($0)) }), "character_start_times_seconds": .list(starts.map(Value.double)),
            "character_end_times_seconds": .list(starts.map { .double($0 + 0.02) }),
        ]
        let samples = Data(sound.wav().dropFirst(44)).base64EncodedString()
        return Self.response(Value.object([.init("audio_base64", .string(samples)), .init("alignment", alignment)]).json())
    }

    private static func response(_ text: String) -> HTTPResponse {
        HTTPResponse(HTTPHead(status: 200, headers: ["Content-Type": "application/json"]), body: .bytes(Array(text.utf8)), errorBody: [])
    }
}

@Suite struct WordTimesTests {
    private static let line = """
        The bees fly home before the evening comes, and they bring the honey of the linden trees with them. They have done so each summer of their lives. \
        In the house it is warm and dark, and the others wait for what they bring. Then the doors are closed, and the night begins for all who live in the garden.
        """

    private func captions(_ voices: String, check: String = "") async throws -> (starts: [Double], report: BuildReport) {
        let machines = try TwoMachines(
            models: [], voices: [ElevenLabsVoice(), OpenAIVoice(), ProgramVoice()], transcribers: [ProgramTranscriber()],
            services: Services(client: Hesitant(), secrets: Secrets { _ in "sk-secret" }))
        try machines.providers(voices)
        try machines.write("Title: T\n\n# One\n\nANN\n\(Self.line)\n", to: "w/show/ep/script.fountain")
        try machines.write("topic: bees\ntitle: Bees\n", to: "w/show/ep/episode.yaml")
        try machines.write("title: S\nauthor: A\nlanguage: en\ncharacters:\n- { name: ANN, voice: { } }\n", to: "w/show/show.yaml")
        try machines.pipeline(
            "script: { source: script.fountain }", "speech: { tool: tts, each: script.lines\(check) }", "cover: { tool: cover }",
            "mixed: { tool: mix, from: [script, speech] }", "package: { tool: package, from: [mixed, script, cover] }")
        let report = try await machines.build()
        let text = report.outputs.first { $0.hasSuffix(".vtt") }.flatMap { machines.read($0) } ?? ""
        return (text.matches(of: /(\d+):(\d+):(\d+\.\d+) -->/).map { Double($0.output.2)! * 60 + Double($0.output.3)! }, report)
    }

    private static let elevenlabs = "v: { tool: tts, use: elevenlabs, voice: x }"

    /// A caption begins when its first word is heard, also behind a pause that no number of characters would tell.
    @Test(arguments: ["", ", check: heard"])
    func captionsBeginWithTheirWords(_ check: String) async throws {
        let ears = ", ears: { tool: transcribe, use: program, run: [echo, \"\(Self.line)\"], version: [echo, \"1\"] }"
        let (starts, report) = try await captions(Self.elevenlabs + ears, check: check)
        #expect(report.outcome == .built && starts.count >= 3, "\(report.failures)")
        #expect(!starts.contains { (2.2..<5.8).contains($0) }, "nothing begins in the pause: \(starts)")
        #expect(starts.contains { $0 > 5.8 })
    }

    /// A fallback that tells no words serves all the same.
    @Test func aFallbackNeedNotTellThem() async throws {
        let program = "w: { tool: tts, use: program, run: [sh, -c, \"espeak-ng -f line.txt -w line.wav\"], version: [sh, -c, \"echo 1\"] }"
        let (starts, report) = try await captions(
            "v: { tool: tts, use: elevenlabs, voice: x, api_key_env: SHOWN, base_url: \"http://far.example\", fallback: [w] }, \(program)")
        #expect(report.outcome == .built && starts.count >= 3, "\(report.failures)")
    }
}
