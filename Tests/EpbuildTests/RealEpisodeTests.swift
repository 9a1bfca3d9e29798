import EpTesting
import FoundationEssentials
import Testing

/// A whole episode that real servers on this machine write and speak: llama.cpp with a small model, and Piper.
@Suite(.serialized) struct RealEpisodeTests {
    private static let assemble = """
        import json, pathlib
        scenes = [json.loads(file.read_text()) for file in sorted(pathlib.Path("scenes").rglob("*.json"))]
        with open("script.fountain", "w") as script:
            script.write("Title: Bees\\n\\n")
            for number, scene in enumerate(scenes, 1):
                script.write(f"# Part {number}\\n\\nOLIVER\\n{scene['question'].strip()}\\n\\nPIP\\n{scene['answer'].strip()}\\n\\n")
        """

    private func show(_ providers: String) throws -> SmallShow {
        try SmallShow([
            "epbuild.yaml": "providers:\n\(providers)",
            "show/show.yaml": """
                title: Oliver's Workshop
                author: The workshop
                language: en
                characters:
                - { name: OLIVER, voice: { speed: 0.9 } }
                - { name: PIP, voice: { speed: 1.1 } }

                """,
            "show/beat.md": "Write a short question of a child about bees and {{ item }}, and a short answer in one sentence.",
            "show/beat.json": """
            { "type": "object", "required": ["question", "answer"], "additionalProperties": false,
              "properties": { "question": { "type": "string", "minLength": 12, "maxLength": 50 }, "answer": { "type": "string", "minLength": 12, "maxLength": 60 } } }
            """,
            "show/pipeline.yaml": """
            stages:
              topics: { source: topics.yaml }
              assembler: { source: assemble.py }
              scenes: { tool: llm, prompt: beat.md, each: topics.beats, schema: beat.json, output: scene.json }
              script: { tool: command, run: [python3, assemble.py], inputs: { assemble.py: assembler, scenes: scenes }, outputs: [script.fountain] }
              audio_synthesis: { tool: tts, each: script.lines }
              cover: { tool: cover }
              audio_mixing: { tool: mix, from: [script, audio_synthesis] }
              package: { tool: package, from: [audio_mixing, script, cover] }

            """,
            "show/ep/episode.yaml": "number: 1\ntitle: Bees\ntopic: bees\n",
            "show/ep/topics.yaml": "beats: [honey, flowers, their house]\n", "show/ep/assemble.py": Self.assemble,
        ])
    }

    @Test func aWholeEpisodeIsWrittenAndSpoken() async throws {
        guard let llama = await Peer.start(Peer.llama) else { return }
        defer { llama.stop() }
        guard let piper = await Peer.start(Peer.piper) else { return }
        defer { piper.stop() }
        try await expectEpisode(
            """
              writer: { tool: llm, use: llama.cpp, model: smollm2, base_url: "\(llama.url)/v1", api_key_env: LOCAL_KEY, temperature: 0, seed: 1, max_tokens: 80, limit: 1, timeout_seconds: 280 }
              voices: { tool: tts, use: piper, base_url: "\(piper.url)", limit: 1 }

            """, keys: ["LOCAL_KEY": "sk-local"], spokenBy: "piper")
    }

    /// The same by hosted services, for money: only where somebody asks for it.
    @Test func hostedServicesWriteAndSpeakIt() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard environment["EPBUILD_REAL_API"] == "1", let key = environment["OPENAI_API_KEY"] else {
            print("skipped: hosted services are asked with EPBUILD_REAL_API=1 and OPENAI_API_KEY alone, for 0.50 USD at most")
            return
        }
        let model = environment["EPBUILD_REAL_MODEL"] ?? "gpt-6-luna", voice = environment["EPBUILD_REAL_VOICE"] ?? "gpt-4o-mini-tts"
        try await expectEpisode(
            """
              writer: { tool: llm, use: openai, model: \(model) }
              voices: { tool: tts, use: openai, model: \(voice) }

            """, keys: ["OPENAI_API_KEY": key], spokenBy: "openai", "--budget", "0.50")
    }

    private func expectEpisode(_ providers: String, keys: [String: String], spokenBy voice: String, _ words: String...) async throws {
        let show = try show(providers), environment = show.machine.environment(keys)
        let built = try await Program.run(
            [Program.epbuild, "build", SmallShow.episode] + words, in: show.machine.workspace, environment: environment)
        #expect(built.status == 0, "\(built)")
        let out = "\(show.machine.workspace)/show/ep/out"
        let names = try FileManager.default.contentsOfDirectory(atPath: out)
        let base = try #require(names.first { $0.hasSuffix(".mp3") }.map { "\(out)/\($0.dropLast(4))" })
        let meter = try await Program.run(
            ["ffmpeg", "-nostats", "-hide_banner", "-i", "\(base).mp3", "-map", "0:a", "-af", "ebur128", "-f", "null", "-"], in: "/",
            environment: environment)
        let loudness = try #require(meter.errors.matches(of: /I: +(-[0-9.]+) LUFS/).last.flatMap { Double($0.output.1) })
        #expect((-17 ... -15).contains(loudness), "\(loudness) LUFS")
        let facts = try await Program.run(
            ["ffprobe", "-v", "error", "-show_format", "-show_chapters", "\(base).mp3"], in: "/", environment: environment)
        let seconds = facts.output.firstMatch(of: /duration=([0-9.]+)/).flatMap { Double($0.output.1) } ?? 0
        #expect(
            (8...120).contains(seconds) && facts.output.contains("TAG:title=Bees")
                && facts.output.components(separatedBy: "[CHAPTER]").count == 4, "\(facts)")
        let captions = try String(contentsOfFile: "\(base).vtt", encoding: .utf8)
        #expect(captions.contains("<v Oliver>") && captions.contains("<v Pip>"), "\(captions)")
        let page = try names.filter { $0.hasSuffix(".md") || $0.hasSuffix(".html") }.map {
            try String(contentsOfFile: "\(out)/\($0)", encoding: .utf8)
        }.joined()
        #expect(page.contains("Oliver (\(voice)"), "who has spoken is told")

        // The same servers are asked for nothing again, and a word of the script costs its own line.
        let again = try await Program.run(
            [Program.epbuild, "build", SmallShow.episode, "--json"], in: show.machine.workspace, environment: environment)
        #expect(again.status == 0 && again.output.contains("\"outcome\":\"upToDate\""), "\(again)")
    }
}
