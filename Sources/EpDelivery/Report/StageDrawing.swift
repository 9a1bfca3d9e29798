/// Stages and who reads whom, as a picture in SVG: what is read stands above its readers.
struct StageDrawing {
    private let stages: [ReportPage.Stage]
    /// The row of each stage, from 0: one below the lowest that it reads.
    private let rows: [Int]

    private static let box = (width: 190, height: 46)
    private static let gap = (across: 22, down: 44)

    init(_ stages: [ReportPage.Stage]) {
        self.stages = stages
        let places = Dictionary(stages.enumerated().map { ($1.name, $0) }) { first, _ in first }
        var rows = [Int](repeating: 0, count: stages.count)
        // As many rounds as there can be rows: a plan has no cycles.
        for _ in stages.indices {
            for (index, stage) in stages.enumerated() {
                let above = stage.reads.compactMap { places[$0] }.map { rows[$0] }.max()
                if let above { rows[index] = min(max(rows[index], above + 1), stages.count) }
            }
        }
        self.rows = rows
    }

    var svg: Markup {
        let height = ((rows.max() ?? -1) + 1) * (Self.box.height + Self.gap.down)
        let widest = Set(rows).map { row in rows.count { $0 == row } }.max() ?? 1
        let width = widest * (Self.box.width + Self.gap.across)
        let corners = corners(width)
        return """
            <svg viewBox="0 0 \(width) \(height)" width="\(width)" role="img" aria-label="Stages and what they read">
            \(arrows(corners))
            \(zip(stages, corners).map(node))
            </svg>
            """
    }

    /// The upper left corner of each box: the boxes of a row stand in its middle.
    private func corners(_ width: Int) -> [(x: Int, y: Int)] {
        var taken: [Int: Int] = [:]
        return rows.map { row in
            let count = rows.count { $0 == row }
            let left = (width - count * (Self.box.width + Self.gap.across) + Self.gap.across) / 2
            let place = taken[row, default: 0]
            taken[row] = place + 1
            return (left + place * (Self.box.width + Self.gap.across), row * (Self.box.height + Self.gap.down) + 4)
        }
    }

    private func arrows(_ corners: [(x: Int, y: Int)]) -> [Markup] {
        let places = Dictionary(stages.enumerated().map { ($1.name, $0) }) { first, _ in first }
        return stages.enumerated().flatMap { index, stage in
            stage.reads.compactMap { places[$0] }.map { source -> Markup in
                let from = (x: corners[source].x + Self.box.width / 2, y: corners[source].y + Self.box.height)
                let to = (x: corners[index].x + Self.box.width / 2, y: corners[index].y)
                let bend = max(12, (to.y - from.y) / 2)
                return
                    "<path class=\"edge\" d=\"M\(from.x) \(from.y) C\(from.x) \(from.y + bend) \(to.x) \(to.y - bend) \(to.x) \(to.y)\"/>"
            }
        }
    }

    private func node(_ stage: ReportPage.Stage, _ corner: (x: Int, y: Int)) -> Markup {
        let middle = corner.x + Self.box.width / 2
        return """
            <g class="\(stage.isSettled ? "settled" : "due")">
            <rect x="\(corner.x)" y="\(corner.y)" width="\(Self.box.width)" height="\(Self.box.height)" rx="8"/>
            <text x="\(middle)" y="\(corner.y + 19)">\(stage.name)</text>
            <text class="small" x="\(middle)" y="\(corner.y + 36)">\(stage.tool), \(stage.state)</text>
            </g>
            """
    }
}
