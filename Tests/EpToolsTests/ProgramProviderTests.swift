import EpCore
import EpEngine
import EpPlan
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

    private func write(_ run: String, _ machines: TwoMachines, version: String = "[sh, -c, \"echo tool 1.0\"]") throws {
        try machines.providers("w: { tool: llm, use: program, run: \(run), version: \(version), model: tiny }, v: { tool: tts, use: program, run: [sh, -c, \"echo {voice} {rate} {speed} {pitch} > line.wav; cat line.txt >> line.wav\"], version: \(version) }")
    }

    @Test func aProgramWritesAndAProgramSpeaks() async throws {
        let machines = try machines()
        try write("[sh, -c, \"echo {model} says; cat prompt.md > answer; echo - {model} >> answer\"]", machines)
        let report = try await machines.build()
        #expect(report.failures.isEmpty && report.outcome == .built, "\(report.failures)")
        #expect(machines.read() == "Tell of bees.- tiny\n")
        #expect(report.outputs.contains { machines.read($0)?.hasPrefix("anna 200 1.25 50\nHello there.") == true }, "\(report.outputs)")
        #expect(try await machines.build().outcome == .upToDate)
        // Another version is another address.
        try write("[sh, -c, \"echo {model} says; cat prompt.md > answer; echo - {model} >> answer\"]", machines, version: "[sh, -c, \"echo tool 1.1\"]")
        #expect(try await machines.build().actions.executed == 2)
    }

    @Test(arguments: [
        ("[sh, -c, \"{modle}\"]", "[sh, -c, x]", "`run` of provider \"w\" has {modle}, which is nothing"), ("[sh, -c, x]", "[bash, x]", "`version` of provider \"w\" asks bash, and `run` runs sh"),
    ])
    func mistakesAreToldAtTheirPlaces(_ run: String, _ version: String, _ message: String) async throws {
        let machines = try machines()
        try machines.providers("w: { tool: llm, use: program, run: \(run), version: \(version) }")
        let report = try await machines.build()
        #expect(report.failures.map(\.problem.message) == [message] && report.exitStatus == .badInput, "\(report.failures)")
    }

    @Test func aFormThatNobodyChecksIsRefused() async throws {
        let machines = try machines()
        try write("[sh, -c, \"echo {} > answer\"]", machines)
        try machines.write("{ type: object }", to: "w/show/form.json")
        try machines.pipeline("text: { tool: llm, prompt: prompt.md, schema: form.json, output: text.json }")
        #expect(try await machines.build().failures.first?.problem.message.hasPrefix("what a program answers is not checked") == true)
    }
}
