import CGumbo

/// A node of a parsed page, which somebody else holds.
struct HTMLNode {
    private let pointer: UnsafeMutablePointer<GumboNode>

    init(_ pointer: UnsafeMutablePointer<GumboNode>) { self.pointer = pointer }

    private var type: GumboNodeType { pointer.pointee.type }
    var isElement: Bool { type == GUMBO_NODE_ELEMENT }

    /// The words of a text; nil for anything else.
    var text: String? {
        guard type == GUMBO_NODE_TEXT || type == GUMBO_NODE_WHITESPACE || type == GUMBO_NODE_CDATA else { return nil }
        return String(cString: pointer.pointee.v.text.text).visible
    }

    /// In small letters; "" for what is no element.
    var name: String {
        guard isElement else { return "" }
        let element = pointer.pointee.v.element
        if element.tag != GUMBO_TAG_UNKNOWN { return String(cString: gumbo_normalized_tagname(element.tag)) }
        var piece = element.original_tag
        gumbo_tag_from_original_text(&piece)
        guard let start = piece.data else { return "?" }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: piece.length), as: UTF8.self).lowercased()
    }

    var children: [HTMLNode] {
        let vector: GumboVector
        switch type {
        case GUMBO_NODE_DOCUMENT: vector = pointer.pointee.v.document.children
        case GUMBO_NODE_ELEMENT: vector = pointer.pointee.v.element.children
        default: return []
        }
        return (0..<Int(vector.length)).compactMap { vector.data[$0].map { HTMLNode($0.assumingMemoryBound(to: GumboNode.self)) } }
    }

    /// What an attribute says; nil if there is none.
    subscript(attribute: String) -> String? {
        guard isElement else { return nil }
        var attributes = pointer.pointee.v.element.attributes
        guard let found = gumbo_get_attribute(&attributes, attribute) else { return nil }
        return String(cString: found.pointee.value)
    }

    /// All words in it, as they stand; none of what is left out.
    var allText: String { collected(isApart: false) }

    /// The same on one line, as it would be said: blocks do not run into each other, and what pictures show is not said.
    var spokenText: String { FrontMatter.withoutNotes(collected(isApart: true).folded) }

    private func collected(isApart: Bool) -> String {
        var text = ""
        // Deeper than any reader goes; who reads has looked at the depth before.
        var open: [(node: HTMLNode, isEnd: Bool)] = [(self, false)]
        while let (node, isEnd) = open.popLast() {
            if isEnd {
                text += " "
            } else if let words = node.text {
                text += words
            } else if node.name == "br" {
                text += isApart ? " " : "\n"
            } else if !Self.isLeftOut(node) || node.name == "footer" {
                if isApart, Self.blocks.contains(node.name) {
                    text += " "
                    open.append((node, true))
                }
                open += node.children.reversed().map { ($0, false) }
            }
        }
        return text
    }

    // MARK: what a page consists of

    static let blocks: Set<String> = [
        "address", "article", "aside", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure",
        "footer",
        "form", "header",
        "hgroup", "hr", "li", "main", "ol", "p", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "h1",
        "h2", "h3",
        "h4", "h5", "h6",
        "blockquote", "pre",
    ]

    private static let leftOut: Set<String> = [
        "script", "style", "nav", "footer", "aside", "form", "button", "noscript", "template", "svg", "math", "iframe", "object", "embed",
        "video",
        "audio", "canvas",
        "select", "textarea", "input", "head", "title", "link", "meta", "dialog", "map", "rt", "rp",
    ]

    /// What a person may miss, with the words for it.
    static let toldOf = [
        "iframe": "what is embedded from elsewhere (iframe)", "object": "what is embedded from elsewhere (object)", "video": "a video",
        "audio": "a recording",
        "form": "a form", "math": "a formula (math)", "svg": "a drawing (svg)", "aside": "remarks at the side (aside)",
        "canvas": "a drawing (canvas)",
    ]

    private static let leftOutRoles: Set<String> = ["navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alert"]

    /// True for what is no part of what the page has to say, or cannot be seen.
    static func isLeftOut(_ node: HTMLNode) -> Bool {
        guard node.isElement else { return false }
        if leftOut.contains(node.name) || node["hidden"] != nil || node["aria-hidden"]?.lowercased() == "true" { return true }
        if let role = node["role"]?.lowercased(), leftOutRoles.contains(role) { return true }
        guard let style = node["style"]?.lowercased().filter({ !$0.isWhitespace }) else { return false }
        return style.contains("display:none") || style.contains("visibility:hidden")
    }
}

/// How deep a page may be nested, told before it is parsed: the parser would go down as deep.
enum HTMLDepth {
    private static let most = 1_000
    /// Elements that end by themselves, or with the next of their kind.
    private static let unnested: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li", "dt",
        "dd",
        "option", "optgroup", "tr", "td",
        "th", "thead", "tbody", "tfoot", "colgroup", "rt", "rp", "body", "html", "head",
    ]

    static func isBounded(_ bytes: [UInt8]) -> Bool {
        var (depth, index) = (0, 0)
        while index + 1 < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                index += 1
                continue
            }
            let isEnd = bytes[index + 1] == UInt8(ascii: "/")
            let start = index + (isEnd ? 2 : 1)
            let name = bytes[start...].prefix(20).prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
            if !name.isEmpty, !unnested.contains(String(decoding: name, as: UTF8.self).lowercased()) {
                depth = max(0, depth + (isEnd ? -1 : 1))
            }
            if depth > most { return false }
            index = start + name.count
        }
        return true
    }
}
