import CGumbo

/// A web page as a document: what its `main` or its `article`s hold, without what only serves to get about in it.
struct HTMLDocument {
    struct Problem: Error { let what: String }

    /// Larger pages hold data, and no words.
    static let mostBytes = 8 << 20
    /// The parser goes down once for each level, and so does the reader.
    private static let mostDepth = 250

    private var document = Document()
    private var text = ""
    /// Pictures in the text that is open.
    private var images: [(path: String, words: String)] = []
    private var isTooDeep = false

    static func read(_ bytes: [UInt8]) throws(Problem) -> Document {
        guard bytes.count <= mostBytes else { throw Problem(what: "has more than \(mostBytes >> 20) MB of HTML") }
        guard HTMLDepth.isBounded(bytes) else { throw Problem(what: "is nested deeper than any page that a person writes") }
        var options = kGumboDefaultOptions
        options.max_errors = 0
        let found = bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { buffer -> Result<Document, Problem> in
                guard let output = gumbo_parse_with_options(&options, buffer.baseAddress, buffer.count) else {
                    return .failure(Problem(what: "cannot be read"))
                }
                defer { gumbo_destroy_output(&options, output) }
                var reader = HTMLDocument()
                reader.read(HTMLNode(output.pointee.document))
                if reader.isTooDeep { return .failure(Problem(what: "is nested more than \(mostDepth) deep")) }
                return .success(reader.document)
            }
        }
        return try found.get()
    }

    private mutating func read(_ page: HTMLNode) {
        var mains: [HTMLNode] = [], articles: [HTMLNode] = [], body: HTMLNode?
        Self.look(page) { node in
            switch node.name {
            case "html": document.language = node["lang"] ?? node["xml:lang"] ?? ""
            case "title": if document.title.isEmpty { document.title = node.allText.folded }
            case "main": mains.append(node)
            case "article": articles.append(node)
            case "body": body = node
            default: break
            }
            if node["role"] == "main" { mains.append(node) }
            // What lies in one that is read is read with it.
            return node.name == "head" || !["main", "article"].contains(node.name) && !HTMLNode.isLeftOut(node)
        }
        let roots = mains.isEmpty ? articles : mains
        for root in roots.isEmpty ? [body].compactMap(\.self) : roots {
            children(of: root, depth: 0)
            endParagraph()
        }
        document.preferHeading()
    }

    /// The elements within another, outermost first.
    /// - Parameter visit: returns false to look no deeper.
    private static func look(_ node: HTMLNode, depth: Int = 0, _ visit: (HTMLNode) -> Bool) {
        // What lies deeper is found, and refused, by who reads it.
        guard depth <= mostDepth else { return }
        for child in node.children where child.isElement && visit(child) { look(child, depth: depth + 1, visit) }
    }

    private mutating func children(of node: HTMLNode, depth: Int) {
        guard depth <= Self.mostDepth else { return isTooDeep = true }
        for child in node.children { read(child, depth: depth + 1) }
    }

    private mutating func read(_ node: HTMLNode, depth: Int) {
        if let words = node.text { return text += words }
        guard node.isElement else { return }
        if HTMLNode.isLeftOut(node) { return leaveOut(node) }
        switch node.name {
        case "h1", "h2", "h3", "h4", "h5", "h6": heading(node, level: Int(node.name.dropFirst()) ?? 2)
        case "ul", "ol", "menu", "dl": list(node, depth)
        case "blockquote": quote(node)
        case "pre": code(node)
        case "table": table(node)
        case "figure": figure(node, depth)
        case "img": images.append((node["src"] ?? "", (node["alt"] ?? "").folded))
        case "br": text += " "
        case let name where HTMLNode.blocks.contains(name):
            endParagraph()
            children(of: node, depth: depth)
            endParagraph()
        default: children(of: node, depth: depth)
        }
    }

    private mutating func endParagraph() {
        let words = text.folded
        text = ""
        if !words.isEmpty { document.add(.paragraph, words) }
        for image in images { document.add(.image(path: image.path), image.words) }
        images = []
    }

    private mutating func leaveOut(_ node: HTMLNode) {
        guard let what = HTMLNode.toldOf[node.name], node.name != "form" || !node.allText.folded.isEmpty else { return }
        document.drop(what)
    }

    private mutating func heading(_ node: HTMLNode, level: Int) {
        endParagraph()
        let words = node.spokenText
        if !words.isEmpty { document.add(.heading(level: level), words) }
    }

    private mutating func list(_ node: HTMLNode, _ depth: Int) {
        endParagraph()
        var items: [String] = []
        for child in node.children where child.isElement && !HTMLNode.isLeftOut(child) {
            let words = child.spokenText
            if child.name == "dd", let last = items.popLast() {
                items.append(last.hasSuffix(":") ? "\(last) \(words)" : "\(last): \(words)")
            } else if !words.isEmpty {
                items.append(words)
            }
        }
        if !items.isEmpty { document.add(.list(items)) }
    }

    private mutating func quote(_ node: HTMLNode) {
        endParagraph()
        var (parts, by, pending) = ([String](), "", "")
        for child in node.children where !HTMLNode.isLeftOut(child) || child.name == "footer" {
            if child.name == "footer" || child.name == "cite" {
                by = child.allText.folded.drop { "—–-― ".contains($0) }.description
            } else if HTMLNode.blocks.contains(child.name) {
                if !pending.folded.isEmpty { parts.append(pending.folded) }
                (pending, parts) = ("", parts + [child.spokenText])
            } else {
                pending += child.text ?? child.allText
            }
        }
        if !pending.folded.isEmpty { parts.append(pending.folded) }
        parts.removeAll(where: \.isEmpty)
        let divided = Quotation.divided(&parts)
        if !divided.text.isEmpty { document.add(.quote(by: by.isEmpty ? divided.by : by), divided.text) }
    }

    private mutating func code(_ node: HTMLNode) {
        endParagraph()
        let words = node.allText
        if words.contains(where: { !$0.isWhitespace }) { document.add(.code, words) }
    }

    /// Cells stay apart, whatever stands between their tags.
    private mutating func table(_ node: HTMLNode) {
        endParagraph()
        var rows: [[String]] = []
        Self.look(node) { inner in
            guard inner.name == "tr" else { return inner.name != "table" }
            let cells = inner.children.filter { ["td", "th"].contains($0.name) }.map(\.spokenText)
            if cells.contains(where: { !$0.isEmpty }) { rows.append(cells) }
            return false
        }
        if !rows.isEmpty { document.add(.table(rows)) }
    }

    /// A picture is described by its own words, else by those below it.
    private mutating func figure(_ node: HTMLNode, _ depth: Int) {
        endParagraph()
        var (caption, pictures, isOther) = ("", [HTMLNode](), false)
        Self.look(node) { inner in
            if inner.name == "figcaption" { caption = inner.spokenText }
            if inner.name == "img" { pictures.append(inner) }
            if ["pre", "table", "blockquote"].contains(inner.name) { isOther = true }
            return inner.name != "figcaption"
        }
        guard !isOther, !pictures.isEmpty else { return children(of: node, depth: depth) }
        for picture in pictures {
            let words = (picture["alt"] ?? "").folded
            document.add(.image(path: picture["src"] ?? ""), words.isEmpty ? caption : words)
        }
    }
}
