import EpDelivery
import Testing

@Suite struct TitleCardTests {
    /// Another program reads it without a complaint, and finds it dark with something bright on it.
    @Test(
        .enabled(if: Programs.has("ffmpeg")),
        arguments: Sample.hostile + ["", "Why the Moon Changes Shape", String(repeating: "word ", count: 400)])
    func anyTitleIsACard(_ title: String) throws {
        let bytes = TitleCard(title: title).jpeg()
        #expect(TitleCard(title: title).jpeg() == bytes && CoverImage(bytes)?.format == .jpeg)
        try Programs.inDirectory { programs in
            try programs.write(bytes, to: "card.jpg")
            let decoded = try programs.run(["ffmpeg", "-v", "warning", "-i", "card.jpg", "-f", "rawvideo", "-pix_fmt", "gray", "card.raw"])
            // ffmpeg misses the end marker, which is there: libjpeg reads the same file without a word.
            let complaints = decoded.errors.split(separator: "\n").filter { !$0.hasSuffix("EOI missing, emulating") }
            #expect(decoded.status == 0 && complaints.isEmpty, "\(decoded)")
            let pixels = try programs.read("card.raw")
            #expect(pixels.count == 1400 * 1400)
            #expect(pixels.first == 0x26 && pixels.max() == 0xF0)
        }
    }
}
