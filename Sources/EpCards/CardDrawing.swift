import CPango

/// Draws cards. The same card, fonts and libraries give the same bytes.
public enum CardDrawing {
    /// Part of what makes a picture: another revision sets cards otherwise.
    public static let revision = 1

    /// The versions of all that decides how a card looks, one a line.
    public static func versions() throws(CardProblem) -> String {
        if let missing = cpango_load() { throw .noLibrary(String(cString: missing)) }
        return "cards \(revision)\n" + String(cString: cpango_versions())
    }

    /// A picture of a card as a PNG file.
    /// - Parameters:
    ///   - fonts: paths of font files: no others are used.
    ///   - image: the path of the picture that the card shows.
    public static func png(of card: Card, fonts: [String], image: String? = nil) throws(CardProblem) -> [UInt8] {
        let canvas = try CardCanvas(card.size, fonts: fonts, language: card.language)
        let design = CardDesign(card, canvas)
        let layout = try design.layout()
        canvas.fill(CardBox(x: 0, y: 0, width: Double(card.size.width), height: Double(card.size.height)), card.look.background)
        for mark in layout.marks { canvas.fill(mark.box, mark.colour, radius: mark.radius) }
        if let box = layout.image, let image, !canvas.drawImage(image, in: box) { throw .badImage }
        for text in layout.texts { canvas.draw(text.text, text.style, text.colour, in: text.box) }
        return try canvas.png()
    }
}
