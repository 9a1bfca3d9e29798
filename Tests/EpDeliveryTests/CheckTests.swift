import EpCore
import EpDelivery
import Testing

/// Rules on numbers; that the numbers are right, tests with real files show.
@Suite struct CheckTests {
    /// A stereo MP3 as the mix makes it.
    private static func podcast(
        loudness: Double = -16.1, peak: Double = -1.2, channels: Int = 2, rate: Int = 44_100, kbps: Double = 192, problems: [String] = [],
        seconds: Double = 100,
        declared: Double = 100, silences: [Range<Double>] = []
    ) -> MeasuredMedia {
        let probe: Value = [
            "format": [
                "format_name": "mp3", "duration": .string("\(declared)"), "bit_rate": .string("\(kbps * 1000)"),
                "tags": ["title": "A", "artist": "B", "album": "C"],
            ],
            "streams": [
                [
                    "codec_type": "audio", "codec_name": "mp3", "sample_rate": .string("\(rate)"), "channels": .int(Int64(channels)),
                    "bit_rate": .string("\(kbps * 1000)"),
                ],
                ["codec_type": "video", "codec_name": "mjpeg", "width": 1400, "height": 1400, "disposition": ["attached_pic": 1]],
            ],
        ]
        let heard = SoundReport(
            integratedLUFS: loudness, truePeakDB: peak, rmsDB: -20, peakDB: -3.2, noiseFloorDB: -70, decodedSeconds: seconds,
            silences: silences)
        return MeasuredMedia(name: "a.mp3", byteCount: 1, probe: probe, sound: heard, picture: nil, problems: problems, start: [])
    }

    private func failing(
        _ media: MeasuredMedia, for platforms: [Platform] = [.apple], _ expectations: Expectations = Expectations(), captions: String? = nil
    ) -> [String] {
        let beside = captions.map { [(name: "a.srt", cues: CaptionCues($0))] } ?? []
        return Finished(media, captions: beside, covers: [], names: ["a.mp3"]).findings(for: platforms, expecting: expectations).filter {
            $0.result == .fail
        }
        .map { "\($0.platform) \($0.rule)" }
    }

    @Test func aPodcastAsItShouldBePasses() { #expect(failing(Self.podcast()) == []) }

    @Test(arguments: [
        (podcast(loudness: -18.2), "apple loudness"), (podcast(peak: -0.3), "apple true peak"),
        (podcast(rate: 22_050), "apple sample rate"),
        (podcast(kbps: 64), "apple bit rate"), (podcast(problems: ["Header missing"]), "file decoding"),
        (podcast(seconds: 60), "file completeness"),
        (podcast(silences: [40..<47]), "file silence"), (podcast(silences: [0..<100]), "file silence"),
    ])
    func oneNumberThatIsWrongIsNamed(media: MeasuredMedia, rule: String) { #expect(failing(media) == [rule]) }

    /// One channel may be as loud as two, or by the convention for one.
    @Test(arguments: [(-16.0, true), (-19, true), (-17.5, false), (-22, false)])
    func monoHasTwoTargets(loudness: Double, passes: Bool) {
        #expect(failing(Self.podcast(loudness: loudness, channels: 1)).isEmpty == passes)
    }

    @Test func aPauseIsFoundWithItsPlace() throws {
        let findings = Finished(Self.podcast(silences: [65.5..<72.5]), captions: [], covers: [], names: []).findings(
            for: [], expecting: Expectations())
        let finding = try #require(findings.first { $0.rule == "silence" })
        #expect(finding.sentence == "file: silence is 7.00 s, wanted at most 5.00 s without sound (a.mp3 at 1:05.5)")
    }

    @Test func headAndTailAreNoPauses() { #expect(failing(Self.podcast(silences: [0..<8, 92..<100])) == []) }

    @Test func anAudiobookHasNumbersOfItsOwn() {
        #expect(failing(Self.podcast(silences: [0..<0.8, 97..<100]), for: [.acx]) == [])
        #expect(failing(Self.podcast(rate: 48_000, silences: [0..<0.1]), for: [.acx]) == ["acx sample rate", "acx head", "acx tail"])
    }

    @Test func lengthsAreExpected() {
        var expectations = Expectations()
        (expectations.minimumSeconds, expectations.maximumSeconds) = (120, 180)
        #expect(failing(Self.podcast(), expectations) == ["file length"])
    }

    @Test(arguments: [
        ("1\n00:00:01,000 --> 00:00:02,000\nHello.\n\n2\n00:00:01,500 --> 00:00:03,000\nYou.\n", "file caption overlaps"),
        ("1\n00:01:39,000 --> 00:01:41,000\nToo late.\n", "file caption times"), ("1\nno time --> 3\nHello.\n", "file captions"),
        ("", "file captions"),
    ])
    func captionsAreCompared(text: String, rule: String) { #expect(failing(Self.podcast(), for: [], captions: text) == [rule]) }

    @Test func webVTTIsReadWithoutItsTags() throws {
        let file = CaptionCues(
            "WEBVTT\n\n00:01.000 --> 00:02.500 align:start\n<v Oliver>Hello.\nYou.\n\n00:00:03.000 --> 00:00:04.000\nBye.\n")
        #expect(file.isWebVTT && file.badLines.isEmpty)
        #expect(file.cues.map(\.startSeconds) == [1, 3] && file.cues[0].endSeconds == 2.5)
        #expect(file.cues[0].lines == ["Hello.", "You."])
    }

    @Test func resultsSayWhatToDo() throws {
        let findings = Finished(Self.podcast(loudness: -20), captions: [], covers: [], names: []).findings(
            for: [.spotify], expecting: Expectations())
        #expect(findings.value["passed"] == .bool(false) && findings.value["failed"]?.number == 1)
        let failed = try #require(findings.value["findings"]?.list?.first { $0["result"]?.string == "fail" })
        #expect(
            failed["measured"]?.string == "−20.0 LUFS" && failed["wanted"]?.string == "−16 ± 1 LUFS"
                && failed["remedy"]?.string == "set `loudness_lufs` of the mix")
    }

    @Test func whatFFmpegPrintsIsRead() throws {
        let text = """
            [silencedetect @ 0x55] [info] silence_start: 0
            [silencedetect @ 0x55] [info] silence_end: 1.5 | silence_duration: 1.5
            [silencedetect @ 0x55] [info] silence_start: 2.5
            [Parsed_ebur128_5 @ 0x5] [info] Summary:

              Integrated loudness:
                I:         -22.1 LUFS
              True peak:
                Peak:      -17.3 dBFS
            [Parsed_astats_3 @ 0x5] [info] RMS level dB: -99.0
            [Parsed_astats_1 @ 0x5] [info] Peak level dB: -17.130967
            [Parsed_astats_1 @ 0x5] [info] RMS level dB: -22.826199
            [Parsed_astats_1 @ 0x5] [info] Number of samples: 132300
            """
        let windows =
            "frame:0 pts:0\nlavfi.astats.Overall.RMS_level=-inf\nlavfi.astats.Overall.RMS_level=-61.5\nlavfi.astats.Overall.RMS_level=-20\n"
        let report = try #require(MediaMeasurement.sound(text, windows: windows, sampleRateHz: 44_100))
        #expect(report.integratedLUFS == -22.1 && report.truePeakDB == -17.3 && report.rmsDB == -22.826199 && report.peakDB == -17.130967)
        #expect(report.noiseFloorDB == -61.5 && report.decodedSeconds == 3 && report.silences == [0..<1.5, 2.5..<3])
        #expect(report.headSeconds == 1.5 && report.tailSeconds == 0.5 && report.longestPause == nil)
        #expect(MediaMeasurement.problems([text]) == [])
        #expect(
            MediaMeasurement.problems(["[mp3float @ 0x55] [error] Header missing\n[mp3float @ 0x77] [error] Header missing\n"]) == [
                "[mp3float] Header missing"
            ])
    }
}
