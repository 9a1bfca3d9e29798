/// A drawing as a Mermaid flowchart (mermaid.js.org/syntax/flowchart.html).
struct MermaidGraph {
    private(set) var text = "flowchart LR\n"
    /// Mermaid's identifiers are ours in the order in which they were met: names may hold anything.
    private var identifiers: [String: String] = [:]
    private var looks: [GraphDrawing.Look: [String]] = [:]

    init(_ drawing: GraphDrawing) {
        for frame in drawing.frames {
            if drawing.frames.count == 1 { content(of: frame, 1) } else { write(frame, 1) }
        }
        for arrow in drawing.arrows { write(arrow) }
        for look in GraphDrawing.Look.allCases {
            guard let boxes = looks[look] else { continue }
            line(1, "classDef \(look) fill:\(look.colours.fill),stroke:\(look.colours.line),color:#222222")
            line(1, "class \(boxes.joined(separator: ",")) \(look)")
        }
        text.removeLast()
    }

    private mutating func line(_ depth: Int, _ content: String) { text += String(repeating: "  ", count: depth) + content + "\n" }

    private mutating func identifier(of id: String, _ letter: String) -> String {
        if let known = identifiers[id] { return known }
        let new = "\(letter)\(identifiers.count)"
        identifiers[id] = new
        return new
    }

    private mutating func write(_ frame: GraphDrawing.Frame, _ depth: Int) {
        let id = identifier(of: frame.id, "f")
        line(depth, "subgraph \(id)[\(Self.quoted(frame.title))]")
        if let look = frame.look { looks[look, default: []].append(id) }
        content(of: frame, depth + 1)
        line(depth, "end")
    }

    private mutating func content(of frame: GraphDrawing.Frame, _ depth: Int) {
        for box in frame.boxes { write(box, depth) }
        for inner in frame.frames { write(inner, depth) }
    }

    private mutating func write(_ box: GraphDrawing.Box, _ depth: Int) {
        let id = identifier(of: box.id, "n")
        let label = Self.quoted(box.lines.joined(separator: "\n"))
        let shape = switch box.shape {
        case .box: box.isGated ? "{{\(label)}}" : "[\(label)]"
        case .stack: "[[\(label)]]"
        case .note: ">\(label)]"
        }
        line(depth, id + shape)
        looks[box.look, default: []].append(id)
    }

    private mutating func write(_ arrow: GraphDrawing.Arrow) {
        let line = arrow.isDashed ? "-.->" : "-->"
        let label = arrow.label.isEmpty ? "" : "|\(Self.quoted(arrow.label))|"
        self.line(1, "\(end(arrow.tail)) \(line)\(label) \(end(arrow.head))")
    }

    private mutating func end(_ end: GraphDrawing.End) -> String {
        switch end {
        case .box(let id): identifier(of: id, "n")
        case .frame(let id, _): identifier(of: id, "f")
        }
    }

    /// A label in quotation marks: whatever Mermaid, Markdown or HTML would read otherwise is written as its number.
    static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\n": result += "<br/>"
            case "\"", "#", "&", "<", ">", "`", "*", "\\": result += "#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return "\"\(escaped)\""
    }
}
