import FoundationEssentials
import Testing

/// Chapters that are read aloud: MP3 files as audiobook shops want them, and one M4B with chapters.
@Suite(.serialized) struct AudiobookTests {
    private static let pipeline = """
        stages:
          outline: { source: outline.yaml }
          prose: { tool: command, each: { chapter: outline.chapters }, run: [cp, in.md, prose.md], inputs: { in.md: chapter.text }, outputs: [prose.md] }
          reading: { tool: reading, each: { chapter: outline.chapters }, from: [prose] }
          audio_synthesis: { tool: tts, each: reading.lines }
          cover: { tool: cover }
          audiobook: { tool: audiobook, from: [reading, audio_synthesis, cover] }

        """

    private func show(_ pipeline: String = Self.pipeline) throws -> SmallShow {
        try SmallShow([
            "show/show.yaml":
                "title: Salt\nauthor: Ann\nlanguage: en\ncharacters:\n- { name: READER, role: narrator, voice: { provider: espeak } }\n",
            "show/pipeline.yaml": pipeline,
            "show/ep/episode.yaml": "title: \"Salt; and = Pepper\"\nsummary: Two chapters.\ndate: 2026-11-26\n",
            "show/ep/outline.yaml": """
            chapters:
            - { title: "The Bell; or, #1", text: "The bell rang over the harbour at five. Nobody had touched it.\\n\\nIt rang again at six, and then it was quiet for a long time." }
            - { title: The Lamp, text: "A lamp leaned over the water. Its light fell on the steps, and on somebody who was sitting there." }

            """,
        ])
    }

    private func probe(_ words: [String], _ machine: Machine) async throws -> String {
        let outcome = try await Program.run(
            ["ffprobe", "-v", "error"] + words, in: "\(machine.workspace)/show/ep/out", environment: machine.environment())
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        return outcome.output
    }

    /// Shops and listeners are told before the first chapter, and in no other.
    @Test func theFirstChapterSaysWhoReads() async throws {
        let show = try show()
        try show.machine.edit("show/show.yaml") { $0 + "disclosure: A synthetic voice reads.\n" }
        try await show.machine.build(SmallShow.episode, "reading").expect(.built)
        let lines = try await show.machine.run("plan", SmallShow.episode, "--json").output
        #expect(lines.ranges(of: "A synthetic voice reads.").count == 1, "\(lines)")
        try show.machine.edit("show/show.yaml") { $0.replacing("A synthetic voice reads.", with: "none") }
        let refused = try await show.machine.run("build", SmallShow.episode, "reading")
        #expect(refused.status == 0 && refused.errors.contains("show.yaml:6:13: warning: nobody says in this episode"), "\(refused)")
    }

    @Test func chaptersBecomeAnAudiobook() async throws {
        let show = try show(), out = "show/ep/out"
        try await show.build().expect(.built)
        let names = try show.machine.outputs(of: "show/ep").keys.sorted()
        #expect(names == ["01-the-bell-or-1.mp3", "02-the-lamp.mp3", "salt-and-pepper.audiobook.json", "salt-and-pepper.m4b"], "\(names)")
        for name in names where name.hasSuffix(".mp3") { try await expectAsShopsWantIt("\(out)/\(name)", show.machine) }

        let chapters = try await probe(["-show_chapters", "-show_format", "-show_streams", "salt-and-pepper.m4b"], show.machine)
        #expect(
            chapters.contains("TAG:title=1 · The Bell; or, #1") && chapters.contains("TAG:title=2 · The Lamp")
                && chapters.contains("TAG:title=Salt; and = Pepper"), "\(chapters)")
        #expect(
            chapters.contains("TAG:major_brand=M4B ") && chapters.contains("codec_name=aac") && chapters.contains("attached_pic=1")
                && chapters.contains("TAG:genre=Audiobook"))
        #expect(chapters.contains("Read by a synthetic voice: Reader (espeak"), "\(chapters)")
        if MediaInfo.isHere {
            let info = try await MediaInfo(of: "\(out)/salt-and-pepper.m4b", show.machine)
            #expect(info.general["CodecID"] == "M4B " && info.general["Genre"] == "Audiobook" && info.general["Cover"] == "Yes")
            #expect(info.general["Title"] == "Salt; and = Pepper")
            #expect(info.chapterTitles == ["1 · The Bell; or, #1", "2 · The Lamp"], "\(info)")
        }
        let listed = String(
            chapters[
                try #require(chapters.firstRange(of: "[CHAPTER]"))
                    .lowerBound..<(try #require(chapters.firstRange(of: "[FORMAT]"))).lowerBound])
        let (starts, ends) = (seconds("start_time", listed), seconds("end_time", listed))
        #expect(starts.count == 2 && ends.count == 2)
        let duration = try #require(seconds("duration", chapters).last)
        #expect(abs(duration - (ends.last ?? 0)) < 0.05, "the last chapter ends with the file")

        // It decodes without a word, all of it.
        let decoded = try await Program.run(
            ["ffmpeg", "-nostdin", "-v", "warning", "-xerror", "-i", "salt-and-pepper.m4b", "-map", "0:a", "-f", "null", "-"],
            in: "\(show.machine.workspace)/\(out)", environment: show.machine.environment())
        #expect(decoded.status == 0 && !decoded.errors.contains("rror"), "\(decoded)")
        let report = try show.machine.text("\(out)/salt-and-pepper.audiobook.json")
        #expect(report.contains("\"rms_db\": -") && report.contains("\"file\": \"02-the-lamp.mp3\""), "\(report)")
        try await show.build().expect(.upToDate, executed: 0)
    }

    private func seconds(_ key: String, _ text: String) -> [Double] {
        text.matches(of: /([a-z_]+)=([0-9.]+)/).filter { $0.output.1 == key }.compactMap { Double($0.output.2) }
    }

    /// The numbers of ACX: level, peaks, noise, bit rate, silence before and after.
    private func expectAsShopsWantIt(_ path: String, _ machine: Machine) async throws {
        let meter = try await Program.run(
            [
                "ffmpeg", "-nostdin", "-hide_banner", "-i", path, "-af", "astats=measure_perchannel=none,silencedetect=n=-55dB:d=0.3", "-f",
                "null", "-",
            ], in: machine.workspace, environment: machine.environment())
        func number(_ pattern: Regex<(Substring, Substring)>) -> Double {
            meter.errors.firstMatch(of: pattern).flatMap { Double($0.output.1) } ?? .nan
        }
        #expect((-23 ... -18).contains(number(/RMS level dB: (-?[0-9.]+)/)), "\(meter.errors)")
        #expect(number(/Peak level dB: (-?[0-9.]+)/) <= -3, "\(meter.errors)")
        let silences = meter.errors.matches(of: /silence_(start|end): (-?[0-9.]+)/).compactMap { Double($0.output.2) }
        let duration = try #require(
            meter.errors.firstMatch(of: /Duration: 00:0([0-9]):([0-9.]+)/).flatMap { match in
                Double(match.output.1).flatMap { m in Double(match.output.2).map { m * 60 + $0 } }
            })
        #expect(silences.count >= 4 && (0.5...1).contains(silences[1] - silences[0]), "\(silences)")
        #expect((1...5).contains(duration - silences[silences.count - 2]), "\(silences) of \(duration)")
        let facts = try await Program.run(
            ["ffprobe", "-v", "error", "-show_streams", "-show_format", path], in: machine.workspace, environment: machine.environment())
        #expect(facts.output.contains("sample_rate=44100") && facts.output.contains("TAG:album=Salt; and = Pepper"), "\(facts.output)")
        #expect(facts.output.contains("bit_rate=192000"), "\(facts.output)")
    }

    /// A paragraph costs its own line and its chapter; the other chapter stays as it is.
    @Test func anEditCostsItsOwnChapter() async throws {
        let show = try show()
        try await show.build().expect(.built)
        try show.machine.replace("fell on the steps", with: "fell upon the steps", in: "show/ep/outline.yaml")
        let other = try show.machine.read("show/ep/out/01-the-bell-or-1.mp3")
        // Encoding, its tag, its AAC, joining, the M4B, the report: of twelve.
        try await show.build().expect(.built, ["prose": 1, "reading": 1, "audio_synthesis": 1, "audiobook": 6, "cover": 0])
        #expect(try show.machine.read("show/ep/out/01-the-bell-or-1.mp3") == other)
        // A title is said, and stands in tags; the sound of the other chapter is not touched.
        try show.machine.replace("title: \"Salt; and = Pepper\"", with: "title: Salt", in: "show/ep/episode.yaml")
        try await show.build().expect(.built, ["audio_synthesis": 0, "audiobook": 5])
    }

    @Test func aLineLeftOutIsSaid() async throws {
        let show = try show()
        try await show.build().expect(.built)
        #expect(try await show.machine.run("skip", SmallShow.episode, "audio_synthesis/1/3").status == 0)
        try await show.build().expect(.built, ["audio_synthesis": 0])
        #expect(try show.machine.text("show/ep/out/salt-and-pepper.audiobook.json").contains("line 3 of chapter 1: The Bell"))
        let tags = try await probe(["-show_format", "salt-and-pepper.m4b"], show.machine)
        #expect(tags.contains("Left out of this recording: line 3 of chapter 1"), "\(tags)")
    }

    @Test(arguments: [
        ("from: [reading, cover]", "an audiobook needs a script for each chapter"),
        ("from: [audio_synthesis]", "an audiobook needs a script"),
        ("from: [reading, audio_synthesis], bitrate_kbps: 128", "must be one of 192, 224, 256, 320"),
    ])
    func whatIsNoAudiobookIsSaid(stage: String, message: String) async throws {
        let show = try show(Self.pipeline.replacing("from: [reading, audio_synthesis, cover]", with: stage))
        let build = try await show.build()
        #expect(build.outcome.status == 65 && build.outcome.errors.contains(message), "\(build.outcome)")
    }

    @Test func aShowWithoutAReaderIsToldSo() async throws {
        let show = try show()
        try show.write("title: Salt\n", to: "show/show.yaml")
        let build = try await show.build()
        #expect(build.outcome.status == 65 && build.outcome.errors.contains("nobody who could read"), "\(build.outcome)")
    }
}
