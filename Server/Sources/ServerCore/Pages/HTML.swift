/// A piece of a page. Text is escaped wherever it comes from: there is no way to put markup into a page but by these functions.
public struct HTML: Sendable, ExpressibleByStringInterpolation {
    public let text: String

    private init(markup: String) { text = markup }

    public init(stringLiteral value: String) { self.init(value) }

    /// Text of anybody.
    public init(_ text: String) { self.text = Self.escaped(text) }

    /// Pieces one after the other.
    public init(_ pieces: [HTML]) { text = pieces.map(\.text).joined() }

    public static let nothing = HTML(markup: "")

    /// An element.
    /// - Parameter attributes: a nil leaves the attribute out; "" is one without a value.
    public static func tag(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:], _ children: HTML...) -> HTML {
        tag(name, attributes, children)
    }

    public static func tag(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:], _ children: [HTML]) -> HTML {
        let name = name.description
        var markup = "<" + name
        for case (let key, let value?) in attributes {
            markup += " "
            markup += key.description
            markup += "=\""
            markup += escaped(value)
            markup += "\""
        }
        markup += ">"
        guard !voids.contains(name) else { return HTML(markup: markup) }
        for child in children { markup += child.text }
        markup += "</"
        markup += name
        markup += ">"
        return HTML(markup: markup)
    }

    private static let voids: Set = ["input", "meta", "link", "br"]

    public static func link(_ path: String, _ text: String) -> HTML { tag("a", ["href": path], HTML(text)) }

    private static let special = Array("&<>\"'\0".utf8)

    /// A whole page.
    static func document(_ head: HTML, _ body: HTML) -> String { "<!doctype html>\n<html lang=\"en\">\(head.text)\(body.text)</html>\n" }

    static func escaped(_ text: String) -> String {
        // Most texts are as they stand.
        guard text.utf8.contains(where: { special.contains($0) }) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\0": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
