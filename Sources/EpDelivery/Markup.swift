/// A piece of XML or HTML. What is put into it by interpolation is escaped, unless it is markup itself; so a text
/// cannot break out of its place, whatever it contains.
struct Markup: Hashable, Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
    private(set) var text: String

    init(stringLiteral value: String) { text = value }
    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// Markup that shows the text as it is, in an element or a quoted attribute.
    init(escaping text: String) {
        var result = ""
        for scalar in text.multiLine.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        self.text = result
    }

    /// Pieces under each other, one a line; those that are nil are left out.
    init(lines: [Markup?]) { text = lines.compactMap { $0?.text }.joined(separator: "\n") }

    var description: String { text }

    struct StringInterpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }
        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ value: String) { text += Markup(escaping: value).text }
        mutating func appendInterpolation(_ value: some BinaryInteger) { text += String(value) }
        mutating func appendInterpolation(_ value: Markup) { text += value.text }
        /// Nothing where there is nothing.
        mutating func appendInterpolation(_ value: Markup?) { text += value?.text ?? "" }
        mutating func appendInterpolation(_ values: [Markup]) { text += Markup(lines: values).text }
    }
}
