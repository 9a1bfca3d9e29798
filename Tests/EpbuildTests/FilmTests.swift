import FoundationEssentials
import Testing

/// A film of a hundred scenes, by the numbers of other programs.
@Suite struct FilmTests {
    private let file = "\(FilmShow.out)/film.mp4"

    @Test func soundAndPictureAreTogetherInEveryScene() async throws {
        let film = try await FilmShow.ofHundredScenes.value
        let timing = try film.timing
        try #require(timing.scenes.count == 100)
        let onsets = try await film.onsets()
        try #require(onsets.count == 100)
        let bright = try await film.brightness()
        #expect(bright.count == timing.scenes.reduce(0) { $0 + $1.frames })
        let cuts = [0] + bright.indices.dropFirst().filter { (bright[$0] > 127) != (bright[$0 - 1] > 127) }
        try #require(cuts.count == 100)
        for (index, scene) in timing.scenes.enumerated() {
            #expect(abs(Double(cuts[index]) / 25 - scene.start_seconds) < 0.001, "scene \(index + 1)")
            #expect(abs(onsets[index] - Double(cuts[index]) / 25) <= 0.04, "scene \(index + 1): sound \(onsets[index])")
        }
    }

    @Test func bothTracksEndTogether() async throws {
        let film = try await FilmShow.ofHundredScenes.value
        let probed = try await film.run("ffprobe", "-v", "error", "-show_entries", "stream=codec_name,duration", "-of", "csv=p=0", file)
            .output
        func duration(_ codec: String) -> Double? {
            let line = probed.split(separator: "\n").first { $0.hasPrefix("\(codec),") }
            return line.flatMap { Double($0.dropFirst(codec.count + 1)) }
        }
        let video = try #require(duration("h264")), audio = try #require(duration("aac"))
        #expect(abs(video - audio) <= 0.04, "\(video) \(audio)")
        #expect(abs(video - (try film.timing.duration_seconds)) < 0.001)
    }

    @Test func captionsBeginWithTheSound() async throws {
        let film = try await FilmShow.ofHundredScenes.value
        let lines = try film.machine.text("\(FilmShow.out)/film.srt").split(whereSeparator: \.isNewline)
        let starts = lines.filter { $0.contains(" --> ") }.map { Self.seconds($0.prefix(12)) }
        let onsets = try await film.onsets()
        try #require(starts.count == onsets.count)
        for (start, onset) in zip(starts, onsets) { #expect(abs(start - onset) <= 0.05, "caption \(start), sound \(onset)") }
        let soft = try await film.decoded("-i", file, "-map", "0:s", "-f", "srt")
        #expect(String(decoding: soft, as: UTF8.self).contains("This is scene 100."))
    }

    private static func seconds(_ text: Substring) -> Double {
        let parts: [Double] = text.replacing(",", with: ".").split(separator: ":").compactMap { Double($0) }
        return parts.reduce(0.0) { $0 * 60 + $1 }
    }

    @Test func decodesWithoutAWarning() async throws {
        let film = try await FilmShow.ofHundredScenes.value
        let outcome = try await film.run(
            "ffmpeg", "-nostdin", "-v", "warning", "-xerror", "-i", file, "-map", "0:v", "-map", "0:a", "-f", "null", "-")
        // The track of the chapters' titles has a form of its own, of which ffmpeg tells whatever file it is.
        let said = outcome.errors.split(separator: "\n").filter { !$0.contains("Unsupported codec with id 98314") }
        #expect(said.isEmpty, "\(said)")
    }

    /// One that shares no code with what has written it.
    @Test(.enabled(if: MediaInfo.isHere)) func anotherReaderSeesTheSame() async throws {
        let film = try await FilmShow.ofHundredScenes.value
        let info = try await MediaInfo(of: file, film.machine)
        #expect(info.general["Format"] == "MPEG-4" && info.general["IsStreamable"] == "Yes" && info.general["Title"] == "A film")
        let (video, audio) = (try info.track("Video"), try info.track("Audio"))
        #expect(video.facts["Format"] == "AVC" && video.facts["FrameRate_Mode"] == "CFR" && video.facts["FrameRate"] == "25.000")
        #expect(video.facts["FrameCount"] == "\(try film.timing.scenes.reduce(0) { $0 + $1.frames })")
        #expect(audio.facts["Format"] == "AAC" && audio.facts["SamplingRate"] == "48000")
        #expect(abs(try #require(video.duration) - film.timing.duration_seconds) < 0.001)
        #expect(abs(try #require(audio.duration) - film.timing.duration_seconds) <= 0.04)
        #expect(try info.track("Text").facts["Language"] == "en" && info.chapterTitles.contains("Part 3"), "\(info)")
    }

    @Test(arguments: [0, 1, 33, 50, 98, 99]) func seeksToAnyScene(index: Int) async throws {
        let film = try await FilmShow.ofHundredScenes.value
        let frame = try await film.brightness(from: film.timing.scenes[index].start_seconds + 0.001, frames: 1)
        let isBright = try #require(frame.first) > 127
        #expect(isBright != index.isMultiple(of: 2))
    }

    @Test func chaptersTagsAndLoudness() async throws {
        let film = try await FilmShow.ofHundredScenes.value
        let probed = try await film.run("ffprobe", "-v", "error", "-show_chapters", "-show_format", "-of", "compact", file).output
        #expect(probed.contains("tag:title=Part 1\n") && probed.contains("tag:title=Part 3\n"), "\(probed)")
        #expect(probed.contains("tag:title=A film") && probed.contains("tag:artist=Nobody"))
        #expect(probed.contains("a computer speaks") && probed.contains("tag:comment="), "\(probed)")
        let bytes = try film.machine.read(file)
        let (header, media) = (
            try #require(bytes.firstRange(of: Array("moov".utf8))), try #require(bytes.firstRange(of: Array("mdat".utf8)))
        )
        #expect(header.lowerBound < media.lowerBound, "a player must read the end first")
        let said = try await film.run(
            "ffmpeg", "-nostdin", "-nostats", "-hide_banner", "-i", file, "-map", "0:a", "-af", "ebur128", "-f", "null", "-"
        ).errors
        let place = try #require(said.ranges(of: "I:").last)
        let number = said[place.upperBound...].drop { $0 == " " }.prefix { "-.0123456789".contains($0) }
        let loudness = try #require(Double(number))
        #expect(abs(loudness + 16) <= 1, "\(loudness) LUFS")
    }

    @Test func anEditCostsItsOwnSceneAndNoOther() async throws {
        let film = try await FilmShow.ofHundredScenes.value
        let edited = SmallShow(on: try Machine(copying: film.machine))
        try await edited.build().expect(executed: 0)
        try edited.machine.replace(
            "length: 0.537, title: Part 5", with: "length: 1.31, title: Part 5", in: "\(SmallShow.episode)/scenes.yaml")
        // Its sound, a look at that, and its picture for so long; its level, its AAC, the joining, the documents and the film.
        try await edited.build().expect(.built, executed: 8, ["cards": 0, "sounds": 1, "videos": 2, "film": 5])
        // A text that is read costs no picture and no sound.
        try edited.machine.replace("This is scene 7.", with: "This is scene seven.", in: "\(SmallShow.episode)/scenes.yaml")
        try await edited.build().expect(.built, executed: 2, ["videos": 0, "film": 2])
        let fresh = SmallShow(on: try Machine(copying: edited.machine))
        try FileManager.default.removeItem(atPath: fresh.machine.cache)
        fresh.machine.remove("\(SmallShow.episode)/out")
        try await fresh.build().expect(.built)
        let (first, second) = (try edited.machine.outputs(of: SmallShow.episode), try fresh.machine.outputs(of: SmallShow.episode))
        #expect(first.keys.sorted() == second.keys.sorted())
        for (name, bytes) in first { #expect(second[name] == bytes, "\(name)") }
    }
}
