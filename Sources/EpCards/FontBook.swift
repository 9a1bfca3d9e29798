/// Which font files a card needs for its letters, and which package brings them.
///
/// By names of files and ranges of Unicode alone: whatever else is installed on a machine changes no card.
public enum FontBook {
    /// A font file by its name.
    public struct File: Hashable, Sendable {
        public let name: String
        /// Where it is looked for.
        public let places: [String]
        /// The Debian package that brings it.
        public let package: String
        /// A card is drawn without it if it is not there: the bold form of a font that has one form only.
        public let isOptional: Bool
        /// The first letter that needs it; nil if every card does.
        public let letter: Unicode.Scalar?
    }

    /// A letter that no font of these has.
    public struct UnknownLetter: Error {
        public let letter: Unicode.Scalar
    }

    /// The files for a card, in a fixed order.
    /// - Parameter knowsAll: false where another font may have what these have not.
    /// - Throws: `UnknownLetter`.
    public static func files(for card: Card, knowsAll: Bool = true) throws(UnknownLetter) -> [File] {
        var found: [File] = [file("NotoSans-Regular.ttf"), file("NotoSans-Bold.ttf")]
        if card.kind == .quote { found.append(file("NotoSerif-Italic.ttf")) }
        if card.kind == .code { found.append(file("DejaVuSansMono.ttf", in: "truetype/dejavu", package: "fonts-dejavu-core")) }
        var seen: Set<String> = []
        let letters = Array(card.letters.unicodeScalars)
        for (index, scalar) in letters.enumerated() {
            if isPlain(scalar) { continue }
            // Behind some signs it is told that they are to be coloured.
            let isColoured = index + 1 < letters.count && letters[index + 1] == "\u{FE0F}" && scalar.properties.isEmoji
            if isColoured || isEmoji(scalar) {
                if seen.insert("emoji").inserted {
                    found.append(file("NotoColorEmoji.ttf", package: "fonts-noto-color-emoji", for: scalar))
                }
                continue
            }
            if isMark(scalar) { continue }
            guard let script = scripts.first(where: { $0.ranges.contains { $0.contains(scalar.value) } }) else {
                if knowsAll { throw UnknownLetter(letter: scalar) }
                continue
            }
            if seen.insert(script.files[0]).inserted { found += script.found(for: scalar) }
        }
        return found
    }

    /// Letters that the first font has: those of Latin, Greek and Cyrillic, and the usual marks of punctuation.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x052F, 0x1AB0...0x1AFF, 0x1C80...0x1C8F, 0x1D00...0x20CF, 0x2C60...0x2C7F, 0x2DE0...0x2E52, 0xA640...0xA69F,
            0xA700...0xA7FF,
            0xAB30...0xAB6F, 0xFB00...0xFB06, 0xFE20...0xFE2F, 0xFFFC...0xFFFD, 0x2116, 0x2117, 0x2120, 0x2122, 0x2126, 0x212E,
            0x2150...0x218B:
            true
        default: false
        }
    }

    /// What changes the letter before it, or is not seen.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        (0xFE00...0xFE0F).contains(scalar.value) || scalar.properties.isDefaultIgnorableCodePoint
    }

    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isEmojiPresentation || (0x1F000...0x1FAFF).contains(scalar.value) || scalar.value == 0x20E3
    }

    private static func file(
        _ name: String, in directory: String = "truetype/noto", package: String = "fonts-noto-core", isOptional: Bool = false,
        for letter: Unicode.Scalar? = nil
    ) -> File {
        let last = directory.split(separator: "/").last.map(String.init) ?? ""
        let places = ["/usr/share/fonts/\(directory)", "/usr/local/share/fonts", "/usr/share/fonts/\(last)", "/usr/share/fonts"]
        return File(name: name, places: places.map { "\($0)/\(name)" }, package: package, isOptional: isOptional, letter: letter)
    }

    private struct Script {
        let ranges: [ClosedRange<UInt32>]
        let files: [String]
        var directory = "truetype/noto"
        var package = "fonts-noto-core"

        /// A font of the name `NotoSansThai`, with its bold form if it has one.
        init(_ stem: String, _ ranges: ClosedRange<UInt32>...) {
            self.ranges = ranges
            files = ["\(stem)-Regular.ttf", "\(stem)-Bold.ttf"]
        }

        init(files: [String], in directory: String = "truetype/noto", package: String = "fonts-noto-core", _ ranges: ClosedRange<UInt32>...)
        {
            (self.ranges, self.files, self.directory, self.package) = (ranges, files, directory, package)
        }

        func found(for letter: Unicode.Scalar) -> [File] {
            files.enumerated().map { FontBook.file($1, in: directory, package: package, isOptional: $0 > 0, for: letter) }
        }
    }

    private static let scripts: [Script] = [
        Script(
            files: ["NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"], in: "opentype/noto", package: "fonts-noto-cjk", 0x1100...0x11FF,
            0x2E80...0x9FFF,
            0xA960...0xA97F, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFFEF, 0x20000...0x3FFFF),
        Script(
            files: ["NotoSansSymbols2-Regular.ttf", "NotoSansMath-Regular.ttf", "NotoSansSymbols-Regular.ttf"], 0x20D0...0x2BFF,
            0x1D400...0x1D7FF,
            0x1F100...0x1F2FF),
        Script("NotoSansArabic", 0x0600...0x06FF, 0x0750...0x077F, 0x08A0...0x08FF, 0xFB50...0xFDFF, 0xFE70...0xFEFE),
        Script("NotoSansHebrew", 0x0590...0x05FF, 0xFB1D...0xFB4F), Script("NotoSansArmenian", 0x0530...0x058F, 0xFB13...0xFB17),
        Script(files: ["NotoSansSyriac-Regular.ttf"], 0x0700...0x074F), Script("NotoSansThaana", 0x0780...0x07BF),
        Script(files: ["NotoSansNKo-Regular.ttf"], 0x07C0...0x07FF),
        Script("NotoSansDevanagari", 0x0900...0x097F, 0x1CD0...0x1CFF, 0xA8E0...0xA8FF),
        Script("NotoSansBengali", 0x0980...0x09FF), Script("NotoSansGurmukhi", 0x0A00...0x0A7F),
        Script("NotoSansGujarati", 0x0A80...0x0AFF),
        Script("NotoSansOriya", 0x0B00...0x0B7F), Script("NotoSansTamil", 0x0B80...0x0BFF), Script("NotoSansTelugu", 0x0C00...0x0C7F),
        Script("NotoSansKannada", 0x0C80...0x0CFF), Script("NotoSansMalayalam", 0x0D00...0x0D7F),
        Script("NotoSansSinhala", 0x0D80...0x0DFF),
        Script("NotoSansThai", 0x0E00...0x0E7F), Script("NotoSansLao", 0x0E80...0x0EFF), Script("NotoSerifTibetan", 0x0F00...0x0FFF),
        Script("NotoSansMyanmar", 0x1000...0x109F, 0xA9E0...0xA9FF, 0xAA60...0xAA7F),
        Script("NotoSansGeorgian", 0x10A0...0x10FF, 0x1C90...0x1CBF, 0x2D00...0x2D2F),
        Script("NotoSansEthiopic", 0x1200...0x139F, 0x2D80...0x2DDF, 0xAB00...0xAB2F),
        Script("NotoSansCherokee", 0x13A0...0x13FF, 0xAB70...0xABBF),
        Script("NotoSansCanadianAboriginal", 0x1400...0x167F, 0x18B0...0x18FF), Script("NotoSansKhmer", 0x1780...0x17FF, 0x19E0...0x19FF),
        Script(files: ["NotoSansMongolian-Regular.ttf"], 0x1800...0x18AF),
    ]
}
