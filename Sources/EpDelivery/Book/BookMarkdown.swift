import CCmark

/// A scene's text as a chapter of a book shows it: everything that it names is within the book.
extension MarkdownText {
    /// What its pictures are called, in order.
    var pictures: [String] {
        var names: [String] = []
        MarkdownTree(source).visit { node, isEnd in
            if node.kind == CMARK_NODE_IMAGE, !isEnd { names.append(node.address) }
        }
        return names
    }

    /// As XHTML, with pictures under the names that they have in the book. A picture that is not there is shown by its words; so is a link
    /// that leads neither to the web nor to a letter box.
    /// - Parameter pictures: file names in the book, by the names in the text.
    func bookMarkup(pictures: [String: String]) -> Markup {
        let document = MarkdownTree(source)
        document.visit { node, isEnd in
            switch (node.kind, isEnd) {
            case (CMARK_NODE_HTML_INLINE, _): node.replace(by: .text(node.literal))
            case (CMARK_NODE_HTML_BLOCK, _): node.replace(by: .paragraph(node.literal.trimmed))
            // The chapter's title is the heading of the first level.
            case (CMARK_NODE_HEADING, true): node.headingLevel = min(6, node.headingLevel + 1)
            case (CMARK_NODE_IMAGE, true):
                if let file = pictures[node.address] { node.address = file } else { node.unwrap(between: "[", "]") }
            case (CMARK_NODE_LINK, true):
                if WebAddress(node.address) == nil, !node.address.lowercased().hasPrefix("mailto:") { node.unwrap() }
            default: break
            }
        }
        return Markup(stringLiteral: document.html)
    }
}
