import EpDelivery
import Testing

@Suite struct CoverDesignTests {
    static let palette = CoverDesign.Palette([], showTitle: Sample.show.title)

    /// - Returns: the bytes of the JPEG, after checks of its form.
    private func draw(_ design: CoverDesign) throws -> [UInt8] {
        try Programs.inDirectory { programs in
            try programs.write(design.svg().utf8, to: "cover.svg")
            let drawn = try programs.run(CoverDesign.arguments())
            #expect(drawn.status == 0 && drawn.errors == "")
            let probe = try programs.run([
                "ffprobe", "-v", "error", "-show_entries", "stream=codec_name,width,height", "-of", "csv=p=0", "cover.jpg",
            ])
            #expect(probe.output == "mjpeg,1400,1400\n")
            return try programs.read("cover.jpg")
        }
    }

    @Test(.enabled(if: Programs.has("ffmpeg"))) func coverIsASquareJPEGAndTheSameEveryTime() throws {
        let design = CoverDesign(showTitle: Sample.show.title, title: Sample.episode.title, mark: "1", palette: Self.palette)
        let first = try draw(design)
        #expect(try draw(design) == first)
        #expect(CoverImage(first)?.format == .jpeg)
        #expect(first.count < 512_000, "directories want covers below half a megabyte")
    }

    @Test(.enabled(if: Programs.has("ffmpeg")), arguments: Sample.hostile) func anyTitleIsDrawn(_ text: String) throws {
        _ = try draw(CoverDesign(showTitle: text, title: text, mark: text, palette: Self.palette))
    }

    @Test func longTitlesAreMadeSmallerAndThenCutOff() {
        let long = String(repeating: "What happens next ", count: 30)
        let svg = CoverDesign(showTitle: "Show", title: long, palette: Self.palette).svg()
        #expect(svg.contains("…</text>"))
        #expect(svg.contains("font-size=\"64\""))
        let short = CoverDesign(showTitle: "Show", title: "Rust", palette: Self.palette).svg()
        #expect(short.contains("font-size=\"128\"") && !short.contains("…"))
    }

    @Test func paletteComesFromTheShow() throws {
        let red = try #require(Colour(hex: "#aa0000"))
        let design = CoverDesign(showTitle: "A", palette: .init([red], showTitle: "A"))
        #expect(design.palette.ground == red)
        #expect(Colour(hex: "red") == nil && Colour(hex: "#12345g") == nil && Colour(hex: "+12345") == nil)
        #expect(CoverDesign.Palette([], showTitle: "A") == CoverDesign.Palette([], showTitle: "A"))
        #expect(Set((0..<40).map { CoverDesign.Palette([], showTitle: "Show \($0)") }).count == 6)
    }
}
