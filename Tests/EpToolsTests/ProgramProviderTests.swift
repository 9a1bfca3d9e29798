import EpCore
import EpEngine
import EpPlan
import EpSound
import Testing

@testable import EpProviders
@testable import EpTools

/// Any program serves as a provider, by configuration alone.
@Suite struct ProgramProviderTests {
    private func machines() throws -> TwoMachines {
        let machines = try TwoMachines(models: [], more: [ProgramModel()], voices: [ProgramVoice()])
        try machines.write("title: S\ncharacters:\n- { name: ANN, voice: { voice: anna, rate: 200 } }\n", to: "w/show/show.yaml")
        try machines.write("ANN\nHello there.\n", to: "w/show/ep/script.fountain")
        try machines.pipeline(
            "text: { tool: llm, prompt: prompt.md, output: text.txt, deliver: true }", "script: { source: script.fountain }",
            "speech: { tool: tts, each: script.lines, deliver: true }")
        return machines
    }

    private func write(
        _ run: String, _ machines: TwoMachines, version: String = "[sh, -c, \"echo tool 1.0\"]", writer: String = "", voice: String? = nil,
        _ more: String = ""
    ) throws {
        let speak = voice ?? "test \\\"{voice} {rate} {speed} {pitch}\\\" = \\\"anna 200 1.25 50\\\" && espeak-ng -f line.txt -w line.wav"
        try machines.providers("""
            w: { tool: llm, use: program, run: \(run), version: \(version), model: tiny\(writer) }, v: { tool: tts, use: program, run: [sh, -c, "\(speak)"], version: \(version)\(more) }
            """)
    }

    @Test func aProgramWritesAndAProgramSpeaks() async throws {
        let machines = try machines()
        try write("[sh, -c, \"echo {model} says; cat prompt.md > answer; echo - {model} >> answer\"]", machines)
        let report = try await machines.build()
        #expect(report.failures.isEmpty && report.outcome == .built, "\(report.failures)")
        #expect(machines.read() == "Tell of bees.- tiny\n")
        #expect(try await machines.build().outcome == .upToDate)
        // Another version is another address.
        try write(
            "[sh, -c, \"echo {model} says; cat prompt.md > answer; echo - {model} >> answer\"]", machines,
            version: "[sh, -c, \"echo tool 1.1\"]")
        #expect(try await machines.build().actions.executed == 2)
    }

    @Test(arguments: [
        ("[sh, -c, \"{modle}\"]", "[sh, -c, x]", "`run` of provider \"w\" has {modle}, which is nothing"),
        ("[sh, -c, x]", "[bash, x]", "`version` of provider \"w\" asks bash, and `run` runs sh"),
    ])
    func mistakesAreToldAtTheirPlaces(_ run: String, _ version: String, _ message: String) async throws {
        let machines = try machines()
        try machines.providers("w: { tool: llm, use: program, run: \(run), version: \(version) }")
        let report = try await machines.build()
        #expect(report.failures.map(\.problem.message) == [message] && report.exitStatus == .badInput, "\(report.failures)")
    }

    /// A program's answers are checked as a service's are, and kept in the same way.
    @Test func anAnswerOfAFormIsChecked() async throws {
        let machines = try machines()
        try machines.write("{ type: object, properties: { title: { type: string } }, required: [title] }", to: "w/show/form.json")
        try machines.pipeline("text: { tool: llm, prompt: prompt.md, schema: form.json, output: text.txt, deliver: true }")
        try write("[sh, -c, \"echo '{}' > answer.json\"]", machines)
        let failure = try #require(try await machines.build().failures.first)
        #expect(failure.problem.code == .badAnswer && failure.problem.message.contains("not of the form"), "\(failure)")
        try write("[sh, -c, \"echo '```json'; printf '%s' '{\\\"title\\\":  \\\"Bees\\\"}' > answer.json\"]", machines)
        let report = try await machines.build()
        #expect(
            report.outcome == .built && machines.read()?.contains("\"title\": \"Bees\"") == true,
            "\(report.failures) \(machines.read() ?? "")")
        try machines.pipeline("text: { tool: llm, prompt: prompt.md, output: text.txt }")
        try write("[sh, -c, \"echo > answer\"]", machines)
        #expect(try await machines.build().failures.first?.problem.message.hasSuffix("its answer is empty") == true)
    }

    /// Whatever form a program's sound has, it is kept as WAV; what can be no speech is not kept at all.
    @Test(
        arguments: [
            ("espeak-ng -f line.txt --stdout | ffmpeg -v error -i - -f mp3 -y line.wav", nil),
            ("espeak-ng -f line.txt --stdout | ffmpeg -v error -i - -f flac -y line.wav", nil),
            ("espeak-ng -f line.txt --stdout | ffmpeg -v error -i - -c:a libopus -f ogg -y line.wav", nil),
            ("espeak-ng -f line.txt --stdout | ffmpeg -v error -i - -ar 48000 -ac 2 -c:a pcm_f32le -f wav -y line.wav", nil),
            ("echo no sound > line.wav", "of no form that is known"),
            ("ffmpeg -v error -f lavfi -i anullsrc=d=2 -y line.wav", "its sound is silent"),
            ("ffmpeg -v error -f lavfi -i sine=300:d=60 -y line.wav", "its sound is far too long for the text"),
        ] as [(String, String?)])
    func aSoundOfAnyFormIsChecked(_ speak: String, _ message: String?) async throws {
        let machines = try machines()
        try write("[sh, -c, \"cp prompt.md answer\"]", machines, voice: speak)
        let report = try await machines.build()
        if let message {
            let failure = try #require(report.failures.first)
            #expect(failure.problem.code == .badAnswer && failure.problem.message.contains(message), "\(failure)")
        } else {
            let bytes = try #require(report.outputs.first { $0.hasSuffix(".wav") }.flatMap(machines.bytes), "\(report.failures)")
            let sound = try PCM(wav: bytes, named: "line.wav")
            #expect((0.4...2).contains(sound.seconds))
        }
    }

    /// Its exit statuses mean what the workspace says, and it is run again where that may help.
    @Test func exitStatusesHaveAMeaning() async throws {
        let machines = try machines()
        let meanings = ", attempts: 3, base_delay_seconds: 0, exit_statuses: { 3: refused, 75: transient }"
        try write("[sh, -c, \"echo x >> \(machines.path)/runs; exit 3\"]", machines, writer: meanings)
        var report = try await machines.build()
        #expect(report.failures.first?.problem.code == .refused && machines.read("../../../runs") == "x\n", "\(report.failures)")
        try write(
            "[sh, -c, \"echo x >> \(machines.path)/runs; test $(wc -l < \(machines.path)/runs) -ge 3 && cp prompt.md answer || exit 75\"]",
            machines, writer: meanings)
        report = try await machines.build()
        #expect(report.outcome == .built && machines.read("../../../runs") == "x\nx\nx\n", "\(report.failures)")
        try write("[sh, -c, x]", machines, writer: ", exit_statuses: { 0: refused, 4: tired }")
        let messages = try await machines.build().failures.map(\.problem.message)
        #expect(
            messages == [
                "\"0\" is no exit status of a failure: it must be from 1 to 255",
                "`exit_statuses` of provider \"w\" has \"tired\", which is nothing that can go wrong",
            ])
    }
}
