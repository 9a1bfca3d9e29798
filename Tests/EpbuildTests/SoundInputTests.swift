import FoundationEssentials
import Testing

/// Sounds that a person or a program brings along, and that are none.
@Suite struct SoundInputTests {
    @Test func whatIsNoSoundIsNamed() async throws {
        let machine = try Machine()
        try FileManager.default.createDirectory(atPath: "\(machine.workspace)/noise/one/music", withIntermediateDirectories: true)
        let files = [
            "noise/show.yaml": "title: Noise\n", "noise/one/episode.yaml": "title: One\n", "noise/one/script.fountain": "ANN\nHello.\n",
            "noise/one/music/intro.wav": "This is no sound.\n",
            "noise/pipeline.yaml": """
            stages:
              script: { source: script.fountain }
              speech: { tool: command, each: script.lines, run: [sh, -c, "echo no sound > line.wav"], inputs: { line.txt: item }, outputs: [line.wav] }
              music:  { source: "music/*" }
              mixed:  { tool: mix, from: [script, speech, music] }

            """,
        ]
        for (path, text) in files { try machine.write(Array(text.utf8), to: path) }
        let outcome = try await machine.run("build", "noise/one", "--keep-going")
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("noise/one/music/intro.wav: error: mixed (decode intro): "), "\(outcome)")
        #expect(outcome.errors.contains("line.wav: error: mixed (measure 1): "), "\(outcome)")
    }
}
