public import EpCore

/// A book as EPUB 3 (W3C, EPUB 3.3, read by readers of 3.0 and of 2.0): chapters in XHTML, a table of contents, a cover, and metadata for
/// accessibility. The same book gives the same bytes.
public struct EPUB: Sendable {
    private let book: Book
    private let page: EPUBPage
    /// File names of pictures, by the names in the texts.
    private let pictures: [String: String]

    public init(_ book: Book) {
        self.book = book
        page = EPUBPage(book)
        pictures = Dictionary(book.pictures.enumerated().map { ($1.name, "picture-\(padded(Int64($0 + 1), 3)).\($1.image.fileExtension)") })
        { first, _ in first }
    }

    /// The archive.
    /// - Throws: `badInput` if it is too large.
    public func bytes() throws(Diagnostic) -> [UInt8] {
        var archive = ZIPFile()
        // Reading systems look for these bytes at this place.
        archive.add("mimetype", "application/epub+zip")
        archive.add("META-INF/container.xml", Self.container)
        archive.add("EPUB/package.opf", EPUBPackage(book, documents: documents, pictures: shownPictures).xml())
        archive.add("EPUB/nav.xhtml", page.navigation(to: documents).text)
        archive.add("EPUB/toc.ncx", EPUBPackage(book, documents: documents, pictures: []).ncx())
        archive.add("EPUB/style.css", Self.style)
        if let cover = book.cover {
            archive.add("EPUB/cover.\(cover.fileExtension)", cover.bytes)
            archive.add("EPUB/cover.xhtml", page.cover(file: "cover.\(cover.fileExtension)").text)
        }
        archive.add("EPUB/title.xhtml", page.title.text)
        for (chapter, document) in zip(book.chapters, chapterDocuments) {
            archive.add("EPUB/\(document.file)", page.chapter(chapter, pictures: pictures).text)
        }
        if !book.remarks.isEmpty { archive.add("EPUB/about.xhtml", page.about.text) }
        for picture in book.pictures where usedPictures.contains(picture.name) {
            archive.add("EPUB/\(pictures[picture.name] ?? "")", picture.image.bytes)
        }
        return try archive.bytes()
    }

    /// Only what a text shows goes into the book.
    private var usedPictures: Set<String> { Set(book.chapters.flatMap(\.scenes).flatMap(\.text.pictures)) }

    private var shownPictures: [(file: String, type: String)] {
        book.pictures.filter { usedPictures.contains($0.name) }.map { (pictures[$0.name] ?? "", $0.image.format.rawValue) }
    }

    private var chapterDocuments: [EPUBDocument] {
        book.chapters.enumerated().map {
            EPUBDocument(file: "chapter-\(padded(Int64($0 + 1), 3)).xhtml", title: $1.heading, kind: .chapter)
        }
    }

    /// In the order in which they are read.
    private var documents: [EPUBDocument] {
        (book.cover == nil ? [] : [EPUBDocument(file: "cover.xhtml", title: page.words.cover, kind: .cover)])
            + [EPUBDocument(file: "title.xhtml", title: book.shownTitle, kind: .title)] + chapterDocuments
            + (book.remarks.isEmpty ? [] : [EPUBDocument(file: "about.xhtml", title: page.words.about, kind: .about)])
    }

    private static let container = """
        <?xml version="1.0" encoding="UTF-8"?>
        <container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
        <rootfiles>
        <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
        </rootfiles>
        </container>

        """

    private static let style = """
        body { margin: 0 5%; line-height: 1.4; }
        h1 { margin: 3em 0 2em; text-align: center; font-weight: normal; }
        p { margin: 0; text-indent: 1.5em; }
        h1 + p, h2 + p, h3 + p, .scene > p:first-child, .plain p { text-indent: 0; }
        hr { width: 20%; margin: 1.5em auto; border: 0; border-top: 1px solid; }
        img { max-width: 100%; }
        blockquote, ul, ol, pre { margin: 1em 0 1em 1.5em; }
        .title { text-align: center; }
        .cover { margin: 0; text-align: center; }
        .cover img { max-height: 100%; }

        """
}

/// A document within a book.
struct EPUBDocument {
    enum Kind { case cover, title, chapter, about }

    let file: String
    let title: String
    let kind: Kind
    /// In the package: the file's name without its ending.
    var id: String { String(file.prefix { $0 != "." }) }
}

extension CoverImage {
    var fileExtension: String { format == .png ? "png" : "jpg" }
}
