import EpCore
import FoundationEssentials
import Testing

@testable import EpDelivery

@Suite struct ID3TagTests {
    @Test func framesAreWrittenByteForByte() throws {
        #expect(ID3Frame.text("TIT2", "Ünï")?.bytes == Array("TIT2".utf8) + [0, 0, 0, 4, 0, 0, 0, 0xDC, 0x6E, 0xEF])
        #expect(ID3Frame.text("TIT2", "é中")?.body == [1, 0xFF, 0xFE, 0xE9, 0, 0x2D, 0x4E])
        #expect(ID3Frame.text("TIT2", "\n\u{0}") == nil)
        let mark = ChapterMark(title: "A", start: Timestamp(milliseconds: 258), end: Timestamp(milliseconds: 65_536))
        #expect(ID3Frame.chapter("chp0", mark).body == Array("chp0".utf8) + [0, 0, 0, 1, 2, 0, 1, 0, 0]
            + [UInt8](repeating: 0xFF, count: 8) + Array("TIT2".utf8) + [0, 0, 0, 2, 0, 0, 0, 0x41])
        let contents = ID3Frame.contents("toc", of: ["chp0", "chp1"], title: "")
        #expect(contents.body == Array("toc".utf8) + [0, 3, 2] + Array("chp0".utf8) + [0] + Array("chp1".utf8) + [0])
    }

    @Test func headerSizeIsSyncsafeAndFrameSizesAreNot() throws {
        let cover = try #require(CoverImage([0xFF, 0xD8, 0xFF] + [UInt8](repeating: 0x55, count: 300_000)))
        let tag = try ID3Tag(show: Sample.show, episode: Sample.episode, chapters: [], cover: cover).encoded()
        #expect(tag.starts(with: Array("ID3".utf8) + [3, 0, 0]))
        #expect(tag[6..<10].allSatisfy { $0 < 0x80 })
        #expect(tag[6..<10].reduce(0) { $0 << 7 | Int($1) } == tag.count - 10)
        let start = try #require(tag.firstRange(of: Array("APIC".utf8))?.upperBound)
        #expect(tag[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } == 300_003 + 14)
    }

    @Test func tooLargeATagIsRefusedWithARemedy() throws {
        let cover = try #require(CoverImage([0xFF, 0xD8, 0xFF] + [UInt8](repeating: 0, count: 1 << 28)))
        let tag = ID3Tag(show: Sample.show, episode: Sample.episode, chapters: [], cover: cover)
        #expect(throws: Diagnostic.self) { try tag.encoded() }
    }

    @Test func coversAreJPEGOrPNG() {
        #expect(CoverImage([]) == nil && CoverImage(Array("GIF89a".utf8)) == nil)
        #expect(CoverImage([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0])?.format == .png)
    }

    @Test func languagesHaveThreeLetters() {
        #expect(["en-GB", "de", "deu", "xx", "", "zh_Hant"].map { ISO639(tag: $0).code } == ["eng", "deu", "deu", "und", "und", "zho"])
    }

    /// The file that ffmpeg and mutagen are asked about: two seconds of sound behind a tag.
    private func sound(_ programs: Programs) throws -> [UInt8] {
        let made = try programs.run([
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=2", "-id3v2_version", "0", "-f", "mp3", "sound.mp3",
        ])
        try #require(made.status == 0, "\(made.errors)")
        return try programs.read("sound.mp3")
    }

    private func cover(_ programs: Programs, _ name: String) throws -> CoverImage {
        let made = try programs.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=c=teal:s=64x64", "-frames:v", "1", name])
        try #require(made.status == 0, "\(made.errors)")
        return try #require(CoverImage(try programs.read(name)))
    }

    @Test(.enabled(if: Programs.has("ffmpeg")), arguments: ["cover.jpg", "cover.png"])
    func ffprobeReadsTagsChaptersAndPicture(_ name: String) throws {
        try Programs.inDirectory { programs in
            let tag = ID3Tag(
                show: Sample.show, episode: Sample.episode, chapters: Sample.chapters, cover: try cover(programs, name))
            try programs.write(try tag.encoded() + sound(programs), to: "episode.mp3")
            let probe = try programs.run([
                "ffprobe", "-v", "error", "-show_chapters", "-show_format", "-show_streams", "-of", "flat", "episode.mp3",
            ])
            #expect(probe.errors == "")
            let lines = Set(probe.output.split(separator: "\n").map(String.init))
            for expected in [
                "format.tags.title=\"How rockets work\"", "format.tags.artist=\"Ada Maker\"", "format.tags.album=\"Oliver's Workshop\"",
                "format.tags.track=\"1\"", "format.tags.disc=\"1\"", "format.tags.genre=\"Podcast\"", "format.tags.date=\"2026-03-01\"",
                "format.tags.language=\"eng\"", "format.tags.TLEN=\"62400\"", "format.tags.copyright=\"2026 Ada Maker\"",
                "format.tags.comment=\"Why does a rocket fly where there is no air?\"",
                "chapters.chapter.1.start_time=\"12.000000\"", "chapters.chapter.1.end_time=\"40.000000\"",
                "chapters.chapter.1.tags.title=\"The balloon\"", "chapters.chapter.2.end_time=\"62.400000\"",
                "streams.stream.1.disposition.attached_pic=1", "streams.stream.1.codec_name=\"\(name == "cover.png" ? "png" : "mjpeg")\"",
            ] {
                #expect(lines.contains(expected), "\(expected)")
            }
            #expect(probe.output.contains("format.tags.AI_DISCLOSURE=\"The voices of Narrator (espeak-ng, en-gb) and Oliver"))
        }
    }

    /// Random and hostile texts, written as tags and read back by mutagen.
    @Test(.enabled(if: Programs.has("ffmpeg"))) func mutagenReadsBackEveryText() throws {
        guard let python = Python.path else { return }
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let titles = Sample.hostile + (0..<120).map { _ in random.text(60) }
        try Programs.inDirectory { programs in
            let (sound, image) = (try sound(programs), try cover(programs, "cover.jpg"))
            var expected: [Value] = []
            for (index, title) in titles.enumerated() {
                var (show, episode) = (Sample.show, Sample.episode)
                (show.title, show.author, episode.title, episode.summary, episode.disclosure) = (title, title, title, title, title)
                let mark = ChapterMark(title: title, start: Timestamp(seconds: 1), end: Timestamp(seconds: 2))
                let tag = ID3Tag(show: show, episode: episode, chapters: [mark, mark], cover: image)
                try programs.write(try tag.encoded() + sound, to: "\(index).mp3")
                expected.append([
                    "title": .string(title.singleLine), "comment": .string(title.multiLine), "ai": .string(episode.aiDisclosure ?? ""),
                ])
            }
            try programs.write(Value.list(expected).json().utf8, to: "expected.json")
            try programs.write(Self.mutagenCheck.utf8, to: "check.py")
            let outcome = try programs.run([python, "check.py"])
            #expect(outcome.status == 0, "seed \(seed): \(outcome.errors.suffix(2000))")
            #expect(outcome.output == "\(titles.count) tags\n")
        }
    }

    private static let mutagenCheck = """
        import json
        from mutagen.id3 import ID3
        from mutagen.mp3 import MP3
        expected = json.load(open("expected.json", encoding="utf-8"))
        cover = open("cover.jpg", "rb").read()
        for index, want in enumerate(expected):
            path = f"{index}.mp3"
            tag = ID3(path, translate=False)
            assert tag.version == (2, 3, 0) and not tag.unknown_frames, path
            def one(frame):
                return "/".join(frame.text) if frame else ""
            for name in ("TIT2", "TALB", "TPE1"):
                assert one(tag.get(name)) == want["title"], (path, name, tag.get(name), want)
            assert one(tag.get("COMM::eng")) == want["comment"], (path, tag.getall("COMM"), want)
            assert one(tag.get("TXXX:AI-DISCLOSURE")) == want["ai"], (path, tag.getall("TXXX"), want)
            assert tag.getall("APIC")[0].data == cover and tag.getall("APIC")[0].type == 3, path
            toc = tag.getall("CTOC")[0]
            assert toc.child_element_ids == ["chp0", "chp1"] and int(toc.flags) == 3, path
            for name in ("chp0", "chp1"):
                chapter = tag[f"CHAP:{name}"]
                assert (chapter.start_time, chapter.end_time) == (1000, 2000), path
                assert one(chapter.sub_frames.get("TIT2")) == want["title"], (path, chapter)
            assert abs(MP3(path).info.length - 2) < 0.1, path
        print(len(expected), "tags")

        """
}
