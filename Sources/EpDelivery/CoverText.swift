/// Lines of bold text that fit into a box, at the largest size that allows it.
struct CoverText {
    /// In pixels.
    let size: Int
    let lines: [String]

    /// - Parameters:
    ///   - sizes: from the largest to the smallest; at the smallest, what does not fit is cut off with an ellipsis.
    ///   - width: of the box, in pixels.
    init(_ text: String, sizes: [Int], width: Int, lineLimit: Int) {
        let words = text.words
        for size in sizes {
            let lines = Self.wrap(words, em: Double(width) / Double(size))
            if lines.count <= lineLimit, lines.allSatisfy({ Self.ems($0) * Double(size) <= Double(width) }) {
                (self.size, self.lines) = (size, lines)
                return
            }
        }
        size = sizes.last ?? 0
        let em = Double(width) / Double(size)
        let all = Self.wrap(words.flatMap { Self.cut($0, em: em) }, em: em)
        lines = all.count <= lineLimit ? all : all.prefix(lineLimit - 1) + [Self.ellipsis(all[lineLimit - 1], em: em)]
    }

    /// As few lines as possible, and among those as even as possible: the box is narrowed until a line more is needed.
    private static func wrap(_ words: [String], em: Double) -> [String] {
        var best = fill(words, em: em)
        var width = em * 0.95
        while width > em * 0.5 {
            let lines = fill(words, em: width)
            guard lines.count == best.count, lines.allSatisfy({ ems($0) <= em }) else { break }
            best = lines
            width -= em * 0.05
        }
        return best
    }

    private static func fill(_ words: [String], em: Double) -> [String] {
        words.reduce(into: []) { lines, word in
            if let last = lines.last, ems(last + " " + word) <= em {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(word)
            }
        }
    }

    private static func cut(_ word: String, em: Double) -> [String] {
        word.reduce(into: [""]) { parts, character in
            let part = parts[parts.count - 1] + String(character)
            if ems(part) <= em { parts[parts.count - 1] = part } else { parts.append(String(character)) }
        }
    }

    private static func ellipsis(_ line: String, em: Double) -> String {
        var line = line[...]
        while !line.isEmpty, ems(line + "…") > em { line = line.dropLast() }
        return line + "…"
    }

    /// The width of a text in DejaVu Sans Bold, in its size (em); other scripts are estimated on the wide side.
    static func ems(_ text: some StringProtocol) -> Double {
        text.unicodeScalars.reduce(0) { width, scalar in
            switch scalar.value {
            case 0x20..<0x7F: width + Double(advances[Int(scalar.value) - 0x20]) / 1000
            case 0x300..<0x370, 0x200B..<0x2010, 0xFE00..<0xFE10: width
            case 0xA0..<0x400: width + 0.75
            case 0x2E80..<0xA4D0, 0xAC00..<0xD7A4, 0xF900..<0xFB00, 0xFF00..<0xFFE0, 0x1F000...: width + 1.3
            default: width + 0.95
            }
        }
    }

    /// Advance widths of U+0020 to U+007E in DejaVu Sans Bold 2.37, in thousandths of an em.
    private static let advances: [Int16] = [
        348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696,
        696, 696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775,
        637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675,
        716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924,
        645, 652, 582, 712, 365, 712, 838,
    ]
}
