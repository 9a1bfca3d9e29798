import CPango
import Glibc

/// A picture that texts and shapes are drawn on. Not to be used by two threads.
final class CardCanvas {
    struct Style: Hashable {
        /// Names of font families, the first wanted one first.
        var families: String
        /// In pixels.
        var size: Double
        var isBold = false
        var isItalic = false
        var isCentered = false
        /// A part of the height that the font says.
        var spacing = 1.0
    }

    struct Extent {
        let width: Double
        let height: Double
        let lines: Int
        /// Letters that no font has.
        let unknown: Int
    }

    private let canvas: OpaquePointer
    private let language: String

    /// - Parameter fonts: paths of their files.
    init(_ size: Card.Size, fonts: [String], language: String) throws(CardProblem) {
        if let missing = cpango_load() { throw .noLibrary(String(cString: missing)) }
        let names = fonts.map { strdup($0) }
        defer { names.forEach { free($0) } }
        var failed = 0
        let pointers = names.map { UnsafePointer($0) }
        guard let canvas = cpango_canvas_new(Int32(size.width), Int32(size.height), pointers, fonts.count, &failed) else {
            throw failed < fonts.count ? .badFont(fonts[failed]) : .noMemory
        }
        (self.canvas, self.language) = (canvas, language)
    }

    deinit { cpango_canvas_free(canvas) }

    func fill(_ box: CardBox, _ colour: CardColour, radius: Double = 0) {
        cpango_fill(canvas, box.x, box.y, box.width, box.height, radius, colour.red, colour.green, colour.blue)
    }

    func draw(_ text: String, _ style: Style, _ colour: CardColour, in box: CardBox) {
        with(text, style, width: box.width) { cpango_text_draw($0, box.x, box.y, colour.red, colour.green, colour.blue) }
    }

    func measure(_ text: String, _ style: Style, width: Double) -> Extent {
        var size = cpango_size()
        with(text, style, width: width) { size = cpango_text_size($0) }
        return Extent(width: size.width, height: size.height, lines: Int(size.lines), unknown: Int(size.unknown))
    }

    /// - Returns: false if the file is no PNG.
    func drawImage(_ path: String, in box: CardBox) -> Bool { cpango_image(canvas, path, box.x, box.y, box.width, box.height) }

    /// True for a text that is written from right to left.
    static func isRightToLeft(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in bytes.withMemoryRebound(to: CChar.self) { cpango_is_right_to_left($0.baseAddress, $0.count) } }
    }

    /// The picture as a PNG file.
    func png() throws(CardProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        let isWritten = withUnsafeMutablePointer(to: &bytes) { target in
            cpango_png(canvas, { context, part, count in
                guard let context, let part else { return false }
                context.assumingMemoryBound(to: [UInt8].self).pointee += UnsafeBufferPointer(start: part, count: count)
                return true
            }, target)
        }
        guard isWritten else { throw .noMemory }
        return bytes
    }

    private func with(_ text: String, _ style: Style, width: Double, _ body: (OpaquePointer) -> Void) {
        var text = text
        text.withUTF8 { bytes in
            style.families.withCString { families in
                language.withCString { language in
                    var wanted = cpango_style(
                        families: families, size: style.size, weight: style.isBold ? 700 : 400, italic: style.isItalic,
                        centered: style.isCentered,
                        width: width, spacing: style.spacing, language: language)
                    let made = bytes.withMemoryRebound(to: CChar.self) { cpango_text_new(canvas, $0.baseAddress, $0.count, &wanted) }
                    guard let made else { return }
                    body(made)
                    cpango_text_free(made)
                }
            }
        }
    }
}

/// A part of a picture, in pixels.
struct CardBox: Hashable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
}
