import CLibyaml
public import EpCore

extension Node {
    /// Parses one YAML document (JSON is read too). An empty file is an empty mapping.
    /// - Parameter file: how the file is shown in messages.
    /// - Throws: `Diagnostic` with line and column: not YAML, a key twice, more than one document, too large an expansion of aliases.
    public init(parsing bytes: [UInt8], file: String) throws(Diagnostic) {
        // libyaml skips a byte-order mark only where it is to find out the encoding.
        var parser = YAMLEvents(bytes: bytes.withoutByteOrderMark, file: file)
        self = try parser.document()
    }
}

extension [UInt8] {
    /// A text without the mark that some editors begin it with.
    var withoutByteOrderMark: [UInt8] { starts(with: [0xEF, 0xBB, 0xBF]) ? Array(dropFirst(3)) : self }
}

/// Reads libyaml's events into nodes.
private struct YAMLEvents: ~Copyable {
    /// Nodes in all, aliases counted as often as they are used: stops a "billion laughs".
    private static let limit = 2_000_000
    /// Lists and mappings inside each other: stops a file from using up the stack.
    private static let maximumDepth = 200

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let file: String
    private let pairs: SurrogatePairs
    private var anchors: [String: (node: Node, count: Int)] = [:]
    private var count = 0
    private var depth = 0
    /// Where the last quoted text began and ended, if that is on another line: its quote was perhaps never meant to go on.
    private var longQuote: (start: SourceLocation, end: Int)?

    init(bytes: [UInt8], file: String) {
        parser = .allocate(capacity: 1)
        var bytes = bytes
        pairs = SurrogatePairs(hidingIn: &bytes)
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        self.file = file
        yaml_parser_initialize(parser)
        yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    mutating func document() throws(Diagnostic) -> Node {
        let empty = Node(location: SourceLocation(file: file, line: 1, column: 1), content: .object([]))
        _ = try next()
        guard case .documentStart = try next() else { return empty }
        let node = try node(from: next())
        _ = try next()
        if case .documentStart(let location) = try next() {
            throw Diagnostic(.badInput, "a second YAML document begins here", at: location, remedy: "keep one document a file")
        }
        if case .scalar("", true) = node.content { return empty }
        return node
    }

    private enum Event {
        case scalar(Node, anchor: String?)
        case alias(String, SourceLocation)
        case listStart(SourceLocation, anchor: String?)
        case objectStart(SourceLocation, anchor: String?)
        case documentStart(SourceLocation)
        case end
    }

    private mutating func node(from event: Event) throws(Diagnostic) -> Node {
        count += 1
        let before = count
        let node: Node
        var name: String?
        switch event {
        case .scalar(let scalar, let anchor):
            (node, name) = (scalar, anchor)
        case .alias(let alias, let location):
            guard let anchored = anchors[alias] else {
                throw Diagnostic(.badInput, "alias *\(alias) has no anchor &\(alias) before it", at: location)
            }
            count += anchored.count
            node = anchored.node
        case .listStart(let location, let anchor):
            (node, name) = (
                Node(location: location, content: .list(try nested(at: location) { (events) throws(Diagnostic) in try events.list() })),
                anchor
            )
        case .objectStart(let location, let anchor):
            (node, name) = (
                Node(location: location, content: .object(try nested(at: location) { (events) throws(Diagnostic) in try events.object() })),
                anchor
            )
        case .documentStart(let location):
            throw Diagnostic(.badInput, "a value was expected", at: location)
        case .end:
            throw Diagnostic(.badInput, "a value was expected", at: SourceLocation(file: file))
        }
        if let name { anchors[name] = (node, count - before) }
        guard count <= Self.limit else {
            throw Diagnostic(.badInput, "the file has more than \(Self.limit) values", at: node.location)
        }
        return node
    }

    private mutating func nested<Result>(
        at location: SourceLocation, _ read: (inout YAMLEvents) throws(Diagnostic) -> Result
    ) throws(Diagnostic) -> Result {
        guard depth < Self.maximumDepth else {
            throw Diagnostic(.badInput, "values are nested more than \(Self.maximumDepth) deep", at: location)
        }
        depth += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    private mutating func list() throws(Diagnostic) -> [Node] {
        var nodes: [Node] = []
        while true {
            let event = try next()
            if case .end = event { return nodes }
            nodes.append(try node(from: event))
        }
    }

    private mutating func object() throws(Diagnostic) -> [Node.Member] {
        var members: [Node.Member] = []
        var keys: Set<Path> = []
        while true {
            let event = try next()
            if case .end = event { return members }
            let key = try node(from: event)
            guard case .scalar(let text, let isPlain) = key.content else {
                throw Diagnostic(.badInput, "a key must be a text, not \(key.kind)", at: key.location)
            }
            guard text != "<<" || !isPlain else {
                throw Diagnostic(
                    .badInput, "`<<` would merge another mapping into this one, as in YAML 1.1: nothing of it would be read",
                    at: key.location, remedy: "write its keys out here; an alias (`*name`) stands for a whole value")
            }
            guard keys.insert(Path(text)).inserted else {
                throw Diagnostic(
                    .badInput, "the key \"\(text)\" stands here a second time", at: key.location, remedy: "remove one of the two")
            }
            members.append(Node.Member(key: text, keyLocation: key.location, value: try node(from: next())))
        }
    }

    private mutating func next() throws(Diagnostic) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
        defer { yaml_event_delete(&event) }
        let place = location(event.start_mark)
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let isText = try isText(scalar.tag, at: place)
            // libyaml does not tell of a `!` alone; a text without quotes that is not taken for a number has had one.
            if scalar.style == YAML_PLAIN_SCALAR_STYLE, scalar.plain_implicit == 0, scalar.tag == nil { throw unreadTag("!", place) }
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && !isText
            let isQuoted = [YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE].contains(scalar.style)
            longQuote = isQuoted && event.start_mark.line < event.end_mark.line ? (place, event.end_mark.line + 1) : nil
            return .scalar(
                Node(
                    location: place,
                    content: .scalar(pairs.shown(in: text, isQuoted: scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE), isPlain: isPlain)),
                anchor: Self.name(scalar.anchor))
        case YAML_ALIAS_EVENT: return .alias(Self.name(event.data.alias.anchor) ?? "", place)
        case YAML_SEQUENCE_START_EVENT:
            _ = try isText(event.data.sequence_start.tag, at: place)
            return .listStart(place, anchor: Self.name(event.data.sequence_start.anchor))
        case YAML_MAPPING_START_EVENT:
            _ = try isText(event.data.mapping_start.tag, at: place)
            return .objectStart(place, anchor: Self.name(event.data.mapping_start.anchor))
        case YAML_DOCUMENT_START_EVENT: return .documentStart(place)
        default: return .end
        }
    }

    private var failure: Diagnostic {
        let context = parser.pointee.context.map { " \(String(cString: $0))" } ?? ""
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be read"
        if let problem = WrittenText.problem(in: Array(input), of: file) { return problem }
        if parser.pointee.error == YAML_READER_ERROR {
            let digits = String(parser.pointee.problem_value, radix: 16, uppercase: true)
            let character = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            return Diagnostic(
                .badInput, "not valid YAML: a control character, U+\(character)",
                at: locate(offset: parser.pointee.problem_offset), remedy: "take it out")
        }
        let place = location(parser.pointee.problem_mark)
        if context.hasSuffix("scanning a quoted scalar") {
            return Diagnostic(
                .badInput, "not valid YAML: the quote that opens here is never closed", at: location(parser.pointee.context_mark),
                remedy: "close it; a text with a quotation mark in it stands in the other kind of marks")
        }
        if let longQuote, longQuote.end == place.line {
            return Diagnostic(
                .badInput, "not valid YAML: the quote that opens here is closed in line \(longQuote.end), where something else follows",
                at: longQuote.start,
                remedy: "close it where it ends; a text with a quotation mark in it stands in the other kind of marks")
        }
        if problem.contains("tab character") || isIndentedByTab(place.line) {
            return Diagnostic(.badInput, "not valid YAML: a tab stands where only spaces may", at: place, remedy: "indent with spaces")
        }
        return YAMLProblem(
            problem: problem, context: context, place: place, start: location(parser.pointee.context_mark),
            lines: input.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
        ).diagnostic
    }

    /// True for `!!str`, which says that a number is a text. What else a tag would say is nothing to epbuild, or can be seen.
    /// - Throws: for a tag of somebody's own: perhaps it was to be words.
    private func isText(_ tag: UnsafeMutablePointer<yaml_char_t>?, at place: SourceLocation) throws(Diagnostic) -> Bool {
        guard let tag = Self.name(tag) else { return false }
        let known = ["str", "int", "float", "bool", "null", "seq", "map"].map { "tag:yaml.org,2002:\($0)" }
        guard known.contains(tag) else { throw unreadTag(tag, place) }
        return tag == known[0]
    }

    private func unreadTag(_ tag: String, _ place: SourceLocation) -> Diagnostic {
        Diagnostic(
            .badInput, "`\(tag)` would be a tag of YAML: it means nothing here, and would not be read", at: place,
            remedy: "put a text that begins with ! into quotes, or take the tag out")
    }

    private func isIndentedByTab(_ line: Int) -> Bool {
        let lines = input.split(separator: 10, maxSplits: line, omittingEmptySubsequences: false)
        return lines.indices.contains(line - 1) && lines[line - 1].prefix { $0 == 9 || $0 == 32 }.contains(9)
    }

    private func location(_ mark: yaml_mark_t) -> SourceLocation {
        SourceLocation(file: file, line: mark.line + 1, column: mark.column + 1)
    }

    /// libyaml gives the byte offset alone where the encoding is wrong.
    private func locate(offset: Int) -> SourceLocation {
        let before = input.prefix(offset)
        let lineStart = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
        return SourceLocation(file: file, line: before.count { $0 == 10 } + 1, column: offset - lineStart + 1)
    }

    private static func name(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }
}
