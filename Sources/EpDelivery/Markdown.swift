/// Writes text into Markdown (CommonMark 0.31) so that it shows as it is.
enum Markdown {
    /// The text on one line, with a backslash before everything that would be read as a mark.
    static func escape(_ text: String) -> String {
        let line = text.singleLine
        var result = ""
        for scalar in line.unicodeScalars {
            if marks.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return escapeStart(of: result)
    }

    /// `[title](address)`, or the title alone where there is no address of the web.
    static func link(_ title: String, to address: String?) -> String {
        guard let address = address.flatMap({ WebAddress($0) }) else { return escape(title) }
        return "[\(escape(title))](<\(address.text)>)"
    }

    /// A heading, a list or a rule begins with one of these; a numbered list with digits and a point.
    private static func escapeStart(of line: String) -> String {
        if let first = line.first, "#+-=~".contains(first) { return "\\" + line }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        let rest = line.dropFirst(digits.count)
        guard !digits.isEmpty, let mark = rest.first, mark == "." || mark == ")" else { return line }
        return digits + "\\" + rest
    }

    private static let marks: Set<Unicode.Scalar> = ["\\", "`", "*", "_", "[", "]", "<", ">", "&"]
}
