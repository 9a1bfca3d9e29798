/// A text of comma-separated values (RFC 4180) as rows of cells, or of such with another separator. A value.
///
/// A row ends with a line feed, a carriage return or both; the last one may end with the text. A cell in quotation marks may
/// hold commas, line ends and, doubled, quotation marks. What follows such a cell up to the next comma belongs to it, and a quotation mark
/// that stands elsewhere is a letter like any other. A byte order mark at the beginning is none of the text.
public struct CSVTable: Sendable {
    public struct Row: Sendable, Equatable {
        /// The line of the text in which the row begins, from 1.
        public let line: Int
        /// As they stand in the text, with the white space around them. There is at least one.
        public let cells: [String]

        public init(line: Int, cells: [String]) { (self.line, self.cells) = (line, cells) }

        /// True of an empty line.
        public var isEmpty: Bool { cells == [""] }
    }

    /// A quotation mark begins a cell that never ends: where the writer meant its end to be, nobody can know.
    public struct UnclosedQuotation: Error, Equatable {
        /// The line in which the quotation mark stands, from 1.
        public let line: Int

        public init(line: Int) { self.line = line }
    }

    /// In order, empty lines among them.
    public let rows: [Row]

    /// - Parameters:
    ///   - separator: what stands between cells.
    ///   - limit: how many rows are read. What comes behind them is not looked at.
    public init(_ text: String, separator: Unicode.Scalar = ",", limit: Int = .max) throws(UnclosedQuotation) {
        var reader = CSVReader(text, separator)
        var rows: [Row] = []
        while rows.count < limit, let row = try reader.next() { rows.append(row) }
        self.rows = rows
    }
}

/// Reads one row after another. By scalars: to a `Character`, a mark that combines with a quotation mark or a comma hides it.
private struct CSVReader {
    private var rest: Substring.UnicodeScalarView
    private var line = 1
    private let separator: Unicode.Scalar

    init(_ text: String, _ separator: Unicode.Scalar) {
        self.separator = separator
        rest = text.unicodeScalars[...]
        if rest.first == "\u{FEFF}" { rest.removeFirst() }
    }

    /// Nil at the end of the text.
    mutating func next() throws(CSVTable.UnclosedQuotation) -> CSVTable.Row? {
        guard !rest.isEmpty else { return nil }
        let start = line
        var cells = [try cell()]
        while let scalar = rest.popFirst() {
            guard scalar == separator else {
                endLine(with: scalar)
                break
            }
            cells.append(try cell())
        }
        return CSVTable.Row(line: start, cells: cells)
    }

    /// Up to the separator or the line end behind it.
    private mutating func cell() throws(CSVTable.UnclosedQuotation) -> String {
        let first = rest.first { $0 == separator || $0.isLineEnd || !$0.properties.isWhitespace }
        guard first == "\"" else { return unquoted() }
        rest = rest.drop { $0 != "\"" }.dropFirst()
        return try quotation() + unquoted()
    }

    private mutating func unquoted() -> String {
        let letters = rest.prefix { $0 != separator && !$0.isLineEnd }
        rest = rest[letters.endIndex...]
        return String(String.UnicodeScalarView(letters))
    }

    /// What stands in quotation marks, of which the first has been read.
    private mutating func quotation() throws(CSVTable.UnclosedQuotation) -> String {
        let start = line
        var letters = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == "\"" {
                guard rest.first == "\"" else { return String(letters) }
                rest.removeFirst()
            } else if scalar.isLineEnd {
                letters.append(scalar)
                if endLine(with: scalar) { letters.append("\n") }
                continue
            }
            letters.append(scalar)
        }
        throw CSVTable.UnclosedQuotation(line: start)
    }

    /// - Returns: whether a line feed followed the carriage return.
    @discardableResult
    private mutating func endLine(with scalar: Unicode.Scalar) -> Bool {
        line += 1
        guard scalar == "\r", rest.first == "\n" else { return false }
        rest.removeFirst()
        return true
    }
}

extension Unicode.Scalar {
    fileprivate var isLineEnd: Bool { self == "\n" || self == "\r" }
}
