import Testing

@testable import EpDelivery

/// A cover is judged by what it is, not by its name.
@Suite struct PictureHeaderTests {
    /// A PNG without its middle.
    private func png(_ width: Int, _ height: Int, colourType: UInt8 = 2) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 0xFF) } }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + number(width) + number(height) + [
            8, colourType, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0,
        ] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
    }

    /// A JPEG without its tables, with a preview in a comment before its frame: that has an end of its own.
    private func jpeg(_ width: Int, _ height: Int, components: UInt8 = 3, frame: UInt8 = 0xC0) -> [UInt8] {
        [0xFF, 0xD8, 0xFF, 0xFE, 0, 6, 1, 2, 0xFF, 0xD9, 0xFF, 0xFF, 0xC4, 0, 3, 9, 0xFF, frame, 0, 8, 8]
            + [UInt8(height >> 8), UInt8(height & 0xFF), UInt8(width >> 8), UInt8(width & 0xFF), components]
            + [0xFF, 0xDA, 0, 3, 9, 1, 0xFF, 0, 0xFF, 0xD0, 7, 0xFF, 0xD9]
    }

    @Test func sizesAreRead() throws {
        let wide = try #require(PictureHeader(png(1500, 1400)))
        #expect(wide.width == 1500 && wide.height == 1400 && wide.format == .png && wide.colours == .rgb)
        let high = try #require(PictureHeader(jpeg(1400, 3000, frame: 0xC2)))
        #expect(high.width == 1400 && high.height == 3000 && high.format == .jpeg && high.colours == .rgb)
        let drawn = try #require(PictureHeader(TitleCard(title: "A").jpeg()))
        #expect(drawn.width == 1400 && drawn.height == 1400)
    }

    @Test func whatDirectoriesTakeHasNoFault() {
        for side in [1400, 2000, 3000] {
            #expect(CoverImage.fault(of: png(side, side)) == nil && CoverImage.fault(of: jpeg(side, side)) == nil)
        }
        for type: UInt8 in [3, 6] { #expect(CoverImage.fault(of: png(1400, 1400, colourType: type)) == nil) }
    }

    @Test func aFaultIsNamed() {
        #expect(
            CoverImage.fault(of: png(1399, 1399)) == "is 1399 × 1399 pixels"
                && CoverImage.fault(of: jpeg(3001, 3001)) == "is 3001 × 3001 pixels")
        #expect(CoverImage.fault(of: png(1400, 1500)) == "is 1400 × 1500 pixels")
        #expect(CoverImage.fault(of: png(1400, 1400, colourType: 0)) == "is in shades of grey, not in RGB")
        #expect(CoverImage.fault(of: jpeg(1400, 1400, components: 4)) == "is in CMYK, not in RGB")
        #expect(CoverImage.fault(of: jpeg(1400, 1400, components: 1)) == "is in shades of grey, not in RGB")
        #expect(CoverImage.fault(of: []) == "is empty" && CoverImage.fault(of: Array("hello".utf8)) == "is no picture, not JPEG or PNG")
    }

    @Test(arguments: [
        ("RIFF\u{1}\u{1}\u{1}\u{1}WEBPVP8 ", "WebP"), ("GIF89a", "GIF"), ("\u{0}\u{0}\u{0}\u{20}ftypavif", "AVIF"),
        ("\u{0}\u{0}\u{0}\u{20}ftypheic", "HEIC"), ("BM123", "BMP"),
        ("II*\u{0}", "TIFF"), ("<?xml version=\"1.0\"?><svg xmlns=\"\">", "SVG"),
    ])
    func otherPicturesAreCalledByTheirNames(_ text: String, _ name: String) {
        #expect(CoverImage.fault(of: Array(text.utf8)) == "is \(name), not JPEG or PNG")
    }

    /// A copy that was broken off, and a preview's end that is taken for the picture's.
    @Test func aCutPictureIsDamaged() {
        for bytes in [png(1400, 1400), jpeg(1400, 1400)] {
            for count in 8..<bytes.count {
                let fault = CoverImage.fault(of: Array(bytes.prefix(count)))
                let isTold = fault == "is cut off: the file has no end" || fault == "is damaged: it ends before it has told its size"
                #expect(isTold, "\(count) of \(bytes.count): \(fault ?? "no fault")")
            }
            #expect(CoverImage.fault(of: bytes + [1, 2, 3]) == nil, "what stands behind the end is no matter")
        }
        #expect(CoverImage.fault(of: [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0xFF, 0xC0]) == "is damaged: it ends before it has told its size")
        #expect(CoverImage.remedy(of: Array(png(1400, 1400).prefix(30))).hasPrefix("copy or export it again"))
        #expect(CoverImage.remedy(of: png(500, 500)) == CoverImage.form)
    }

    @Test func aPictureThatWasDrawnIsWhole() throws {
        let bytes = TitleCard(title: "A").jpeg()
        #expect(try #require(CoverImage(bytes)).isWhole)
        #expect(try !#require(CoverImage(Array(bytes.dropLast(2)))).isWhole)
    }
}
