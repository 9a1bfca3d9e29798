import EpCore
import EpDelivery
import Testing

/// Where the scenes of a film are, in its pictures and in its sound.
@Suite struct FilmTimelineTests {
    @Test(arguments: FrameRate.all) func soundNeverDriftsFromThePicture(rate: FrameRate) {
        let timeline = FilmTimeline(rate: rate, scenes: (0..<1000).map { FilmScene(frames: 13 + $0 * 37 % 151) })
        var frames = 0
        for index in timeline.scenes.indices {
            // Half a frame of AAC is 10.7 ms.
            #expect(abs(timeline.soundStart(of: index) - timeline.start(of: index)) <= 0.0107)
            #expect(timeline.soundStart(of: index) == Double(frames * 1024) / 48_000)
            frames += timeline.soundFrames(of: index)
            #expect(timeline.soundFrames(of: index) * 1024 <= FilmTimeline.soundSamples(frames: timeline.scenes[index].frames, at: rate))
        }
        #expect(abs(Double((frames - 1) * 1024) / 48_000 - timeline.seconds) <= 0.0107)
    }

    /// Wherever a scene stands, at least this much of the silence behind its sound is kept: two frames of AAC have nothing in them.
    @Test(arguments: FrameRate.all) func scenesMeetInSilence(rate: FrameRate) {
        let pad = 0.1
        for before in 1...200 {
            let frames = rate.frames(lasting: 0.73 + pad)
            let timeline = FilmTimeline(rate: rate, scenes: [FilmScene(frames: before), FilmScene(frames: frames), FilmScene(frames: 50)])
            #expect(timeline.soundFrames(of: 1) * 1024 - Int(0.73 * 48_000) >= 2 * 1024, "behind \(before) frames")
        }
    }

    @Test func framesOfALength() throws {
        let film = try #require(FrameRate(named: "29.97"))
        #expect(FrameRate.usual.frames(lasting: 1) == 25)
        #expect(FrameRate.usual.frames(lasting: 0.1 + 0.2 + 0.7) == 25)
        #expect(FrameRate.usual.frames(lasting: 1.0001) == 26)
        #expect(film.frames(lasting: 1.001) == 30)
        #expect(FrameRate(named: "23") == nil)
    }

    @Test(arguments: ["1280x720", "1080x1920", "64x3840"]) func sizes(_ text: String) { #expect(FrameSize(text)?.name == text) }
    @Test(arguments: ["1280", "1281x720", "1280x", "-2x64", "1280x720x2", "4000x720", "+64x64", "٦٤x64"]) func noSizes(_ text: String) {
        #expect(FrameSize(text) == nil)
    }

    // MARK: chapters

    private func titled(_ scenes: [(title: String, seconds: Int)]) -> FilmTimeline {
        FilmTimeline(rate: .usual, scenes: scenes.map { FilmScene(title: $0.title, frames: $0.seconds * 25) })
    }

    @Test func aChapterForEachTitle() {
        let chapters = titled([("One", 10), ("Two", 12), ("", 5), ("Three", 30)]).chapters(title: "Film")
        #expect(chapters.map(\.title) == ["One", "Two", "Three"])
        #expect(chapters.map(\.start.milliseconds) == [0, 10_000, 27_000])
        #expect(chapters.last?.end.milliseconds == 57_000)
        #expect(chapters.forYouTube?.count == 3)
    }

    @Test func shortChaptersGoOnUnderTheTitleBefore() {
        let chapters = titled([("", 4), ("B", 7), ("C", 11), ("D", 12), ("E", 9)]).chapters(title: "Film")
        #expect(chapters.map(\.title) == ["Film", "C", "D"])
        #expect(chapters.last?.end.milliseconds == 43_000)
        #expect(titled([("A", 10), ("B", 10)]).chapters(title: "Film").isEmpty)
        #expect(titled([("A", 3), ("B", 3), ("C", 3)]).chapters(title: "Film").isEmpty)
    }

    /// Scenes of one chapter may all have its title.
    @Test func oneTitleIsOneChapter() {
        let chapters = titled([("A", 12), ("A", 12), ("B", 12), ("", 5), ("B", 12), ("A", 12)]).chapters(title: "Film")
        #expect(chapters.map(\.title) == ["A", "B", "A"])
        #expect(chapters.map(\.start.milliseconds) == [0, 24_000, 53_000])
    }

    // MARK: captions

    @Test func captionsStandWhereTheSoundIs() {
        let timeline = FilmTimeline(rate: .usual, scenes: [
            FilmScene(text: "One.", frames: 33, soundSeconds: 0.8, heard: 0.1...0.7),
            FilmScene(frames: 20),
            FilmScene(text: "Two words.", frames: 40, soundSeconds: 1.2, heard: 0...1.2, words: [0.2...0.5, 0.6...1.1]),
            FilmScene(text: "Read this.", frames: 50),
        ])
        let segments = timeline.transcript.segments
        #expect(segments.map(\.text) == ["One.", "Two words.", "Read this."])
        #expect(segments[0].start.milliseconds == 100 && segments[0].end.milliseconds == 700)
        let start = timeline.soundStart(of: 2)
        #expect(segments[1].words.first?.start == Timestamp(seconds: start + 0.2))
        #expect(segments[2].start.milliseconds == 93 * 40 && segments[2].end.milliseconds == 143 * 40)
    }

    // MARK: documents

    @Test func theReportTellsWhatIsTooLong() throws {
        let timeline = FilmTimeline(
            rate: .usual,
            scenes: [
                FilmScene(id: "a", title: "A | b", frames: 100, soundSeconds: 3.5, minimumSeconds: 2, maximumSeconds: 3),
                FilmScene(frames: 50, maximumSeconds: 1.98),
            ])
        let report = FilmReport(title: "Film", timeline: timeline, leftOut: 1, disclosure: "A computer speaks.")
        let text = report.markdown()
        #expect(text.contains("| 1 | A \\| b | 2.00–3.00 | 3.50 | 0.00 | 4.00 | 1.00 s too long |"), "\(text)")
        #expect(text.contains("| 2 |  | –1.98 | silent | 4.00 | 2.00 |  |"), "\(text)")
        #expect(text.contains("Left out: 1.") && text.contains("A computer speaks."))
        #expect(report.json().contains("\"over_seconds\": 1,") || report.json().contains("\"over_seconds\": 1\n"), "\(report.json())")
    }

    @Test func theListHasLengths() throws {
        let rate = try #require(FrameRate(named: "29.97"))
        let timeline = FilmTimeline(rate: rate, scenes: [FilmScene(frames: 30), FilmScene(frames: 25)])
        #expect(
            FilmEncoding.list(["scenes/1.mp4", "scenes/2.mp4"], timeline)
                == "file 'scenes/1.mp4'\nduration 1.001000\nfile 'scenes/2.mp4'\nduration 0.834167\n")
    }

    @Test func languagesOfTracks() {
        #expect(["en", "de-AT", "ES", "fil", "xx", "", "e=1"].map(TrackLanguage.code) == ["eng", "deu", "spa", "fil", "und", "und", "und"])
    }

    // MARK: words

    @Test func wordsBecomeSegmentsThatEndWithPauses() {
        let words = [
            HeardWord("Hello", from: 0.2, to: 0.5), HeardWord("there.", from: 0.6, to: 1), HeardWord("New York", from: 2.5, to: 3.5),
            HeardWord("yes", speaker: "B", from: 3.6, to: 4),
        ]
        let segments = Transcript(words).segments
        #expect(segments.map(\.text) == ["Hello there.", "New York", "yes"])
        #expect(segments.map(\.speaker) == ["", "", "B"])
        #expect(segments[1].words.map(\.end.milliseconds) == [3000, 3500])
        #expect(Transcript(words).captions().map(\.start.milliseconds) == [200, 2500, 3600])
    }
}

/// What files say of themselves.
@Suite struct PictureKindTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func picturesAndVideos() {
        #expect(PictureKind.of([0xFF, 0xD8, 0xFF, 0xE0]) == .jpeg)
        #expect(PictureKind.of([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) == .png)
        #expect(PictureKind.of([0, 0, 0, 32] + Self.bytes("ftypisom")) == .moving)
        #expect(PictureKind.of([0x1A, 0x45, 0xDF, 0xA3]) == .moving)
    }

    @Test func whatIsNoPicture() {
        for text in ["ffconcat version 1.0\nfile ok.mp4\n", "#EXTM3U\n", "RIFF....WAVE", "", "<svg/>"] {
            #expect(PictureKind.of(Self.bytes(text)) == nil, "\(text)")
        }
        #expect(PictureKind.of([0, 0, 0, 32] + Self.bytes("ftypM4A ")) == nil)
        #expect(PictureKind.of([0, 0, 0, 32] + Self.bytes("ftypavif")) == nil)
    }

    @Test func whatIsNoMP4IsAnError() {
        for bytes in [[], [0, 0, 0, 8] + Self.bytes("free"), [0, 0, 0, 200] + Self.bytes("moov")] {
            #expect(throws: Diagnostic.self) { try MP4Video(bytes, named: "x") }
        }
    }

    /// No name and no text gets into the filters of ffmpeg; a stranger's file is read as what it is, from this directory alone.
    @Test func commandsReadNothingElse() {
        for kind in [PictureKind.png, .jpeg, .moving] {
            let words = SceneEncoding(size: .usual, rate: .usual, frames: 9, motion: .zoom).arguments(
                kind, picture: "picture", scene: "scene.mp4")
            let input = words.firstIndex(of: "-i") ?? 0
            #expect(words[input + 1] == "file:picture")
            for option in ["-format_whitelist", "-protocol_whitelist", "-max_pixels"] {
                #expect(words[..<input].contains(option), "\(kind)")
            }
        }
    }
}
