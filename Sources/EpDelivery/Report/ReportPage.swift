/// How an episode was made, as one page that can be passed on: its stages, what they took and cost, takes, decisions and builds.
public struct ReportPage: Sendable {
    public struct Stage: Sendable {
        public let name: String
        public let tool: String
        /// In words: `up to date`, `stale`.
        public let state: String
        /// True if nothing is to be done about it.
        public let isSettled: Bool
        /// The stages that it reads.
        public let reads: [String]

        public init(name: String, tool: String, state: String, isSettled: Bool, reads: [String]) {
            (self.name, self.tool, self.state, self.isSettled, self.reads) = (name, tool, state, isSettled, reads)
        }
    }

    /// A table under a heading; left out if it has no rows.
    public struct Table: Sendable {
        public let heading: String
        public let columns: [String]
        public let rows: [[String]]
        /// Columns that hold numbers.
        public let numbers: Set<Int>

        public init(_ heading: String, _ columns: [String], _ rows: [[String]], numbers: Set<Int> = []) {
            (self.heading, self.columns, self.rows, self.numbers) = (heading, columns, rows, numbers)
        }
    }

    public let title: String
    /// What stands beneath the title.
    public let subtitle: String
    public let stages: [Stage]
    public let tables: [Table]

    public init(title: String, subtitle: String, stages: [Stage], tables: [Table]) {
        (self.title, self.subtitle, self.stages, self.tables) = (title, subtitle, stages, tables)
    }

    /// One file: without scripts, pictures or fonts of its own.
    public func html() -> String {
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>
            \(PageStyle.css)
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            <h1>\(title)</h1>
            <p class="by">\(subtitle)</p>
            <div class="wide">
            \(StageDrawing(stages).svg)
            </div>
            \(tables.filter { !$0.rows.isEmpty }.map(Self.table))
            </main>
            </body>
            </html>

            """
        return page.text
    }

    private static func table(_ table: Table) -> Markup {
        func cells(_ texts: [String], _ element: Markup) -> [Markup] {
            texts.enumerated().map { column, text in
                let alignment: Markup = table.numbers.contains(column) ? " class=\"number\"" : ""
                return "<\(element)\(alignment)>\(text)</\(element)>"
            }
        }
        return """
            <h2>\(table.heading)</h2>
            <div class="wide">
            <table>
            <thead><tr>\(cells(table.columns, "th"))</tr></thead>
            <tbody>
            \(table.rows.map { "<tr>\(cells($0, "td"))</tr>" as Markup })
            </tbody>
            </table>
            </div>
            """
    }

    private static let style: Markup = """
        main { max-width: 62rem; }
        .wide { overflow-x: auto; }
        svg { max-width: 100%; height: auto; min-width: 30rem; }
        rect { fill: var(--paper); stroke: var(--quiet); stroke-width: 1.5; }
        .settled rect { stroke: #2f855a; }
        .due rect { stroke: #b7791f; stroke-dasharray: 5 3; }
        .edge { fill: none; stroke: var(--quiet); opacity: .55; }
        svg text { fill: var(--ink); font: 600 14px system-ui, sans-serif; text-anchor: middle; }
        svg .small { fill: var(--quiet); font: 12px system-ui, sans-serif; }
        table { border-collapse: collapse; min-width: 100%; font-size: .95rem; }
        th, td { text-align: left; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid color-mix(in srgb, var(--quiet) 30%, transparent); vertical-align: top; }
        .number { text-align: right; font-variant-numeric: tabular-nums; }
        """
}
