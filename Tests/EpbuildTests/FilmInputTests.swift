import FoundationEssentials
import Testing

/// Pictures and sounds of odd kinds as scenes of a film: a right result or a clear error, and nothing else is opened.
@Suite struct FilmInputTests {
    private static let pipeline = """
        stages:
          pictures: { source: "pictures/*" }
          videos:   { tool: video, each: { picture: pictures }, from: [pictures], size: 320x180, minimum_seconds: 0.4, background: "804020" }
          film:     { tool: package, from: [videos], output: film.mp4 }

        """

    private func show() throws -> SmallShow { try SmallShow(["show/pipeline.yaml": Self.pipeline, "show/ep/pictures/.keep": ""]) }

    /// Has ffmpeg make a file of the show.
    private func make(_ name: String, in show: SmallShow, _ words: String...) async throws {
        let path = "\(show.machine.workspace)/\(SmallShow.episode)/pictures/\(name)"
        let outcome = try await Program.run(
            ["ffmpeg", "-nostdin", "-v", "error", "-y"] + words + ["file:\(path)"], in: show.machine.workspace,
            environment: show.machine.environment())
        try #require(outcome.status == 0, "\(outcome)")
    }

    /// The colour of the film at a place of a scene, as red, green and blue.
    private func colour(_ show: SmallShow, scene: Int, x: Int, y: Int) async throws -> [Int] {
        let file = "\(show.machine.directory)/pixel-\(UUID().uuidString)"
        let words = [
            "-ss", "\(Double(scene) * 0.4 + 0.2)", "-i", "\(SmallShow.episode)/out/film.mp4", "-frames:v", "1", "-vf",
            "crop=2:2:\(x):\(y),scale=1:1:in_color_matrix=bt709,format=rgb24", "-f", "rawvideo", file,
        ]
        let outcome = try await Program.run(
            ["ffmpeg", "-nostdin", "-v", "error", "-y"] + words, in: show.machine.workspace, environment: show.machine.environment())
        try #require(outcome.status == 0, "\(outcome)")
        return try [UInt8](Data(contentsOf: URL(filePath: file))).map { Int($0) }
    }

    private func isNear(_ colour: [Int], _ other: [Int]) -> Bool {
        colour.count == 3 && zip(colour, other).allSatisfy { abs($0 - $1) <= 12 }
    }

    @Test func oddPicturesAreShownAsTheyAre() async throws {
        let show = try show()
        let (tall, red) = ("color=c=red:size=90x200", "color=c=0xE02020:size=301x203")
        try await make("1-alpha.png", in: show, "-f", "lavfi", "-i", "color=c=0x2040E0@0.5:size=320x180,format=rgba", "-frames:v", "1")
        try await make(
            "2 odd: 100%d [v] 'x'.png", in: show, "-f", "lavfi", "-i", red, "-frames:v", "1", "-update", "1", "-f", "image2",
            "-pattern_type", "none")
        try await make("3-grey.png", in: show, "-f", "lavfi", "-i", "color=c=white:size=64x64", "-frames:v", "1", "-pix_fmt", "gray16be")
        try await make("4-photo.jpg", in: show, "-f", "lavfi", "-i", red, "-frames:v", "1", "-q:v", "2")
        // Half red, half blue, one above the other: turned, they stand beside each other.
        let halves = "color=c=red:size=200x100[a];color=c=blue:size=200x100[b];[a][b]vstack,trim=duration=0.2"
        try await make("plain.mp4", in: show, "-f", "lavfi", "-i", halves, "-pix_fmt", "yuv420p")
        let pictures = "\(SmallShow.episode)/pictures"
        try await make(
            "5-turned.mp4", in: show, "-i", "\(show.machine.workspace)/\(pictures)/plain.mp4", "-c", "copy", "-metadata:s:v", "rotate=90")
        show.machine.remove("\(pictures)/plain.mp4")
        try await make(
            "6-rates.mkv", in: show, "-f", "lavfi", "-i", "\(tall):rate=30:duration=0.3", "-vf", "select='not(mod(n,3))+lt(n,3)'", "-vsync",
            "vfr", "-pix_fmt", "yuv420p")
        let report = try await show.build().expect(.built).report
        #expect(report.executed("videos") == 12)
        let ground = [0x80, 0x40, 0x20]
        func expect(_ scene: Int, x: Int = 160, _ wanted: [Int], sourceLocation: SourceLocation = #_sourceLocation) async throws {
            let found = try await colour(show, scene: scene, x: x, y: 90)
            #expect(isNear(found, wanted), "\(found)", sourceLocation: sourceLocation)
        }
        // Half of it is the ground behind it.
        try await expect(0, [0x50, 0x40, 0x80])
        for scene in [1, 3] {
            try await expect(scene, [0xE0, 0x20, 0x20])
            try await expect(scene, x: 4, ground)
        }
        try await expect(2, [255, 255, 255])
        let (left, right) = (try await colour(show, scene: 4, x: 100, y: 90), try await colour(show, scene: 4, x: 218, y: 90))
        let sides = [left, right]
        #expect(sides.contains { isNear($0, [255, 0, 0]) } && sides.contains { isNear($0, [0, 0, 255]) }, "\(sides)")
        // It ends before its scene does: its last frame stands.
        try await expect(5, [255, 0, 0])
        try await expect(5, x: 60, ground)
    }

    @Test func whatIsNoPictureIsNamed() async throws {
        let show = try show()
        try await make("ok.mp4", in: show, "-f", "lavfi", "-i", "testsrc=size=320x240:duration=1", "-pix_fmt", "yuv420p")
        try await make("whole.mkv", in: show, "-f", "lavfi", "-i", "testsrc=size=320x240:duration=2", "-pix_fmt", "yuv420p")
        try await make("whole.png", in: show, "-f", "lavfi", "-i", "testsrc=size=320x240", "-frames:v", "1")
        try await make("whole.jpg", in: show, "-f", "lavfi", "-i", "testsrc=size=320x240", "-frames:v", "1")
        try await make("sound.m4a", in: show, "-f", "lavfi", "-i", "sine=duration=0.5")
        try await make("web.webp", in: show, "-f", "lavfi", "-i", "testsrc=size=32x24", "-frames:v", "1")
        let pictures = "\(SmallShow.episode)/pictures"
        for ending in ["mkv", "png", "jpg"] {
            let bytes = try show.machine.read("\(pictures)/whole.\(ending)")
            try show.machine.write(Array(bytes.prefix(bytes.count / 2)), to: "\(pictures)/cut.\(ending)")
            show.machine.remove("\(pictures)/whole.\(ending)")
        }
        try show.machine.write(Array("ffconcat version 1.0\nfile ok.mp4\n".utf8), to: "\(pictures)/list.mp4")
        try show.machine.write(Array("#EXTM3U\n#EXTINF:1,\nok.mp4\n#EXT-X-ENDLIST\n".utf8), to: "\(pictures)/stream.mp4")
        try show.machine.write([], to: "\(pictures)/empty.png")
        try show.machine.write(Self.hugePNG, to: "\(pictures)/huge.png")
        let outcome = try await show.machine.run("build", SmallShow.episode, "--keep-going")
        #expect(outcome.status == 65, "\(outcome)")
        let said = [
            "cut.mkv": "the video is damaged or cut off", "cut.png": "the picture is cut off", "cut.jpg": "the picture is cut off",
            "sound.m4a": "is M4A",
            "web.webp": "this file is WebP", "list.mp4": "neither a picture nor a sound", "stream.mp4": "neither a picture nor a sound",
            "empty.png": "this file is empty",
            "huge.png": "the picture has 16000 × 16000 pixels",
        ]
        for (name, text) in said {
            let line = outcome.errors.split(separator: "\n").first { $0.contains("\(pictures)/\(name): error:") }
            #expect(line?.contains(text) == true, "\(name): \(outcome.errors)")
        }
        #expect(!outcome.errors.contains("ok.mp4: error"), "\(outcome.errors)")
    }

    /// The header of a picture that would fill the memory, and an end.
    private static let hugePNG: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 0x3E, 0x80, 0, 0, 0x3E, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + Array("IEND".utf8)
}
