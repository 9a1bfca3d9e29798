import FoundationEssentials
import Testing

/// `tool: clip` with real media: what is cut, and what an edit costs.
@Suite struct ClipTests {
    private static let clips = """
        clips:
        - { title: "The first: it's {here}", start_seconds: 1.0, end_seconds: 2.0 }
        - { title: Second, start: "0:03", end: "0:04.5" }
        - { title: Third, start_seconds: 4.6, end_seconds: 5.4 }

        """

    private func show(
        _ keys: String = "formats: [landscape, vertical, m4a]", clips: String = clips, recording: String = "recording.mkv"
    ) throws -> SmallShow {
        try SmallShow([
            "show/pipeline.yaml": """
                stages:
                  recording: { source: \(recording) }
                  list: { source: clips.yaml }
                  clips: { tool: clip, each: { clip: list.clips }, recording: recording, short_side_pixels: 120, \(keys) }

                """,
            "show/ep/clips.yaml": clips,
        ])
    }

    /// Six seconds: each frame is brighter than the one before, within two seconds, and a click is heard at each second.
    private func film(_ show: SmallShow) async throws -> MediaMaker {
        let media = MediaMaker(machine: show.machine)
        try await media.make(
            "-f lavfi -i 'nullsrc=s=320x180:r=25:d=6,geq=lum=40+4*mod(N\\,50):cb=128:cr=128' -f lavfi -i 'aevalsrc=0.8*lt(mod(t\\,1)\\,0.002):s=48000:d=6' "
                + "-c:v libx264 -qp 0 -g 50 -bf 2 -colorspace bt709 -c:a flac recording.mkv")
        return media
    }

    /// Frames and samples are those of the recording, though it has a key frame every two seconds alone.
    @Test func theCutIsExact() async throws {
        let show = try show("formats: [landscape, m4a], fade_seconds: 0")
        let media = try await film(show)
        try await show.build().expect(.built)
        for (item, title, start, frames) in [(1, "the-first-it-s-here", 25, 25), (2, "second", 75, 38), (3, "third", 115, 20)] {
            let file = "clips/\(item)/\(title)-landscape.mp4"
            #expect(
                try await media.probe(file, "stream=nb_read_frames,width,height,r_frame_rate -count_frames", stream: "v") == [
                    "214", "120", "25/1", "\(frames)",
                ])
            for frame in [0, frames / 2] {
                // A grey picture of it has the full range.
                let wanted = (40 + 4 * ((start + frame) % 50) - 16) * 255 / 219,
                    found = try await media.brightness(ofFrame: frame, in: file)
                #expect(abs(found - wanted) <= 2, "\(title), frame \(frame): \(found), not \(wanted)")
            }
        }
        // From 3.0 to 4.5 s, clicks are heard at 0 and at 1 s.
        let samples = try await media.shell(
            "ffmpeg -v error -i 'file:out/clips/2/second-m4a.m4a' -ac 1 -ar 44100 -f s16le - | od -An -v -w2 -td2 | awk '$1 > 3000 || $1 < -3000 { print NR - 1 }'"
        )
        let loud = samples.split(separator: "\n").compactMap { Int($0) }
        let second = try #require(loud.first { $0 > 22_050 })
        #expect(abs(second - 44_100) < 60 && loud.allSatisfy { $0 < 400 || abs($0 - 44_100) < 400 }, "\(loud.prefix(5)) … \(second)")
        #expect(
            try await media.shell(
                "ffprobe -v error -show_entries format_tags=title -of default=nw=1:nk=1 'file:out/clips/1/the-first-it-s-here-landscape.mp4'"
            ) == "The first: it's {here}\n")
    }

    /// One clip's bounds cost that clip; a title costs its files and no cut; a clip that goes or comes costs no other.
    @Test func anEditCostsItsOwnClip() async throws {
        let show = try show()
        _ = try await film(show)
        // Of the steps about the whole recording, one serves all clips.
        try await show.build().expect(.built, executed: 1 + 1 + 3 * 5)
        try await show.build().expect(.upToDate, executed: 0)
        let before = try show.machine.outputs(of: SmallShow.episode)
        let file = "show/ep/clips.yaml"

        try show.machine.replace("end: \"0:04.5\"", with: "end: \"0:04\"", in: file)
        try await show.build().expect(.built, executed: 5)
        let after = try show.machine.outputs(of: SmallShow.episode)
        #expect(
            before.keys.sorted() == after.keys.sorted()
                && after.filter { before[$0.key] != $0.value }.keys.allSatisfy { $0.hasPrefix("clips/2/") })

        try show.machine.replace("title: Third", with: "title: The end", in: file)
        try await show.build().expect(.built, executed: 3)
        #expect(
            show.machine.files(below: "\(show.machine.workspace)/show/ep/out/clips/3") == [
                "the-end-landscape.mp4", "the-end-m4a.m4a", "the-end-vertical.mp4",
            ])

        try show.machine.edit(file) { $0.replacing(#/- { title: Second.*\n/#, with: "") }
        try await show.build().expect(.built, executed: 0)
        try show.machine.edit(file) { $0 + "- { title: Fourth, start_seconds: 0, end_seconds: 0.5 }\n" }
        try await show.build().expect(.built, executed: 5)
        try show.machine.write(Array(Self.clips.utf8), to: file)
        try await show.build().expect(.built, executed: 0)
        #expect(try show.machine.outputs(of: SmallShow.episode) == before)

        // From nothing, with the same cache and with none: the same bytes.
        let other = try Machine(copying: show.machine)
        other.remove("show/ep/out")
        try await other.build(SmallShow.episode).expect(.built, executed: 0)
        #expect(try other.outputs(of: SmallShow.episode) == before)
        other.remove("show/ep/out")
        try await other.build(SmallShow.episode, environment: ["EPBUILD_CACHE": "\(other.directory)/empty"]).expect(.built, executed: 17)
        #expect(try other.outputs(of: SmallShow.episode) == before)
    }

    /// What a person does about single clips is what they do about any item.
    @Test func oneClipIsMadeAnewOrLeftOut() async throws {
        let show = try show("formats: [mp3]")
        _ = try await film(show)
        try await show.build().expect(.built)
        try #require(try await show.machine.run("clean", SmallShow.episode, "clips/2").status == 0)
        let again = try await show.build()
        try again.expect(.built)
        #expect((1...4).contains(try again.report.executed("clips")), "\(again.outcome)")
        try #require(try await show.machine.run("skip", SmallShow.episode, "clips/1").status == 0)
        try await show.build().expect(executed: 0)
        #expect(try show.machine.outputs(of: SmallShow.episode).keys.sorted() == ["clips/2/second-mp3.mp3", "clips/3/third-mp3.mp3"])
    }

    @Test(arguments: [
        (
            "start_seconds: 4.6, end_seconds: 5.4", "start_seconds: 4.6, end_seconds: 9",
            "clip \"Third\" ends at 0:09, and show/ep/recording.mkv is 0:06 long"
        ),
        ("start_seconds: 4.6, end_seconds: 5.4", "start_seconds: 60, end_seconds: 61", "clip \"Third\" begins at 1:00"),
        ("start_seconds: 4.6, end_seconds: 5.4", "start_seconds: 5, end_seconds: 4", "clip \"Third\" ends at 0:04, and begins at 0:05"),
        ("start_seconds: 4.6, end_seconds: 5.4", "start_seconds: 4.6", "clip \"Third\" has no `end`"),
        (
            "start_seconds: 4.6, end_seconds: 5.4", "start: 1.2.3, end_seconds: 5",
            "clip \"Third\" has no moment as its `start`, but \"1.2.3\""
        ),
        (
            "start_seconds: 4.6, end_seconds: 5.4", "start: 4, start_seconds: 4, end_seconds: 5",
            "clip \"Third\" has both `start` and `start_seconds`"
        ),
    ])
    func boundsThatAreWrongAreToldAtTheirPlace(_ old: String, _ new: String, _ message: String) async throws {
        let show = try show("formats: [mp3]")
        _ = try await film(show)
        try show.machine.replace(old, with: new, in: "show/ep/clips.yaml")
        let outcome = try await show.machine.run(SmallShow.episode)
        #expect(outcome.status == 65 && outcome.errors.contains("show/ep/clips.yaml:4:3: error: \(message)"), "\(outcome)")
    }

    @Test(arguments: [
        ("formats: [tall]", "a clip has no format \"tall\""), ("captions: burnt", "no transcript that they are taken from"),
        ("fit: crp", "did you mean \"crop\"?"),
        ("frame_rate: 23", "24, 25, 30, 50, 60"), ("fromats: [mp3]", "did you mean \"formats\"?"),
    ])
    func keysThatAreWrongAreTold(_ keys: String, _ message: String) async throws {
        let outcome = try await show(keys).machine.run(SmallShow.episode)
        #expect(outcome.status == 65 && outcome.errors.contains("show/pipeline.yaml:4:") && outcome.errors.contains(message), "\(outcome)")
    }

    /// Words are drawn into the picture or lie beside it, with times of the clip; whatever stands in them, no filter reads it.
    @Test(arguments: ["burnt", "soft"])
    func captionsAreThoseOfTheClip(_ captions: String) async throws {
        let show = try show("formats: [square], captions: \(captions), transcript: said")
        try show.machine.edit("show/pipeline.yaml") { $0 + "  said: { source: said.json }\n" }
        let words = ["Not", "yet.", "It's", "100%", "{\\an8}", "a:b,c;d", "[x]=\\N", "done."].enumerated().map {
            "{\"word\": \"\($1.replacing("\\", with: "\\\\"))\", \"start\": \(Double($0) * 0.25 + 0.6), \"end\": \(Double($0) * 0.25 + 0.8)}"
        }
        let text = "Not yet. It's 100% {\\\\an8} a:b,c;d [x]=\\\\N done."
        try show.write(
            "{\"language\": \"en\", \"duration_seconds\": 6, \"segments\": [{\"start\": 0.6, \"end\": 2.6, \"text\": \"\(text)\", \"words\": [\(words.joined(separator: ", "))]}]}",
            to: "show/ep/said.json")
        let media = try await film(show)
        try await show.build().expect(.built)
        let name = "clips/1/the-first-it-s-here"
        if captions == "soft" {
            let beside = try show.machine.text("show/ep/out/\(name).vtt")
            // The first word of the clip is the third of the transcript: at 1.1 s of the recording.
            #expect(
                beside.contains("00:00:00.100 -->") && !beside.contains("yet") && beside.contains("It&#39;s") || beside.contains("It's"),
                "\(beside)")
            let inside = try await media.shell("ffmpeg -v error -i 'file:out/\(name)-square.mp4' -map 0:s -f srt -")
            #expect(inside.contains("00:00:00,100 -->") && inside.contains("100%"), "\(inside)")
            #expect(try await media.probe("\(name)-square.mp4", "stream_tags=language", stream: "s") == ["eng"])
        } else {
            #expect(try show.machine.outputs(of: SmallShow.episode).keys.allSatisfy { $0.hasSuffix("-square.mp4") })
            // White letters in the lower part while something is said, and none in a clip in which nothing is.
            func white(_ file: String) async throws -> Int {
                try #require(
                    Int(
                        try await media.shell(
                            "ffmpeg -v error -ss 0.5 -i 'file:out/\(file)' -frames:v 1 -vf 'crop=iw:ih/3:0:ih*2/3,format=gray' -f rawvideo - | od -An -v -w1 -tu1 | awk '$1 > 230 { n++ } END { print n + 0 }'"
                        ).filter(\.isNumber)))
            }
            let with = try await white("\(name)-square.mp4"), without = try await white("clips/2/second-square.mp4")
            #expect(with > 15 && without == 0, "\(with), \(without)")
        }
    }

    /// Of a sound alone there is a picture all the same; a picture on its cover is none.
    @Test func aSoundHasWaves() async throws {
        let show = try show("formats: [vertical, mp3]", recording: "recording.mp3")
        let media = MediaMaker(machine: show.machine)
        try await media.make(
            "-f lavfi -i 'sine=300:d=6' -f lavfi -i color=red:s=64x64:d=1 -map 0 -map 1 -frames:v 1 -c:v mjpeg -disposition:v attached_pic -c:a libmp3lame -b:a 64k recording.mp3"
        )
        try await show.build().expect(.built)
        #expect(
            try await media.probe("clips/2/second-vertical.mp4", "stream=codec_name,width,height", stream: "v") == ["h264", "120", "214"])
        #expect(try await media.probe("clips/2/second-mp3.mp3", "stream=codec_name", stream: "a") == ["mp3"])
        let loud = try await media.shell(
            "ffmpeg -nostdin -hide_banner -i 'file:out/clips/2/second-vertical.mp4' -af ebur128=framelog=verbose -f null - 2>&1 | grep 'I:' | tail -1"
        )
        let loudness = try #require(Double(loud.split(separator: " ").dropFirst().first ?? ""))
        #expect(abs(loudness + 16) < 0.7, "\(loud)")
    }
}
