import FoundationEssentials
import Testing

/// The finished MP3 and its captions, by the numbers of other programs.
@Suite struct FinishedFileTests {
    private let base = "\(Machine.moon)/out/002-why-the-moon-changes-shape"

    private func ffmpeg(_ machine: Machine, _ words: String...) async throws -> String {
        let outcome = try await Program.run(["ffmpeg", "-nostdin"] + words, in: machine.workspace, environment: machine.environment())
        try #require(outcome.status == 0, "\(outcome)")
        return outcome.errors
    }

    @Test func loudnessAndPeakAfterEncoding() async throws {
        let machine = try await Machine.withMoonBuilt()
        let text = try await ffmpeg(
            machine, "-nostats", "-hide_banner", "-i", "\(base).mp3", "-map", "0:a", "-af", "ebur128=peak=true", "-f", "null", "-")
        let summary = try #require(text.range(after: "Summary:"))
        let loudness = try #require(number(after: "I:", in: summary))
        let peak = try #require(number(after: "Peak:", in: summary))
        #expect(abs(loudness + 16) <= 0.5, "\(loudness) LUFS")
        #expect(peak <= -1, "\(peak) dBTP")
    }

    @Test func decodesWithoutAWarning() async throws {
        let machine = try await Machine.withMoonBuilt()
        #expect(try await ffmpeg(machine, "-v", "warning", "-i", "\(base).mp3", "-map", "0:a", "-f", "null", "-") == "")
    }

    /// Another bit rate than the usual: its Info frame must have it, too, or players guess a wrong length.
    @Test func encodedAt128() async throws {
        let machine = try await Machine.withMoonBuilt()
        let usual = try machine.read("\(base).mp3").count
        try machine.replace("tool: mix,", with: "tool: mix, bitrate_kbps: 128,", in: "olivers-workshop/pipeline.yaml")
        // Parts, summaries and package are new; voices, windows and their loudness are not.
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 0, "music": 0, "effects": 0])
        #expect(try await ffmpeg(machine, "-v", "warning", "-i", "\(base).mp3", "-map", "0:a", "-f", "null", "-") == "")
        let (probe, facts) = (try await self.probe(machine), try self.facts(machine))
        #expect(probe.streams.map(\.bit_rate).first == "128000")
        #expect((0...2 * 1152 / 44_100.0).contains(try #require(Double(probe.format.duration)) - facts.duration_seconds))
        #expect(abs(try await secondsDecoded(machine) - facts.duration_seconds) <= 0.001)
        let bytes = try machine.read("\(base).mp3")
        let info = try #require(bytes.firstRange(of: Array("Info".utf8))).lowerBound
        // The frame's header stands 36 bytes before: its third byte begins with the index of the bit rate, 9 for 128.
        #expect(bytes[info - 34] >> 4 == 9)
        #expect(bytes.count < usual)
    }

    private struct Probe: Decodable {
        struct Stream: Decodable { let codec_name: String, bit_rate: String? }
        struct Chapter: Decodable { let start_time: String, end_time: String, tags: [String: String] }
        struct Format: Decodable { let duration: String }
        let streams: [Stream], chapters: [Chapter], format: Format
    }

    private struct Facts: Decodable {
        struct Chapter: Decodable { let title: String, start: Double, end: Double }
        let duration_seconds: Double, chapters: [Chapter]
    }

    @Test func chaptersCoverAndDuration() async throws {
        let machine = try await Machine.withMoonBuilt()
        let (probe, facts) = (try await self.probe(machine), try self.facts(machine))
        #expect(probe.streams.map(\.codec_name) == ["mp3", "mjpeg"])
        #expect(facts.chapters.count == 3)
        #expect(probe.chapters.map { $0.tags["title"] } == facts.chapters.map(\.title))
        for (probed, said) in zip(probe.chapters, facts.chapters) {
            #expect(abs(try #require(Double(probed.start_time)) - said.start) <= 0.001)
            #expect(abs(try #require(Double(probed.end_time)) - said.end) <= 0.001)
        }
        // ffprobe counts whole frames, with the encoder's delay and padding.
        let padding = try #require(Double(probe.format.duration)) - facts.duration_seconds
        #expect((0...2 * 1152 / 44_100.0).contains(padding), "\(padding) s")
        #expect(abs(try await secondsDecoded(machine) - facts.duration_seconds) <= 0.001)
    }

    /// One that shares no code with what has encoded the sound.
    @Test(.enabled(if: MediaInfo.isHere)) func anotherReaderSeesTheSame() async throws {
        let machine = try await Machine.withMoonBuilt()
        let (info, facts) = (try await MediaInfo(of: "\(base).mp3", machine), try self.facts(machine))
        let audio = try info.track("Audio")
        #expect(audio.facts["Format"] == "MPEG Audio" && audio.facts["Format_Profile"] == "Layer 3" && audio.facts["BitRate_Mode"] == "CBR")
        #expect(abs(try #require(audio.duration) - facts.duration_seconds) < 0.06, "\(audio)")
        #expect(info.general["Cover"] == "Yes" && info.general["Title"] == "Why the Moon Changes Shape", "\(info)")
    }

    private func probe(_ machine: Machine) async throws -> Probe {
        let words = ["ffprobe", "-v", "error", "-show_chapters", "-show_format", "-show_streams", "-of", "json", "\(base).mp3"]
        let output = try await Program.run(words, in: machine.workspace, environment: machine.environment()).output
        return try JSONDecoder().decode(Probe.self, from: Data(output.utf8))
    }

    private func facts(_ machine: Machine) throws -> Facts {
        try JSONDecoder().decode(Facts.self, from: Data(machine.read("\(Machine.moon)/out/episode.json")))
    }

    /// What is really decoded, at 44,100 samples of two bytes a second and channel.
    private func secondsDecoded(_ machine: Machine) async throws -> Double {
        let wave = "\(machine.directory)/decoded.raw"
        _ = try await ffmpeg(machine, "-v", "error", "-i", "\(base).mp3", "-map", "0:a", "-ac", "1", "-ar", "44100", "-f", "s16le", wave)
        return try Double(Data(contentsOf: URL(filePath: wave)).count) / 88_200
    }

    /// The last chapter has no music under it, so without a floor it is silent from the end of the last word on (whose last breath lies
    /// below −60 dB).
    @Test func captionsEndWithTheSpeech() async throws {
        let machine = try await Machine.withMoonBuilt()
        try machine.replace(
            "{ tool: mix, ", with: "{ tool: mix, room_tone_db: -120, bed_seconds: 1, ", in: "olivers-workshop/pipeline.yaml")
        try await machine.build(Machine.moon).expect(.built)
        let text = try await ffmpeg(
            machine, "-nostats", "-hide_banner", "-i", "\(base).mp3", "-map", "0:a", "-af", "silencedetect=noise=-70dB:d=0.15", "-f",
            "null", "-")
        let silences = text.split(separator: "\n").filter { $0.contains("silence_start") }
        let silence = try #require(silences.last.flatMap { number(after: "silence_start:", in: $0) })
        let captions = try machine.text("\(base).vtt")
        let end = try #require(captions.split(separator: "\n").last { $0.contains(" --> ") }.flatMap { seconds($0.suffix(12)) })
        // A line keeps 60 ms behind its last sound (docs/sound.md), and the decoder's frames are 10 ms here.
        #expect((0...0.07).contains(end - silence), "caption \(end), silence \(silence)")
    }

    @Test func captionLinesAreShort() async throws {
        let machine = try await Machine.withMoonBuilt()
        let lines = try machine.text("\(base).srt").split(whereSeparator: \.isNewline).filter { !$0.contains(" --> ") }
        #expect(lines.count > 24)
        for line in lines { #expect(line.count <= 42, "\(line)") }
    }

    private func number(after label: String, in text: some StringProtocol) -> Double? {
        let rest = text.range(after: label)?.drop { $0 == " " }
        return rest.flatMap { Double($0.prefix { "-.0123456789".contains($0) }) }
    }

    /// `00:01:03.443` in seconds.
    private func seconds(_ text: Substring) -> Double? {
        let parts = text.split(separator: ":").compactMap { Double($0) }
        return parts.count == 3 ? parts[0] * 3600 + parts[1] * 60 + parts[2] : nil
    }
}

extension StringProtocol {
    /// What stands behind the first occurrence.
    func range(after label: String) -> Substring? {
        let text = Substring(self)
        return text.firstRange(of: label).map { text[$0.upperBound...] }
    }
}
