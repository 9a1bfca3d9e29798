public import EpCore

extension Template {
    /// - Parameters:
    ///   - file: how the file is shown in messages.
    ///   - location: where all of it stands, if it is a text within a file.
    /// - Throws: `Diagnostic` for bytes that are not UTF-8, an unclosed placeholder or block, or a tag that is not known.
    public init(parsing bytes: [UInt8], file: String, at location: SourceLocation? = nil) throws(Diagnostic) {
        let text = try WrittenText.decode(bytes, of: file)
        var parser = TemplateParser(text: text.unicodeScalars, file: file, at: location)
        parts = try parser.parse()
    }
}

/// One pass from left to right, with a stack of open blocks.
private struct TemplateParser {
    private struct Block {
        let tag: Tag
        let location: SourceLocation
        var parts: [Template.Part] = []
        var before: [Template.Part]?
    }

    private enum Tag {
        case root
        case each(Template.Variable, name: String)
        case condition(Template.Variable)
        case otherwise, end(String)
        case variable(Template.Variable)
    }

    private var rest: Substring.UnicodeScalarView
    private var location: SourceLocation
    /// What messages name instead of a place within the text.
    private let whole: SourceLocation?
    /// Spaces at the start of the line, as long as nothing else stands before the placeholder.
    private var indent = 0
    private var stack: [Block]
    /// Blocks inside each other: stops a template from using up the stack when it is filled in.
    private static let deepest = 100

    init(text: String.UnicodeScalarView, file: String, at whole: SourceLocation?) {
        self.whole = whole
        rest = Substring(String(text)).unicodeScalars
        location = SourceLocation(file: file, line: 1, column: 1)
        stack = [Block(tag: .root, location: location)]
    }

    mutating func parse() throws(Diagnostic) -> [Template.Part] {
        while !rest.isEmpty {
            let literal = takeLiteral()
            if !literal.isEmpty { append(.text(literal)) }
            if !rest.isEmpty { try takeTag() }
        }
        let open = stack.removeLast()
        guard stack.isEmpty else {
            throw Diagnostic(.badInput, "this block is never closed", at: open.location, remedy: "close it with {{/each}} or {{/if}}")
        }
        return open.parts
    }

    private mutating func append(_ part: Template.Part) { stack[stack.count - 1].parts.append(part) }

    /// Everything up to the next `{{`.
    private mutating func takeLiteral() -> String {
        var literal = String.UnicodeScalarView()
        while let scalar = rest.first {
            if scalar == "{", rest.dropFirst().first == "{" { break }
            literal.append(scalar)
            advance()
        }
        return String(literal)
    }

    private mutating func advance() {
        guard let scalar = rest.popFirst() else { return }
        if scalar == "\n" {
            location.line += 1
            location.column = 1
            indent = 0
        } else {
            if scalar == " ", indent == location.column - 1 { indent += 1 }
            location.column += 1
        }
    }

    private mutating func takeTag() throws(Diagnostic) {
        let (start, column) = (location, indent)
        let place = whole ?? start
        advance()
        advance()
        if let text = try takeQuoted(at: place) {
            append(.text(text))
            return
        }
        var inside = ""
        while let scalar = rest.first, !(scalar == "}" && rest.dropFirst().first == "}") {
            guard scalar != "\n" else { break }
            inside.unicodeScalars.append(scalar)
            advance()
        }
        guard rest.first == "}" else {
            throw Diagnostic(
                .badInput, "`{{` is not closed on its line", at: place, remedy: "write {{ name }}; for the braces themselves {{ \"{{\" }}")
        }
        advance()
        advance()
        let tag = try Self.tag(inside, at: place)
        switch tag {
        case .variable(let variable): append(.variable(variable, indent: column))
        case .each, .condition, .root:
            guard stack.count <= Self.deepest else {
                throw Diagnostic(.badInput, "blocks are nested more than \(Self.deepest) deep", at: place)
            }
            skipLine(of: start, indent: column)
            stack.append(Block(tag: tag, location: place))
        case .otherwise:
            guard case .condition = stack[stack.count - 1].tag, stack[stack.count - 1].before == nil else {
                throw Diagnostic(.badInput, "{{else}} stands in no {{#if}}", at: place)
            }
            skipLine(of: start, indent: column)
            stack[stack.count - 1].before = stack[stack.count - 1].parts
            stack[stack.count - 1].parts = []
        case .end(let name):
            skipLine(of: start, indent: column)
            try close(name, at: place)
        }
    }

    /// A text in quotes within a tag stands as it is: so the braces of a tag themselves can be written.
    /// - Returns: nil if the tag does not begin with a quote.
    private mutating func takeQuoted(at place: SourceLocation) throws(Diagnostic) -> String? {
        guard let quote = rest.first(where: { $0 != " " }), quote == "\"" || quote == "'" else { return nil }
        var text = String.UnicodeScalarView()
        while rest.first != quote { advance() }
        advance()
        while let scalar = rest.first, scalar != quote, scalar != "\n" {
            text.append(scalar)
            advance()
        }
        let isEnded = rest.first == quote
        if isEnded { advance() }
        while rest.first == " " { advance() }
        guard isEnded, rest.starts(with: "}}".unicodeScalars) else {
            throw Diagnostic(.badInput, "a text in quotes is not closed within its `{{`", at: place, remedy: "write {{ \"{{\" }}")
        }
        advance()
        advance()
        return String(text)
    }

    /// A block tag alone on its line leaves nothing of the line behind, neither its indent nor its end.
    private mutating func skipLine(of place: SourceLocation, indent: Int) {
        guard indent == place.column - 1 else { return }
        let end = rest.first == "\r" ? rest.dropFirst() : rest
        guard end.first == "\n" else { return }
        while rest.first != "\n" { advance() }
        advance()
        guard indent > 0, case .text(let literal)? = stack[stack.count - 1].parts.popLast() else { return }
        let kept = literal.unicodeScalars.dropLast(indent)
        if !kept.isEmpty { append(.text(String(kept))) }
    }

    private mutating func close(_ name: String, at place: SourceLocation) throws(Diagnostic) {
        let block = stack[stack.count - 1]
        switch (block.tag, name) {
        case (.each(let variable, let bound), "each"):
            stack.removeLast()
            append(.each(variable, name: bound, block.parts))
        case (.condition(let variable), "if"):
            stack.removeLast()
            append(.condition(variable, block.before ?? block.parts, otherwise: block.before == nil ? [] : block.parts))
        default:
            throw Diagnostic(.badInput, "{{/\(name)}} closes nothing that is open here", at: place)
        }
    }

    private static func tag(_ text: String, at place: SourceLocation) throws(Diagnostic) -> Tag {
        let words = text.split(separator: " ").map(String.init)
        switch (words.first, words.count) {
        case ("#each", 4) where words[2] == "as": return .each(try variable(words[1], at: place), name: words[3])
        case ("#if", 2): return .condition(try variable(words[1], at: place))
        case ("else", 1): return .otherwise
        case ("/each", 1): return .end("each")
        case ("/if", 1): return .end("if")
        case (let name?, 1): return .variable(try variable(name, at: place))
        default:
            throw Diagnostic(
                .badInput, "`{{\(text)}}` is not understood", at: place,
                remedy:
                    "write {{ name.field }}, {{#each list as x}} … {{/each}} or {{#if name}} … {{else}} … {{/if}}; for the braces "
                        + "themselves {{ \"{{\" }}"
            )
        }
    }

    private static func variable(_ text: String, at place: SourceLocation) throws(Diagnostic) -> Template.Variable {
        let path = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isName = path.allSatisfy { name in
            !name.isEmpty
                && name.unicodeScalars.allSatisfy {
                    $0 == "_" || $0 == "-" || $0.properties.isAlphabetic || $0.properties.numericType != nil
                }
        }
        guard isName else {
            throw Diagnostic(
                .badInput, "`\(text)` is not a variable's name", at: place,
                remedy: "write names with full stops between them, such as `show.title`; of a list, {{#each list as x}} … {{/each}}")
        }
        return Template.Variable(path: path, location: place)
    }
}
