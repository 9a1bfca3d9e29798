import EpCore

/// The stages of an episode as a picture: each in the column behind those that it reads, with its state as a word and a shape. A value,
/// laid out here; pages only show it.
struct StageDrawing {
    struct Node {
        let name: String
        let state: String
        let detail: String
        let path: String
    }

    private struct Spot {
        let column: Int
        var row: Double
    }

    private let nodes: [Node]
    private let edges: [(source: Int, reader: Int)]
    private let spots: [Spot]

    private static let (boxWidth, boxHeight) = (184.0, 46.0)
    private static let (columnWidth, rowHeight) = (236.0, 62.0)
    private static let margin = 4.0

    /// - Parameters:
    ///   - nodes: in the order of the pipeline.
    ///   - edges: by the names of both ends; those that name nothing are left out.
    init(_ nodes: [Node], edges: [(source: String, reader: String)]) {
        let places = Dictionary(nodes.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let known = edges.compactMap { edge in
            places[edge.source].flatMap { source in places[edge.reader].map { (source: source, reader: $0) } }
        }
        self.nodes = nodes
        self.edges = known
        spots = Self.layout(nodes.count, known)
    }

    // MARK: where each stands

    private static func layout(_ count: Int, _ edges: [(source: Int, reader: Int)]) -> [Spot] {
        let columns = columns(count, edges)
        var spots = columns.map { Spot(column: $0, row: 0) }
        let sources = Dictionary(grouping: edges, by: \.reader)
        for column in 0...(columns.max() ?? 0) {
            let members = columns.indices.filter { columns[$0] == column }
            // Beside what it reads, if there is room.
            let wishes = members.map { member -> (member: Int, row: Double) in
                let rows = (sources[member] ?? []).map { spots[$0.source].row }
                return (member, rows.isEmpty ? 0 : rows.reduce(0, +) / Double(rows.count))
            }
            var next = 0.0
            for (member, wish) in wishes.sorted(by: { ($0.row, $0.member) < ($1.row, $1.member) }) {
                spots[member].row = max(next, wish.rounded())
                next = spots[member].row + 1
            }
        }
        return spots
    }

    /// One more than the last of those that it reads. What reads itself in a circle ends after as many rounds as there are stages.
    private static func columns(_ count: Int, _ edges: [(source: Int, reader: Int)]) -> [Int] {
        var columns = [Int](repeating: 0, count: count)
        for _ in 0..<count {
            var isDone = true
            for (source, reader) in edges where columns[reader] <= columns[source] && columns[source] + 1 < count {
                columns[reader] = columns[source] + 1
                isDone = false
            }
            if isDone { break }
        }
        return columns
    }

    // MARK: what is drawn

    var html: HTML {
        if nodes.isEmpty { return .nothing }
        let width = Double((spots.map(\.column).max() ?? 0)) * Self.columnWidth + Self.boxWidth + 2 * Self.margin
        let height = (spots.map(\.row).max() ?? 0) * Self.rowHeight + Self.boxHeight + 2 * Self.margin
        return .tag(
            "div", ["class": "scroll", "role": "region", "aria-label": "Stages as a graph", "tabindex": "0"],
            .tag(
                "svg",
                [
                    "class": "graph", "width": Self.text(width), "height": Self.text(height),
                    "viewBox": "0 0 \(Self.text(width)) \(Self.text(height))",
                ],
                edges.map(curve) + nodes.indices.map(box)))
    }

    private func corner(_ index: Int) -> (x: Double, y: Double) {
        (Double(spots[index].column) * Self.columnWidth + Self.margin, spots[index].row * Self.rowHeight + Self.margin)
    }

    private func curve(_ edge: (source: Int, reader: Int)) -> HTML {
        let (from, to) = (corner(edge.source), corner(edge.reader))
        let (x, y, endX, endY) = (from.x + Self.boxWidth, from.y + Self.boxHeight / 2, to.x, to.y + Self.boxHeight / 2)
        let bend = max(24, (endX - x) / 2)
        let numbers = [x + bend, y, endX - bend, endY, endX, endY].map(Self.text)
        return .tag("path", ["class": "edge", "d": "M\(Self.text(x)) \(Self.text(y))C\(numbers.joined(separator: " "))"])
    }

    private func box(_ index: Int) -> HTML {
        let (node, place) = (nodes[index], corner(index))
        let (shape, kind) = Pieces.shape(node.state)
        let detail = node.detail.isEmpty ? node.state : "\(node.state), \(node.detail)"
        let (x, y) = (Self.text(place.x + 10), place.y)
        return .tag(
            "a", ["href": node.path, "aria-label": "\(node.name): \(detail)", "class": "node \(kind)"],
            .tag("title", [:], HTML("\(node.name): \(detail)")),
            .tag(
                "rect",
                [
                    "x": Self.text(place.x), "y": Self.text(y), "width": Self.text(Self.boxWidth), "height": Self.text(Self.boxHeight),
                    "rx": "6",
                ]),
            .tag("text", ["class": "name", "x": x, "y": Self.text(y + 19)], HTML(Self.short(node.name, 24))),
            .tag("text", ["class": "detail", "x": x, "y": Self.text(y + 37)], HTML("\(shape) \(Self.short(detail, 26))")))
    }

    private static func short(_ text: String, _ most: Int) -> String { text.count <= most ? text : text.prefix(most - 1) + "…" }
    private static func text(_ number: Double) -> String { number == number.rounded() ? "\(Int(number))" : "\(number)" }
}
