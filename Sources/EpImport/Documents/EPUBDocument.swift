import EpCore

/// A book in EPUB as a document: its chapters in the order in which they are read.
struct EPUBDocument {
    struct Problem: Error { let what: String }

    static func read(_ bytes: [UInt8]) throws -> Document {
        var archive = try ZipArchive(bytes)
        guard let container = try archive.file("META-INF/container.xml") else {
            throw Problem(what: "says nowhere what is in it (META-INF/container.xml)")
        }
        let root = RootFile()
        try XMLReader.read(container, root)
        guard let path = root.path, let packageBytes = try archive.file(path) else { throw Problem(what: "has no list of its chapters") }
        let package = BookPackage(directory: path.split(separator: "/").dropLast().map(String.init))
        try XMLReader.read(packageBytes, package)
        if try archive.file("META-INF/encryption.xml").map({ String(decoding: $0, as: UTF8.self).contains("EncryptedData") }) == true,
            package.spine.isEmpty
        {
            throw Problem(what: "is encrypted")
        }
        var document = Document()
        document.title = package.title.folded
        document.language = package.language.folded
        for chapter in package.spine {
            guard let chapterBytes = try archive.file(chapter) else {
                document.drop("the chapter \(chapter.excerpt), which is not in the book")
                continue
            }
            document.add(try HTMLDocument.read(XHTML.asHTML(chapterBytes)))
        }
        return document
    }
}

/// Where the list of chapters is.
private final class RootFile: XMLHandler {
    private(set) var path: String?
    func begin(_ name: String, _ attributes: [String: String]) { if name == "rootfile", path == nil { path = attributes["full-path"] } }
    func end(_ name: String) {}
    func text(_ text: String) {}
}

/// The list of what is in a book, and in which order it is read.
private final class BookPackage: XMLHandler {
    private(set) var title = ""
    private(set) var language = ""
    private var paths: [String: String] = [:]
    private var order: [String] = []
    private let directory: [String]
    private var open = ""
    private var hasTitle = false

    init(directory: [String]) { self.directory = directory }

    /// Paths of chapters within the archive.
    var spine: [String] { order.compactMap { paths[$0] } }

    func begin(_ name: String, _ attributes: [String: String]) {
        open = name
        if name == "item", let id = attributes["id"], let href = attributes["href"] {
            let isNavigation = attributes["properties"]?.split(separator: " ").contains("nav") == true
            if !isNavigation, attributes["media-type"]?.contains("html") == true { paths[id] = path(href) }
        }
        if name == "itemref", attributes["linear"] != "no", let id = attributes["idref"] { order.append(id) }
    }

    func end(_ name: String) {
        if name == "title" { hasTitle = true }
        open = ""
    }

    func text(_ text: String) {
        if open == "title", !hasTitle { title += text }
        if open == "language" { language += text }
    }

    private func path(_ href: String) -> String {
        var parts = directory
        for part in XHTML.unescaped(href.prefix { $0 != "#" }).split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }
}

/// XHTML, so that it can be read as HTML.
enum XHTML {
    /// To HTML, `<title/>` has no end.
    static func asHTML(_ bytes: [UInt8]) -> [UInt8] {
        String(decoding: bytes, as: UTF8.self)
            .replacing(/<(title|script|style|iframe|textarea|a|div|span|p|i|b|em|strong|section|td|th|h[1-6])(\s[^<>]{0,2000})?\/>/) {
                "<\($0.1)\($0.2 ?? "")></\($0.1)>"
            }
            .utf8.map { $0 }
    }

    /// `%20` is a blank.
    static func unescaped(_ text: some StringProtocol) -> String {
        var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
