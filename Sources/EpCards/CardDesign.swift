/// Where everything of a card stands.
///
/// A card is set as large as it fits: all sizes shrink together until nothing leaves its place and no long word is broken.
struct CardDesign {
    struct Text {
        let text: String
        let style: CardCanvas.Style
        let colour: CardColour
        var box: CardBox
    }

    struct Mark {
        var box: CardBox
        let colour: CardColour
        let radius: Double
    }

    struct Layout {
        var texts: [Text] = []
        var marks: [Mark] = []
        var image: CardBox?
        var height = 0.0

        /// The same further down.
        func moved(by distance: Double) -> Layout {
            var moved = self
            for index in texts.indices { moved.texts[index].box.y += distance }
            for index in marks.indices { moved.marks[index].box.y += distance }
            moved.image?.y += distance
            return moved
        }
    }

    private let card: Card
    private let canvas: CardCanvas
    private let width: Double
    private let height: Double
    /// A 720th of the shorter side.
    private let unit: Double
    private let isMirrored: Bool

    /// Each size is this part of the one before.
    private static let step = 0.94
    /// Smaller than a third, nobody can read it on a telephone.
    private static let steps = 18
    /// As long as words are kept whole.
    private static let wholeWords = 10

    init(_ card: Card, _ canvas: CardCanvas) {
        (self.card, self.canvas) = (card, canvas)
        (width, height) = (Double(card.size.width), Double(card.size.height))
        unit = min(width, height) / 720
        isMirrored = CardCanvas.isRightToLeft([card.title, card.text, card.points.joined()].first { !$0.isEmpty } ?? "")
    }

    private var margin: Double { 72 * unit }

    func layout() throws(CardProblem) -> Layout {
        let unknown = CardLetters(card, canvas).unknown
        guard unknown.isEmpty else { throw .unknownLetters(unknown) }
        guard let fitting = (0..<Self.steps).lazy.compactMap({ self.arranged(step: $0) }).first else {
            throw .tooLong(characters: card.letters.count)
        }
        var whole = fitting
        let strip = CardBox(x: isMirrored ? width - 14 * unit : 0, y: 0, width: 14 * unit, height: height)
        whole.marks.insert(Mark(box: strip, colour: card.look.mark, radius: 0), at: 0)
        if !card.footer.isEmpty { whole.texts.append(try footer()) }
        return whole
    }

    /// Nil if it does not fit at this size.
    private func arranged(step: Int) -> Layout? {
        var scale = unit
        for _ in 0..<step { scale *= Self.step }
        let content = CardContent(card, scale)
        let room = height - 2 * margin
        guard let head = flow(content.head, isWhole: step < Self.wholeWords), let body = flow(content.body, isWhole: step < Self.wholeWords)
        else { return nil }
        let gap = head.height > 0 && body.height > 0 ? 44 * scale : 0
        let total = head.height + gap + body.height
        guard total <= room else { return nil }
        let rest = room - total
        // A slide has its heading in the same place each time; what is all one thing stands in the middle.
        let isSlide = width > height && head.height > 0 && body.height > 0
        let top = margin + (isSlide ? 0 : rest * 0.46)
        var all = head.moved(by: top)
        let lower = body.moved(by: top + head.height + gap + (isSlide ? min(rest * 0.4, 70 * unit) : 0))
        all.texts += lower.texts
        all.marks += lower.marks
        all.image = lower.image
        return all
    }

    /// One row below another.
    private func flow(_ rows: [CardContent.Row], isWhole: Bool) -> Layout? {
        var layout = Layout()
        for row in rows {
            if layout.height > 0 { layout.height += row.gap }
            guard add(row, to: &layout, isWhole: isWhole) else { return nil }
        }
        return layout
    }

    /// - Returns: false if it would have to be broken where it should not.
    private func add(_ row: CardContent.Row, to layout: inout Layout, isWhole: Bool) -> Bool {
        let (left, room) = (margin, width - 2 * margin)
        switch row.kind {
        case .rule(let length, let thickness):
            let x = row.isCentered ? (width - length) / 2 : isMirrored ? left + room - length : left
            layout.marks.append(
                Mark(box: CardBox(x: x, y: layout.height, width: length, height: thickness), colour: card.look.mark, radius: thickness / 2))
            layout.height += thickness
        case .text(let text, let style, let colour):
            let inner = room - row.indent - 2 * row.padding
            let extent = canvas.measure(text, style, width: inner)
            if isWhole, !isUnbroken(text, style, extent, row, inner) { return false }
            let x = left + row.padding + (isMirrored ? 0 : row.indent)
            if row.padding > 0 {
                let panel = CardBox(x: left, y: layout.height, width: room, height: extent.height + 2 * row.padding)
                layout.marks.append(Mark(box: panel, colour: card.look.panel, radius: row.padding / 2))
                layout.height += row.padding
            }
            layout.texts.append(
                Text(text: text, style: style, colour: colour, box: CardBox(x: x, y: layout.height, width: inner, height: extent.height)))
            if row.hasBullet { layout.marks.append(bullet(style, at: layout.height)) }
            layout.height += extent.height * row.share + row.padding
        case .image(let tall):
            layout.image = CardBox(x: left, y: layout.height, width: room, height: tall)
            layout.height += tall
        }
        return true
    }

    private func bullet(_ style: CardCanvas.Style, at top: Double) -> Mark {
        let (size, line) = (style.size * 0.32, canvas.measure("x", style, width: width).height)
        let x = isMirrored ? width - margin - size : margin
        return Mark(
            box: CardBox(x: x, y: top + (line - size) / 2 + style.size * 0.04, width: size, height: size), colour: card.look.mark,
            radius: size / 2)
    }

    /// Code keeps its lines, and words their letters together.
    private func isUnbroken(
        _ text: String, _ style: CardCanvas.Style, _ extent: CardCanvas.Extent, _ row: CardContent.Row, _ room: Double
    ) -> Bool {
        if row.padding > 0 { return extent.lines == text.count { $0 == "\n" } + 1 }
        return CardLetters.longWords(of: text).allSatisfy { canvas.measure($0, style, width: 1e6).width <= room }
    }

    /// On one line in the lower margin.
    private func footer() throws(CardProblem) -> Text {
        let room = width - 2 * margin
        for size in stride(from: 22.0, through: 11, by: -1) {
            let style = CardCanvas.Style(families: CardContent.families(card), size: size * unit)
            let extent = canvas.measure(card.footer, style, width: room)
            guard extent.lines == 1 else { continue }
            let box = CardBox(x: margin, y: height - margin / 2 - extent.height / 2, width: room, height: extent.height)
            return Text(text: card.footer, style: style, colour: card.look.muted, box: box)
        }
        throw .tooLong(characters: card.footer.count)
    }
}
