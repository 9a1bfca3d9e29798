/// A panel of a storyboard as a rough picture: what is seen and what is said, in words. Written as SVG 1.1.
public struct PanelDesign: Hashable, Sendable {
    public var size: FrameSize
    /// Stands in the corner: its number, the shot.
    public var mark: String
    /// What is seen.
    public var picture: String
    /// What is said.
    public var speech: String
    /// True if a picture is seen behind it: then there is only a strip of text.
    public var isOverlay: Bool

    public init(size: FrameSize, mark: String, picture: String, speech: String, isOverlay: Bool) {
        (self.size, self.mark, self.picture, self.speech, self.isOverlay) = (size, mark, picture, speech, isOverlay)
    }

    /// The drawing. No text of it can break out of its place: what is a mark in XML is escaped.
    public func svg() -> String {
        let drawing: Markup = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(size.width)" height="\(size.height)" viewBox="0 0 \(size.width) \(size.height)">
            \(ground)
            <g font-family="DejaVu Sans, sans-serif" font-weight="bold">
            \(texts)
            </g>
            </svg>

            """
        return drawing.text
    }

    private var margin: Int { size.width / 20 }
    private var room: Int { size.width - 2 * margin }
    /// The size of the smallest text that is still read in a small window.
    private var small: Int { max(8, min(size.width, size.height) / 22) }

    private var spoken: CoverText { CoverText(speech, sizes: [small * 5 / 4, small], width: room, lineLimit: 3) }
    private var strip: Int { spoken.lines.isEmpty ? 0 : spoken.lines.count * spoken.size * 5 / 4 + small }

    private var ground: [Markup] {
        let bar: Markup =
            "<rect y=\"\(size.height - strip)\" width=\"\(size.width)\" height=\"\(strip)\" fill=\"#000000\" fill-opacity=\"0.75\"/>"
        if isOverlay { return strip > 0 ? [bar] : [] }
        let frame: Markup = """
            <rect x="\(margin / 2)" y="\(margin / 2)" width="\(size.width - margin)" height="\(size.height - margin / 2 - max(strip, margin / 2))" \
            fill="none" stroke="#8c949c" stroke-width="2"/>
            """
        return ["<rect width=\"\(size.width)\" height=\"\(size.height)\" fill=\"#262b30\"/>", frame] + (strip > 0 ? [bar] : [])
    }

    private var texts: [Markup] {
        var markup = lines(spoken, top: size.height - strip + small / 2, fill: "#ffffff")
        let label = CoverText(mark, sizes: [small], width: room, lineLimit: 1)
        if !isOverlay { markup += lines(label, top: margin, fill: "#f4b860") }
        guard !isOverlay else { return markup }
        let space = size.height - strip - margin * 2 - small * 2
        let sizes = [small * 2, small * 3 / 2, small * 5 / 4, small]
        let rows = { (size: Int) in max(1, space / (size * 5 / 4)) }
        let fitting = sizes.lazy.map { CoverText(picture, sizes: [$0], width: room, lineLimit: rows($0)) }
        let text =
            fitting.first { $0.lines.last?.hasSuffix("…") != true }
            ?? CoverText(picture, sizes: [small], width: room, lineLimit: rows(small))
        return markup + lines(text, top: margin + small * 2, fill: "#d7dbe0")
    }

    private func lines(_ text: CoverText, top: Int, fill: Markup) -> [Markup] {
        text.lines.enumerated().map { index, line in
            let baseline = top + text.size + index * text.size * 5 / 4
            return "<text x=\"\(margin)\" y=\"\(baseline)\" font-size=\"\(text.size)\" fill=\"\(fill)\">\(line)</text>"
        }
    }
}
