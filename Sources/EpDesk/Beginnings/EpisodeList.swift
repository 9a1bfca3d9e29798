public import EpCore
import EpPlan
import EpText

/// Episodes that are to be made, by a list: CSV with a line of names (commas, semicolons or tabs between the cells), or YAML with a list
/// of mappings.
public struct EpisodeList: Sendable {
    public struct Row: Sendable {
        /// By name, in the order of the list; what is empty is left out.
        public let fields: [Value.Member]
        /// Where it stands.
        public let location: SourceLocation

        func text(_ name: String) -> String? {
            fields.first { $0.key == name }.flatMap {
                $0.value.letters ?? $0.value.number.map { Int(exactly: $0).map(String.init) ?? "\($0)" }
            }
        }
    }

    public let rows: [Row]
    /// Decides where an episode is made; no field of it.
    static let directory = "directory"

    /// - Parameter file: its name, which tells CSV from YAML.
    /// - Throws: `Diagnostic` with line, for what is no list of episodes.
    public init(_ bytes: [UInt8], file: String) throws {
        rows = [".csv", ".tsv"].contains(where: file.lowercased().hasSuffix) ? try Self.csv(bytes, file) : try Self.yaml(bytes, file)
        if rows.isEmpty {
            throw Diagnostic(
                .badInput, "\(file) names no episode", remedy: "write a line of names (title,topic), then a line for each episode")
        }
        for row in rows where row.text("title") == nil && row.text("topic") == nil {
            throw Diagnostic(.badInput, "this episode has neither a title nor a topic", at: row.location, remedy: "give it a `title`")
        }
    }

    private static func yaml(_ bytes: [UInt8], _ file: String) throws -> [Row] {
        let node = try Node(parsing: bytes, file: file)
        guard case .list(let nodes) = (node["episodes"] ?? node).content else {
            throw Diagnostic(
                .badInput, "a list of episodes is a list of mappings, not \(node.kind)", at: node.location,
                remedy: "write `- title: …` for each")
        }
        return try nodes.map { node in
            guard let members = node.value.members else {
                throw Diagnostic(
                    .badInput, "an episode of the list must be a mapping, not \(node.kind)", at: node.location, remedy: "write `- title: …`"
                )
            }
            return Row(fields: members.filter { $0.value != .null && $0.value != .string("") }, location: node.location)
        }
    }

    /// Whole numbers, `true` and `false` are what they look like; anything else is a text.
    private static func value(of cell: String) -> Value {
        if let number = Int64(cell), String(number) == cell { return .int(number) }
        return ["true": .bool(true), "false": .bool(false)][cell] ?? .string(cell)
    }

    private static func csv(_ bytes: [UInt8], _ file: String) throws -> [Row] {
        let text = try WrittenText.decode(bytes, "the list", of: file, remedy: "save it as CSV in UTF-8")
        let separator = try Separator(of: text, file)
        let lines = try table(of: text, file, separator).rows
        guard let names = lines.first?.cells.map({ $0.trimmed }) else { return [] }
        for (index, name) in names.enumerated() where name.isEmpty || names[..<index].contains(name) {
            throw Diagnostic(
                .badInput, name.isEmpty ? "column \(index + 1) has no name" : "two columns are called \"\(name)\"",
                at: SourceLocation(file: file, line: 1, column: 1),
                remedy: "name each column once in the first line")
        }
        return try lines.dropFirst().filter { !$0.isEmpty }.map { line in
            let place = SourceLocation(file: file, line: line.line, column: 1)
            guard line.cells.count <= names.count else {
                throw Diagnostic(
                    .badInput, "this line has \(line.cells.count) cells, and there are \(names.count) columns", at: place,
                    remedy: "put a cell with a \(separator.name) in it between quotation marks")
            }
            let cells = zip(names, line.cells).map { ($0, $1.trimmed) }.filter { !$0.1.isEmpty }
            return Row(fields: cells.map { Value.Member($0, value(of: $1)) }, location: place)
        }
    }

    /// What stands between the cells of a table. Spreadsheets write semicolons where a comma is the decimal point, and tabs into plain
    /// text.
    private enum Separator: Unicode.Scalar, CaseIterable {
        case comma = ","
        case semicolon = ";"
        case tab = "\t"

        var name: String { "\(self)" }

        /// The one by which the first line has a column for titles or topics; of several, that with the most columns.
        init(of text: String, _ file: String) throws(Diagnostic) {
            var (best, most) = (Separator.comma, 0)
            for separator in Separator.allCases {
                let names = try table(of: text, file, separator, limit: 1).rows.first?.cells.map(\.trimmed) ?? []
                let isNamed = names.contains { ["title", "topic"].contains($0) }
                if isNamed, names.count > most { (best, most) = (separator, names.count) }
            }
            self = best
        }
    }

    private static func table(
        of text: String, _ file: String, _ separator: Separator, limit: Int = .max
    ) throws(Diagnostic) -> CSVTable {
        do throws(CSVTable.UnclosedQuotation) {
            return try CSVTable(text, separator: separator.rawValue, limit: limit)
        } catch {
            throw Diagnostic(
                .badInput, "a quotation mark is never closed", at: SourceLocation(file: file, line: error.line, column: 1),
                remedy: "write \"\" for one inside a cell")
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)])
    }
}
