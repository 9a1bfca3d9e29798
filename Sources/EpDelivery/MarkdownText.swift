import CCmark

/// A text in Markdown (CommonMark) as a person wrote it, and as documents of other formats show it.
public struct MarkdownText: Hashable, Sendable {
    public let source: String

    /// - Parameter source: characters that cannot be shown are left out.
    public init(_ source: String) { self.source = source.multiLine }

    /// As HTML. Tags in the text are shown as they were written, and a link that would run a script leads nowhere:
    /// no text can break out of its page.
    var html: Markup {
        let document = MarkdownTree(source)
        document.visit { node, _ in
            switch node.kind {
            case CMARK_NODE_HTML_INLINE: node.replace(by: .text(node.literal))
            case CMARK_NODE_HTML_BLOCK: node.replace(by: .paragraph(node.literal.trimmingEnd))
            // The page has a title of its own.
            case CMARK_NODE_HEADING: node.headingLevel = max(2, node.headingLevel)
            default: break
            }
        }
        return Markup(stringLiteral: document.html)
    }

    /// The words alone, in paragraphs; the address of a link stands behind its words.
    var plainText: String {
        var text = PlainWriter()
        MarkdownTree(source).visit { node, isEnd in
            switch (node.kind, isEnd) {
            case (CMARK_NODE_TEXT, _), (CMARK_NODE_CODE, _), (CMARK_NODE_HTML_INLINE, _): text.write(node.literal)
            case (CMARK_NODE_HTML_BLOCK, _), (CMARK_NODE_CODE_BLOCK, _):
                text.write(node.literal.trimmingEnd)
                text.endParagraph()
            case (CMARK_NODE_SOFTBREAK, _): text.write(" ")
            case (CMARK_NODE_LINEBREAK, _): text.write("\n")
            case (CMARK_NODE_LINK, true): text.writeAddress(node.address)
            case (CMARK_NODE_ITEM, false): text.beginItem()
            case (CMARK_NODE_ITEM, true): text.endItem()
            case (CMARK_NODE_PARAGRAPH, true), (CMARK_NODE_HEADING, true), (CMARK_NODE_LIST, true): text.endParagraph()
            default: break
            }
        }
        return text.text
    }
}

/// Collects paragraphs: an empty line between two, none between the items of a list.
private struct PlainWriter {
    private(set) var text = ""
    private var pending = ""
    private var depth = 0

    mutating func write(_ more: String) {
        if !text.isEmpty { text += pending }
        pending = ""
        text += more
    }

    mutating func writeAddress(_ address: String) {
        if !address.isEmpty, !text.hasSuffix(address) { write(" (\(address))") }
    }

    mutating func endParagraph() { pending = depth > 0 ? "\n" : "\n\n" }

    mutating func beginItem() {
        depth += 1
        write("- ")
    }

    mutating func endItem() {
        depth -= 1
        pending = "\n"
    }
}

/// A parsed text, by the library of the standard's authors.
final class MarkdownTree {
    private let root: OpaquePointer?

    init(_ source: String) {
        var source = source
        root = source.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_DEFAULT) }
        }
    }

    deinit { if let root { cmark_node_free(root) } }

    /// As HTML, one block a line. Without `CMARK_OPT_UNSAFE`, links that run scripts lose their addresses.
    var html: String {
        guard let rendered = cmark_render_html(root, CMARK_OPT_DEFAULT) else { return "" }
        defer { cmark_get_default_mem_allocator().pointee.free(rendered) }
        return String(cString: rendered).trimmingEnd
    }

    /// Calls `body` for every node: at its beginning and its end, or once if nothing can lie in it.
    func visit(_ body: (MarkdownNode, _ isEnd: Bool) -> Void) {
        guard let root, let iterator = cmark_iter_new(root) else { return }
        defer { cmark_iter_free(iterator) }
        while true {
            let event = cmark_iter_next(iterator)
            guard event != CMARK_EVENT_DONE else { return }
            if let node = cmark_iter_get_node(iterator) { body(MarkdownNode(pointer: node), event == CMARK_EVENT_EXIT) }
        }
    }
}

/// A node of a tree that somebody else holds.
struct MarkdownNode {
    let pointer: OpaquePointer

    var kind: cmark_node_type { cmark_node_get_type(pointer) }
    var literal: String { cmark_node_get_literal(pointer).map { String(cString: $0) } ?? "" }
    var address: String {
        get { cmark_node_get_url(pointer).map { String(cString: $0) } ?? "" }
        nonmutating set { _ = cmark_node_set_url(pointer, newValue) }
    }

    var headingLevel: Int32 {
        get { cmark_node_get_heading_level(pointer) }
        nonmutating set { _ = cmark_node_set_heading_level(pointer, newValue) }
    }

    static func text(_ literal: String) -> MarkdownNode? {
        let node = cmark_node_new(CMARK_NODE_TEXT).map(MarkdownNode.init)
        if let node { _ = cmark_node_set_literal(node.pointer, literal) }
        return node
    }

    static func paragraph(_ literal: String) -> MarkdownNode? {
        guard let node = cmark_node_new(CMARK_NODE_PARAGRAPH), let text = text(literal) else { return nil }
        _ = cmark_node_append_child(node, text.pointer)
        return MarkdownNode(pointer: node)
    }

    /// Puts what lies in it in its place, once it has been gone through: allowed when it ends.
    func unwrap(between start: String = "", _ end: String = "") {
        if !start.isEmpty, let mark = Self.text(start) { _ = cmark_node_insert_before(pointer, mark.pointer) }
        while let child = cmark_node_first_child(pointer) { _ = cmark_node_insert_before(pointer, child) }
        if !end.isEmpty, let mark = Self.text(end) { _ = cmark_node_insert_before(pointer, mark.pointer) }
        cmark_node_free(pointer)
    }

    /// Puts another in its place: allowed while it is visited, as nothing can lie in it.
    func replace(by other: MarkdownNode?) {
        guard let other, cmark_node_replace(pointer, other.pointer) == 1 else { return }
        cmark_node_free(pointer)
    }
}

extension String {
    /// Without white space around it.
    var trimmed: String { String(trimmingEnd.drop { $0.isWhitespace }) }

    fileprivate var trimmingEnd: String { String(reversed().drop { $0.isWhitespace }.reversed()) }
}
