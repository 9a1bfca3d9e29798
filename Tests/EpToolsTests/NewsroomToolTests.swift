import EpCore
import EpPlan
import Testing

@testable import EpTools

/// `tool: clip` and `tool: page`: bounds, settings, and what they make of odd transcripts.
@Suite struct NewsroomToolTests {
    private static let stages = "recording: { source: talk.wav }\nclips: { source: clips.yaml }\ntranscript: { source: transcript.json }"
    private static let transcript = """
        {"language": "en", "duration_seconds": 10, "segments": [{"speaker": "Ann", "text": "The tide.", "start": 1, "end": 2, \
        "words": [{"word": "The", "start": 1, "end": 1.4}, {"word": "tide.", "start": 1.5, "end": 2}]}]}
        """

    private static func files(_ clips: String = "[]", _ transcript: String = transcript) -> [String: String] {
        ["ep/talk.wav": "x", "ep/clips.yaml": "clips: \(clips)\n", "ep/transcript.json": transcript]
    }

    // MARK: clips

    @Test(
        arguments: [
            ("1:23.5", 83.5), ("0:00", 0), ("1:02:03", 3723), ("90:00", 5400), ("1:60", nil), ("1:2:3:4", nil), ("83", nil), ("1:", nil),
            (":1", nil),
            ("-1:00", nil), ("1:-1", nil), ("a:b", nil), ("1:0x1", nil), ("1:nan", nil), ("1:1e9", nil), ("", nil),
        ] as [(String, Double?)])
    func clocksAreRead(text: String, seconds: Double?) { #expect(ClipBounds.seconds(ofClock: text) == seconds) }

    @Test(arguments: [
        (0, "0:00"), (83.5, "1:23.5"), (59.96, "1:00"), (3723, "62:03"), (1e300, "166666666666666:40"), (.infinity, "166666666666666:40"),
    ])
    func clocksAreWritten(seconds: Double, text: String) { #expect(ClipBounds.clock(seconds) == text) }

    @Test(arguments: [
        ("{ title: A, start_seconds: 5, end_seconds: 4 }", "clip \"A\" ends at 0:04, and begins at 0:05"),
        ("{ title: A, start_seconds: 1e300, end_seconds: 4 }", "clip \"A\" ends at 0:04, and begins at 166666666666666:40"),
        ("{ title: A, start: \"0:01\", start_seconds: 1, end: \"0:05\" }", "clip \"A\" has both `start` and `start_seconds`"),
        ("{ title: A, start: \"0:01\" }", "clip \"A\" has no `end`"),
        ("{ start: soon, end: \"0:05\" }", "clip \"Clip 1\" has no moment as its `start`, but \"soon\""),
        ("{ title: A, start_seconds: -1, end_seconds: 4 }", "clip \"A\" has no moment as its `start`, but -1"),
    ])
    func boundsThatAreNoneAreToldAtTheirPlaces(clip: String, message: String) {
        let problems = PlannedEpisode.problems(
            Self.stages, "clip: { tool: clip, each: clips.clips, recording: recording }", files: Self.files("[\(clip)]"))
        #expect(problems.map(\.message) == [message] && problems.first?.location?.file == "ep/clips.yaml", "\(problems)")
    }

    @Test(
        arguments: [
            ("formats: [square, sqare]", "a clip has no format \"sqare\"", "did you mean \"square\"?"),
            ("fit: blurr", "a clip has no `fit` \"blurr\"", "did you mean \"blur\"?"),
            (
                "captions: soft", "stage \"clip\" has `captions`, and no transcript that they are taken from",
                "write `transcript: STAGE`, where that stage has `tool: transcribe`"
            ),
            ("frame_rate: 29", "`frame_rate` of stage \"clip\" must be one of 24, 25, 30, 50, 60, not the number 29", nil),
            (
                "short_side_pixels: 100",
                "`short_side_pixels` of stage \"clip\" must be a whole number from 120 to 2160, not the number 100", nil
            ),
            ("recording: recordings", "`recording` of stage \"clip\" must name a stage, and \"recordings\" is none", "did you mean \"recording\"?"),
        ] as [(String, String, String?)])
    func settingsOfClipsAreChecked(keys: String, message: String, remedy: String?) throws {
        let recording = keys.hasPrefix("recording") ? "" : ", recording: recording"
        let problem = try #require(
            PlannedEpisode.problems(
                Self.stages, "clip: { tool: clip, each: clips.clips\(recording), \(keys) }",
                files: Self.files("[{ title: A, start_seconds: 1, end_seconds: 4 }]")
            ).first)
        #expect(problem.message.contains(message) && (remedy == nil || problem.remedy == remedy), "\(problem)")
        #expect(problem.location?.file == "pipeline.yaml" && problem.location?.line == 5)
    }

    @Test func clipsNeedAList() {
        let problems = PlannedEpisode.problems(Self.stages, "clip: { tool: clip, recording: recording }", files: Self.files())
        #expect(problems.map(\.message) == ["stage \"clip\" has no clips"])
    }

    // MARK: pages

    private func page(_ transcript: String, about: String? = nil, episode: String = "title: The Sea\nnumber: 7") throws -> PlannedEpisode {
        var files = Self.files("[]", transcript)
        files["ep/about.yaml"] = about
        return try PlannedEpisode(
            Self.stages + (about == nil ? "" : "\nabout: { source: about.yaml }"),
            "page: { tool: page, recording: recording, transcript: transcript\(about == nil ? "" : ", about: about") }", episode: episode,
            files: files)
    }

    @Test func aPageShowsWhoSaysWhat() async throws {
        let planned = try page(
            Self.transcript, about: "{ title: Of Tides, chapters: [{ title: Two, start_seconds: 5 }, { title: One, start_seconds: 0 }] }")
        try await planned.build { _ in ["sound.mp3": [1]] }
        #expect(planned.files("page").map(\.name) == ["mp3", "html", "srt", "vtt", "txt", "chapters.json"].map { "007-of-tides.\($0)" })
        #expect(try planned.text("page", "007-of-tides.txt") == "Ann: The tide.\n")
        let html = try planned.text("page", "007-of-tides.html")
        #expect(html.contains("The tide.") && html.contains("Of Tides"))
        let chapters = try planned.text("page", "007-of-tides.chapters.json")
        #expect(try #require(chapters.firstRange(of: "One")).lowerBound < (try #require(chapters.firstRange(of: "Two"))).lowerBound)
    }

    @Test(arguments: [("7", "007-the-sea"), ("1234", "1234-the-sea"), ("0", "000-the-sea"), ("\"x\"", "")])
    func filesHaveTheWholeNumber(number: String, name: String) throws {
        let problems = EpToolsTests.problems {
            let planned = try page(Self.transcript, episode: "title: The Sea\nnumber: \(number)")
            try planned.plan()
            #expect(planned.files("page").first?.name == "\(name).mp3")
        }
        #expect(problems.isEmpty != name.isEmpty)
    }

    @Test(arguments: [
        "{\"segments\": []}", "{\"segments\": [{}, 3, null], \"duration_seconds\": 1e300}",
        "{\"segments\": [{\"text\": \"a <b> --> c\", \"start\": 1e300, \"end\": -4}]}",
        "{\"segments\": [{\"text\": \"a\", \"words\": [{\"word\": \"b\", \"start\": 9, \"end\": 1}]}]}",
    ])
    func oddTranscriptsMakePages(transcript: String) async throws {
        let planned = try page(
            transcript,
            about: "{ chapters: [{ title: A, start_seconds: 1e300 }, { start_seconds: 2 }, 5, { title: B, start_seconds: -3 }] }")
        try await planned.build { _ in ["sound.mp3": [1]] }
        #expect(
            try planned.text("page", "007-the-sea.vtt").hasPrefix("WEBVTT\n") && !planned.text("page", "007-the-sea.html").contains("a <b>")
        )
    }

    @Test func whatIsNoTranscriptIsTold() async throws {
        let failure = await #expect(throws: StepFailure.self) { try await page("[1]").build { _ in ["sound.mp3": [1]] } }
        #expect(failure?.diagnostic.message == "what `transcript` names is no transcript: it has no `segments`")
        let problems = PlannedEpisode.problems(Self.stages, "page: { tool: page, recording: recording }", files: Self.files())
        #expect(problems.map(\.message) == ["stage \"page\" has no transcript"])
        let about = EpToolsTests.problems { try page(Self.transcript, about: "[1]").plan() }
        #expect(about.map(\.message) == ["ep/about.yaml does not say how the episode is presented"] && about.first?.location?.line == 6)
    }

    // MARK: what ffmpeg says of a recording

    @Test(arguments: [
        ("x", 0, "is empty"), ("ffmpeg failed\n  'x' not on whitelist 'file'", 9, "is a list of other files"),
        ("ffmpeg failed\nStream map '0:a:0' matches no streams.", 9, "has no sound in it"),
        ("f\nmoov atom not found", 9, "is damaged or cut off"),
        (
            "f\nInvalid data found when processing input", 9,
            "is no recording that ffmpeg can read: Invalid data found when processing input"
        ),
        ("f\nmax_pixels", 9, "has pictures of more than 50 million pixels"),
    ])
    func whatIsWrongWithARecordingIsSaidInWords(said: String, size: Int, what: String) throws {
        let problem = try #require(RecordingInput.problem(said: said, size: size, shown: "ep/talk.wav", place: "script:3:1"))
        #expect(
            problem.message.hasPrefix("ep/talk.wav (named at script:3:1) \(what)") && problem.remedy != nil
                && problem.location?.file == "ep/talk.wav")
    }

    @Test func whatIsNotAboutTheRecordingIsLeftAsItIs() {
        #expect(RecordingInput.problem(said: "ffmpeg failed\nNo space left on device", size: 9, shown: "x") == nil)
    }
}
