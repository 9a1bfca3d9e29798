/// What stands on a card, row by row, at one size.
struct CardContent {
    struct Row {
        enum Kind {
            case text(String, CardCanvas.Style, CardColour)
            /// A short line in the accent colour.
            case rule(length: Double, thickness: Double)
            case image(height: Double)
        }

        let kind: Kind
        /// To the row above.
        var gap = 0.0
        var indent = 0.0
        /// Of a panel around it; 0 for none.
        var padding = 0.0
        var hasBullet = false
        var isCentered = false
        /// How much of its height it takes up: a sign that is mostly air takes less.
        var share = 1.0
    }

    private(set) var head: [Row] = []
    private(set) var body: [Row] = []
    private let card: Card
    private let unit: Double

    /// - Parameter unit: the size of everything: 1 on a card of 720 pixels that is set as large as can be.
    init(_ card: Card, _ unit: Double) {
        (self.card, self.unit) = (card, unit)
        switch card.kind {
        case .title: setTitle()
        case .text, .list: setSlide()
        case .quote: setQuote()
        case .code: setCode()
        case .image: setImage()
        case .end: setEnd()
        }
    }

    static func families(_ card: Card) -> String { (card.family.isEmpty ? "" : card.family + ",") + "Noto Sans,Noto Sans Arabic" }

    private var title: String { CardLetters.folded(card.title) }
    private var text: String { CardLetters.folded(card.text) }

    private func style(
        _ size: Double, bold: Bool = false, italic: Bool = false, centered: Bool = false, families: String? = nil,
        spacing: Double = 1.0
    ) -> CardCanvas.Style {
        CardCanvas.Style(
            families: families ?? Self.families(card), size: size * unit, isBold: bold, isItalic: italic, isCentered: centered,
            spacing: spacing)
    }

    private mutating func setTitle() {
        head = [Row(kind: .rule(length: 110 * unit, thickness: 9 * unit))]
        if !title.isEmpty { head.append(Row(kind: .text(title, style(80, bold: true, spacing: 0.92), card.look.ink), gap: 30 * unit)) }
        if !text.isEmpty { head.append(Row(kind: .text(text, style(38), card.look.muted), gap: 24 * unit)) }
        head += points(36, firstGap: 30)
    }

    private mutating func setSlide() {
        if !title.isEmpty { head = [Row(kind: .text(title, style(54, bold: true, spacing: 0.95), card.look.ink))] }
        if !title.isEmpty { head.append(Row(kind: .rule(length: 80 * unit, thickness: 7 * unit), gap: 16 * unit)) }
        // A sentence that stands alone is large.
        if !text.isEmpty { body.append(Row(kind: .text(text, style(card.points.isEmpty ? 46 : 38, spacing: 1.05), card.look.ink))) }
        body += points(40, firstGap: 28)
    }

    private mutating func setQuote() {
        let serif = card.family.isEmpty ? "Noto Serif,Noto Sans" : Self.families(card)
        head = [Row(kind: .text("“", style(170, italic: true, families: "Noto Serif"), card.look.mark), share: 0.52)]
        head.append(Row(kind: .text(text.isEmpty ? title : text, style(58, italic: true, families: serif, spacing: 1.02), card.look.ink)))
        let by = CardLetters.folded(card.by)
        if !by.isEmpty { head.append(Row(kind: .text("— " + by, style(34), card.look.muted), gap: 32 * unit)) }
    }

    private mutating func setCode() {
        if !title.isEmpty { head = [Row(kind: .text(title, style(46, bold: true, spacing: 0.95), card.look.ink))] }
        let code = CardLetters.code(card.text)
        if !code.isEmpty {
            body = [
                Row(kind: .text(code, style(34, families: "DejaVu Sans Mono,Noto Sans", spacing: 1.1), card.look.ink), padding: 32 * unit)
            ]
        }
        body += points(34, firstGap: 28)
    }

    private mutating func setImage() {
        let hasWords = !title.isEmpty || !text.isEmpty
        // It keeps its part of the card, whatever is written below it.
        let side = Double(min(card.size.width, card.size.height)) / 720
        let tall = Double(card.size.height) - 144 * side - (hasWords ? 150 * side : 0)
        body = [Row(kind: .image(height: tall))]
        if !title.isEmpty { body.append(Row(kind: .text(title, style(40, bold: true, centered: true), card.look.ink), gap: 20 * unit)) }
        if !text.isEmpty { body.append(Row(kind: .text(text, style(30, centered: true), card.look.muted), gap: 6 * unit)) }
    }

    private mutating func setEnd() {
        if !title.isEmpty { head = [Row(kind: .text(title, style(76, bold: true, centered: true, spacing: 0.95), card.look.ink))] }
        head.append(Row(kind: .rule(length: 110 * unit, thickness: 9 * unit), gap: 24 * unit, isCentered: true))
        if !text.isEmpty { head.append(Row(kind: .text(text, style(36, centered: true), card.look.muted), gap: 28 * unit)) }
        head += card.points.map(CardLetters.folded).map { Row(kind: .text($0, style(32, centered: true), card.look.muted), gap: 14 * unit) }
    }

    private func points(_ size: Double, firstGap: Double) -> [Row] {
        card.points.map(CardLetters.folded).filter { !$0.isEmpty }.enumerated().map { index, point in
            Row(
                kind: .text(point, style(size), card.look.ink), gap: (index == 0 ? firstGap : size * 0.5) * unit, indent: size * unit,
                hasBullet: true)
        }
    }
}
