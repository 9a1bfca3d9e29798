import FoundationEssentials
import Testing

/// Recordings of odd kinds, each made as it is found in the wild: a right result, or an error that names the file and what to do.
@Suite struct OddMediaTests {
    private static let tone = "-f lavfi -i sine=500:d=2"
    private static let film = "-f lavfi -i testsrc=s=160x120:r=25:d=2 \(tone) -c:v libx264 -crf 35 -threads 1 -c:a aac -b:a 48k -shortest"

    /// - Parameter stage: reads the recording.
    private func show(_ stage: String, source: String = "recording.*") throws -> SmallShow {
        try SmallShow([
            "epbuild.yaml":
                "limits: { jobs: 2 }\nproviders: { ears: { tool: transcribe, use: program, run: [sh, -c, \"echo heard\"], version: [sh, -c, \"echo 1\"] } }\n",
            "show/pipeline.yaml": "stages:\n  recording: { source: \"\(source)\" }\n  \(stage)\n",
            "show/ep/clips.yaml": "clips: [{ title: A, start_seconds: 0.2, end_seconds: 1.2 }]\n",
        ])
    }

    private static let transcribe = "transcript: { tool: transcribe, each: recording, deliver: true }"
    private static let clip = """
        list: { source: clips.yaml }
          clips: { tool: clip, each: { clip: list.clips }, recording: recording, formats: [landscape, mp3], short_side_pixels: 120, fade_seconds: 0 }
        """

    /// What it is called, how it is made, and how long it is.
    @Test(arguments: [
        ("recording.wav", "\(tone) -ar 8000 -ac 1 -c:a pcm_mulaw recording.wav", 2.0),
        ("recording.wav", "\(tone) -ar 96000 -ac 2 -c:a pcm_s24le recording.wav", 2),
        ("recording.mp4", "\(tone) -f mp3 recording.mp4", 2),
        ("recording.mp3", "\(film) -f mp4 recording.mp3", 2),
        (
            "recording.mp3",
            "\(tone) -f lavfi -i color=red:s=64x64:d=1 -map 0 -map 1 -frames:v 1 -c:v mjpeg -disposition:v attached_pic -c:a libmp3lame recording.mp3",
            2
        ),
        (
            "recording.mp4",
            "\(film) whole.mp4 && ffmpeg -nostdin -v error -i whole.mp4 -itsoffset 1.5 -i whole.mp4 -map 0:v -map 1:a -c copy recording.mp4",
            3.5
        ),
        ("recording.mp4", "\(film) -g 50 whole.mp4 && ffmpeg -nostdin -v error -ss 0.7 -i whole.mp4 -c copy recording.mp4", 1.3),
        ("recording.ts", "\(film) -output_ts_offset 95000 -f mpegts recording.ts", 2),
        ("recording.ogg", "\(tone) -c:a libopus recording.ogg", 2),
    ])
    func theRightLengthIsHeard(_ name: String, _ command: String, _ seconds: Double) async throws {
        let show = try show(Self.transcribe)
        try await MediaMaker(machine: show.machine).make(command)
        try await show.build().expect(.built)
        let text = try show.machine.text("show/ep/out/transcript/\(name)/transcript.json")
        let length = try #require(text.firstMatch(of: #/"duration_seconds": ([0-9.]+)/#).flatMap { Double($0.output.1) })
        #expect(abs(length - seconds) < 0.12 && text.contains("\"text\": \"heard\""), "\(text)")
    }

    /// What it is called, how it is made, and what is wrong with it.
    @Test(arguments: [
        ("recording.mp4", ": > recording.mp4", "is empty", "copy it here once more"),
        ("recording.wav", "ffmpeg -v error \(tone) -t 0 recording.wav", "has no sound in it", "copy it here once more"),
        ("recording.mp3", "echo not media at all > recording.mp3", "is no recording that ffmpeg can read", "give a sound or video file"),
        (
            "recording.mp4", "ffmpeg -v error \(film) whole.mp4; head -c $(($(stat -c %s whole.mp4) * 6 / 10)) whole.mp4 > recording.mp4",
            "is damaged or cut off", "keep what there is of it"
        ),
        (
            "recording.mp4",
            "ffmpeg -v error \(film) -movflags +faststart whole.mp4; head -c $(($(stat -c %s whole.mp4) * 6 / 10)) whole.mp4 > recording.mp4",
            "is damaged or cut off", "keep what there is of it"
        ),
        (
            "recording.mp4", "ffmpeg -v error \(tone) ok.wav; printf 'ffconcat version 1.0\\nfile ok.wav\\n' > recording.mp4",
            "is a list of other files", "give the sound or video file itself"
        ),
        (
            "recording.mp4",
            "printf '#EXTM3U\\n#EXT-X-TARGETDURATION:4\\n#EXTINF:4,\\nhttp://127.0.0.1:9/x.ts\\n#EXT-X-ENDLIST\\n' > recording.mp4",
            "is a list of other files", "give the sound or video file itself"
        ),
        (
            "recording.mp4", "ffmpeg -v error -f lavfi -i testsrc=s=160x120:d=1 -c:v libx264 recording.mp4", "has no sound in it",
            "in which something can be heard"
        ),
    ])
    func whatIsWrongIsToldWithTheFile(_ name: String, _ command: String, _ what: String, _ remedy: String) async throws {
        let show = try show(Self.transcribe)
        try await MediaMaker(machine: show.machine).shell(command)
        let outcome = try await show.machine.run(SmallShow.episode)
        let text = outcome.errors + outcome.output
        #expect(outcome.status == 65 && text.contains("show/ep/\(name) \(what)") && text.contains(remedy), "\(outcome)")
    }

    /// How it is made, and the size and frames of its clip of one second.
    @Test(arguments: [
        (
            "\(film) whole.mp4 && ffmpeg -nostdin -v error -i whole.mp4 -c copy -metadata:s:v:0 rotate=90 recording.mp4",
            "a person holds the telephone upright"
        ),
        (
            "-f lavfi -i testsrc=s=160x120:r=30:d=2 \(tone) -vf 'select=not(mod(n\\,3))+gt(n\\,30)' -fps_mode vfr -c:v libx264 -c:a aac recording.mp4",
            "the pace of the frames changes"
        ),
        ("\(film) -output_ts_offset 95000 -f mpegts recording.mp4", "time begins at 95000 s"),
        ("\(film) -vf setsar=2/1 recording.mp4", "pixels that are not square"),
    ])
    func clipsOfOddFilms(_ command: String, _ what: String) async throws {
        let show = try show(Self.clip, source: "recording.mp4")
        let media = MediaMaker(machine: show.machine)
        try await media.make(command)
        try await show.build().expect(.built)
        let file = try #require(try show.machine.outputs(of: SmallShow.episode).keys.first { $0.hasSuffix("-landscape.mp4") })
        #expect(
            try await media.probe(file, "stream=nb_read_frames,width,height -count_frames", stream: "v") == ["214", "120", "25"], "\(what)")
        #expect(try await media.probe(file, "stream=codec_name", stream: "a") == ["aac"])
        // The edges of an upright picture are blurred ones: its own middle is as sharp as it was.
        #expect(try await media.shell("ffmpeg -v warning -xerror -i 'file:out/\(file)' -f null - 2>&1").isEmpty)
    }
}
