/// A Word document (`.docx`): its paragraphs and tables, and what of it is not taken.
struct WordDocument {
    private var archive: ZipArchive
    private var doubts: Doubts

    static func read(_ bytes: [UInt8], doubts: inout Doubts) throws -> Source {
        var document = WordDocument(archive: try ZipArchive(bytes), doubts: doubts)
        let source = try document.read()
        doubts = document.doubts
        return source
    }

    private mutating func read() throws -> Source {
        guard let main = try part("document") else { throw ZipArchive.Problem(what: "holds no Word document") }
        let styles = WordStyles()
        if let bytes = try part("styles") { try XMLReader.read(bytes, styles) }
        let text = WordText(styles.names, doubts)
        try XMLReader.read(main, text)
        doubts = text.doubts
        try leaveOut()
        return Source(blocks: text.blocks)
    }

    /// Some programs number the parts: `word/document2.xml`.
    private mutating func part(_ name: String) throws -> [UInt8]? {
        let found = archive.names.first { place in
            let place = place.replacing("\\", with: "/").drop { $0 == "/" }
            guard place.hasPrefix("word/\(name)"), place.hasSuffix(".xml") else { return false }
            return place.dropFirst("word/\(name)".count).dropLast(".xml".count).allSatisfy(\.isNumber)
        }
        return try found.flatMap { name throws in try archive.file(name) }
    }

    /// Comments, notes, headers and footers are no words of the script.
    private mutating func leaveOut() throws {
        for (part, what) in [("comments", "comment"), ("footnotes", "footnote"), ("endnotes", "endnote")] {
            for text in try paragraphs(of: "word/\(part).xml", each: what) {
                doubts.note("the \(what) \(text.excerpt) is left out", at: nil, remedy: "write it as a [[note]] if it is wanted")
            }
        }
        for name in archive.names where name.hasPrefix("word/header") || name.hasPrefix("word/footer") {
            let text = try paragraphs(of: name, each: nil).joined(separator: " ").folded
            if text.contains(where: \.isLetter) {
                doubts.note(
                    "the words \(text.excerpt) at the edge of the pages are left out", at: nil,
                    remedy: "nothing, if they are not to be heard")
            }
        }
    }

    private mutating func paragraphs(of part: String, each element: String?) throws -> [String] {
        guard let bytes = try archive.file(part) else { return [] }
        let plain = PlainParagraphs(element)
        try XMLReader.read(bytes, plain)
        return plain.texts
    }
}

/// The names of a document's styles by their identifiers, which depend on the language that it was written in.
private final class WordStyles: XMLHandler {
    private(set) var names: [String: String] = [:]
    private var style: String?

    func begin(_ name: String, _ attributes: [String: String]) {
        if name == "style" { style = attributes["styleId"] }
        if name == "name", let style, let value = attributes["val"] { names[style] = value.lowercased() }
    }

    func end(_ name: String) { if name == "style" { style = nil } }
    func text(_ text: String) {}
}

/// The text of each element of a kind, or of the whole part.
private final class PlainParagraphs: XMLHandler {
    private(set) var texts: [String] = []
    private let element: String?
    private var text = ""
    private var isText = false

    init(_ element: String?) { self.element = element }

    func begin(_ name: String, _ attributes: [String: String]) {
        isText = name == "t"
        if name == element { text = "" }
    }

    func text(_ text: String) { if isText { self.text += text } }

    func end(_ name: String) {
        isText = false
        if name == "p" { text += " " }
        guard name == (element ?? "p") else { return }
        if !text.trimmed.isEmpty { texts.append(text.folded) }
        text = ""
    }
}
