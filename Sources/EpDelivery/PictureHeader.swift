/// What the first bytes of a picture say of it: its format, its size and its colours. Nothing is decoded.
public struct PictureHeader: Hashable, Sendable {
    public enum Colours: String, Sendable {
        case rgb = "RGB"
        case grey = "shades of grey"
        case cmyk = "CMYK"
    }

    public let format: CoverImage.Format
    /// Pixels.
    public let width: Int
    public let height: Int
    public let colours: Colours

    /// Nil if it is neither JPEG nor PNG, or ends before it has told its size.
    public init?(_ bytes: [UInt8]) {
        guard let format = CoverImage(bytes)?.format else { return nil }
        self.format = format
        let found = switch format {
        case .png: Self.png(bytes)
        case .jpeg: Self.jpeg(bytes)
        }
        guard let found else { return nil }
        (width, height, colours) = found
    }

    private typealias Facts = (width: Int, height: Int, colours: Colours)

    /// PNG (W3C, third edition, 11.2.1): `IHDR` is the first chunk.
    private static func png(_ bytes: [UInt8]) -> Facts? {
        guard bytes.count >= 26, bytes[12..<16].elementsEqual("IHDR".utf8) else { return nil }
        let isGrey = [0, 4].contains(bytes[25])
        return (number(bytes[16..<20]), number(bytes[20..<24]), isGrey ? .grey : .rgb)
    }

    /// JPEG (ITU-T T.81, B.2.2): the frame header is the segment `FF C0` to `FF CF`, but for three that mean something else.
    private static func jpeg(_ bytes: [UInt8]) -> Facts? {
        var index = 2
        while index + 4 <= bytes.count {
            guard bytes[index] == 0xFF else { return nil }
            let marker = bytes[index + 1]
            if marker == 0xFF || marker == 1 || (0xD0...0xD7).contains(marker) {
                index += marker == 0xFF ? 1 : 2
                continue
            }
            let length = number(bytes[index + 2..<index + 4])
            if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
                guard index + 10 <= bytes.count else { return nil }
                let colours: Colours = switch bytes[index + 9] {
                case 1: .grey
                case 4: .cmyk
                default: .rgb
                }
                return (number(bytes[index + 7..<index + 9]), number(bytes[index + 5..<index + 7]), colours)
            }
            guard length >= 2 else { return nil }
            index += 2 + length
        }
        return nil
    }

    /// The most significant byte first.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}

extension CoverImage {
    /// What Apple and Spotify take: squares of so many pixels a side.
    public static let sides = 1400...3000

    /// What is wrong with a file that is to be a cover, as a sentence's end (`is 500 × 500 pixels`); nil if nothing is.
    public static func fault(of bytes: [UInt8]) -> String? {
        guard let image = CoverImage(bytes) else {
            return bytes.isEmpty ? "is empty" : "is \(kind(of: bytes) ?? "no picture"), not JPEG or PNG"
        }
        guard let header = PictureHeader(bytes) else { return "is damaged: it ends before it has told its size" }
        if !image.isWhole { return "is cut off: the file has no end" }
        if header.width != header.height || !sides.contains(header.width) { return "is \(header.width) × \(header.height) pixels" }
        return header.colours == .rgb ? nil : "is in \(header.colours.rawValue), not in RGB"
    }

    /// A picture's format by its first bytes, as people call it; nil if it is none that is known here.
    public static func kind(of bytes: [UInt8]) -> String? {
        func has(_ text: String, at index: Int = 0) -> Bool { bytes.dropFirst(index).starts(with: text.utf8) }
        if let format = CoverImage(bytes)?.format { return format == .png ? "PNG" : "JPEG" }
        if has("RIFF"), has("WEBP", at: 8) { return "WebP" }
        if has("GIF8") { return "GIF" }
        if has("ftyp", at: 4) {
            return has("avif", at: 8) ? "AVIF" : ["heic", "heix", "mif1", "msf1"].contains { has($0, at: 8) } ? "HEIC" : nil
        }
        if has("BM") { return "BMP" }
        if has("II*\0") || has("MM\0*") { return "TIFF" }
        let start = String(decoding: bytes.prefix(512), as: UTF8.self).lowercased()
        return start.contains("<svg") ? "SVG" : nil
    }

    /// What to do about a fault.
    public static func remedy(of bytes: [UInt8]) -> String {
        let isCutOff = CoverImage(bytes)?.isWhole == false && PictureHeader(bytes) != nil
        return isCutOff ? "\(cutOffRemedy); \(form)" : form
    }

    /// What directories take.
    public static let form = "a cover is a square JPEG or PNG in RGB, with sides of 1,400 to 3,000 pixels"
}
