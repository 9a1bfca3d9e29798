/// A drawing in DOT, the language of Graphviz (graphviz.org/doc/info/lang.html).
struct DOTGraph {
    private(set) var text = ""

    init(_ drawing: GraphDrawing) {
        line(0, "digraph epbuild {")
        line(1, "graph [rankdir=LR, compound=true, fontname=\"Helvetica\", fontsize=12, nodesep=0.25, ranksep=0.5];")
        line(1, "node [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", fontsize=11, margin=\"0.15,0.08\"];")
        line(1, "edge [color=\"#666666\", arrowsize=0.7, fontname=\"Helvetica\", fontsize=9];")
        for frame in drawing.frames {
            if drawing.frames.count == 1 { content(of: frame, 1) } else { write(frame, 1) }
        }
        for arrow in drawing.arrows { write(arrow) }
        text += "}"
    }

    private mutating func line(_ depth: Int, _ content: String) { text += String(repeating: "  ", count: depth) + content + "\n" }

    private mutating func write(_ frame: GraphDrawing.Frame, _ depth: Int) {
        line(depth, "subgraph \(Self.quoted("cluster " + frame.id)) {")
        line(depth + 1, "label=\(Self.quoted(frame.title)); color=\"\(frame.look?.colours.line ?? "#bbbbbb")\"; style=rounded;")
        content(of: frame, depth + 1)
        line(depth, "}")
    }

    private mutating func content(of frame: GraphDrawing.Frame, _ depth: Int) {
        for box in frame.boxes { write(box, depth) }
        for inner in frame.frames { write(inner, depth) }
    }

    private mutating func write(_ box: GraphDrawing.Box, _ depth: Int) {
        let colours = box.look.colours
        var attributes = [
            "label=\(Self.quoted(box.lines.joined(separator: "\n")))", "fillcolor=\"\(colours.fill)\"", "color=\"\(colours.line)\"",
        ]
        switch box.shape {
        case .box: break
        case .stack: attributes.append("shape=box3d, style=filled")
        case .note: attributes.append("shape=note, style=filled")
        }
        if box.look == .dim { attributes.append("fontcolor=\"#777777\"") }
        if box.isGated { attributes.append("penwidth=2.5") }
        line(depth, "\(Self.quoted(box.id)) [\(attributes.joined(separator: ", "))];")
    }

    private mutating func write(_ arrow: GraphDrawing.Arrow) {
        var attributes: [String] = []
        if !arrow.label.isEmpty { attributes.append("label=\(Self.quoted(arrow.label))") }
        if arrow.isDashed { attributes.append("style=dashed") }
        if case .frame(let id, _) = arrow.tail { attributes.append("ltail=\(Self.quoted("cluster " + id))") }
        if case .frame(let id, _) = arrow.head { attributes.append("lhead=\(Self.quoted("cluster " + id))") }
        line(
            1,
            "\(Self.quoted(arrow.tail.box)) -> "
                + "\(Self.quoted(arrow.head.box))\(attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]");"
        )
    }

    /// A text in quotation marks. Graphviz reads `\` escapes, and HTML entities in labels.
    static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "&": result += "&amp;"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return "\"\(escaped)\""
    }
}

extension GraphDrawing.End {
    /// Where the arrow ends; of a frame, a box in it.
    fileprivate var box: String {
        switch self {
        case .box(let id), .frame(_, let id): id
        }
    }
}
