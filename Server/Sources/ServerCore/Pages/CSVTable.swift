/// A text of comma-separated values (RFC 4180) as rows of fields. A value.
struct CSVTable {
    let rows: [[String]]

    /// - Parameter limit: how many rows are read.
    init(_ text: String, limit: Int) {
        var (rows, row, field, isQuoted) = ([[String]](), [String](), "", false)
        var rest = text.unicodeScalars[...]
        while rows.count < limit, let scalar = rest.popFirst() {
            switch scalar {
            case "\"" where isQuoted && rest.first == "\"":
                field.unicodeScalars.append(scalar)
                rest.removeFirst()
            case "\"" where isQuoted || field.isEmpty: isQuoted.toggle()
            case "," where !isQuoted:
                row.append(field)
                field = ""
            case "\n" where !isQuoted:
                rows.append(row + [field])
                (row, field) = ([], "")
            case "\r" where !isQuoted: break
            default: field.unicodeScalars.append(scalar)
            }
        }
        if rows.count < limit, !row.isEmpty || !field.isEmpty { rows.append(row + [field]) }
        self.rows = rows
    }
}
