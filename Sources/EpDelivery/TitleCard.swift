/// A plain card that stands in for a picture in a draft: the word DRAFT, and a title. Drawn without any program or font.
public struct TitleCard: Sendable {
    private let title: String

    /// - Parameter title: letters that the card does not have are left out.
    public init(title: String) { self.title = title }

    private static let side = CoverDesign.size / FlatJPEG.square
    private static let ground: UInt8 = 0x26
    private static let quiet: UInt8 = 0x8C
    private static let bright: UInt8 = 0xF0
    /// Squares beside the text.
    private static let margin = 8

    /// A square JPEG of the size of a cover; the same title gives the same bytes.
    public func jpeg() -> [UInt8] {
        var picture = FlatJPEG(side: Self.side, shade: Self.ground)
        Self.draw("DRAFT", scale: 5, top: 24, shade: Self.bright, in: &picture)
        for x in Self.margin..<Self.side - Self.margin {
            for y in 70..<72 { picture.set(x, y, to: Self.quiet) }
        }
        let scale = [3, 2, 1].first { lines(scale: $0).count <= Self.rows(scale: $0) } ?? 1
        for (index, line) in lines(scale: scale).prefix(Self.rows(scale: scale)).enumerated() {
            Self.draw(line, scale: scale, top: 84 + index * Self.rowHeight * scale, shade: Self.quiet, in: &picture)
        }
        return picture.encoded()
    }

    private static let rowHeight = BlockLetters.height + 3
    private static func rows(scale: Int) -> Int { (side - 84 - margin) / (rowHeight * scale) }

    /// The title's words in lines that fit; a longer word is cut.
    private func lines(scale: Int) -> [String] {
        let room = (Self.side - 2 * Self.margin) / (BlockLetters.advance * scale)
        var lines: [String] = []
        for word in title.split(separator: " ") {
            let word = String(word.filter(BlockLetters.has).prefix(room))
            guard !word.isEmpty else { continue }
            if let last = lines.last, last.count + 1 + word.count <= room {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(word)
            }
        }
        return lines
    }

    /// In the middle of the row.
    private static func draw(_ text: String, scale: Int, top: Int, shade: UInt8, in picture: inout FlatJPEG) {
        let width = (text.count * BlockLetters.advance - 1) * scale
        for (index, letter) in text.enumerated() {
            let left = (side - width) / 2 + index * BlockLetters.advance * scale
            for square in BlockLetters.squares(of: letter) ?? [] {
                for y in 0..<scale {
                    for x in 0..<scale { picture.set(left + square.x * scale + x, top + square.y * scale + y, to: shade) }
                }
            }
        }
    }
}
