/// The package document of a book, which lists its files and says what it is, and the table of contents of EPUB 2 beside it.
struct EPUBPackage {
    private let book: Book
    private let documents: [EPUBDocument]
    private let pictures: [(file: String, type: String)]

    init(_ book: Book, documents: [EPUBDocument], pictures: [(file: String, type: String)]) {
        (self.book, self.documents, self.pictures) = (book, documents, pictures)
    }

    func xml() -> String {
        let package: Markup = """
            <?xml version="1.0" encoding="UTF-8"?>
            <package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="book-id"
            xml:lang="\(book.languageTag)" dir="\(book.direction)">
            <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
            \(Markup(lines: metadata))
            </metadata>
            <manifest>
            \(Markup(lines: manifest))
            </manifest>
            <spine toc="ncx" page-progression-direction="\(book.direction)">
            \(documents.map { "<itemref idref=\"\($0.id)\"/>" as Markup })
            </spine>
            </package>

            """
        return package.text
    }

    private var metadata: [Markup?] {
        let author: Markup? = book.author.singleLine.isEmpty ? nil : "<dc:creator id=\"author\">\(book.author.singleLine)</dc:creator>"
        let role: Markup? = author == nil ? nil : "<meta refines=\"#author\" property=\"role\" scheme=\"marc:relators\">aut</meta>"
        let summary: Markup? = book.summary.singleLine.isEmpty ? nil : "<dc:description>\(book.summary.singleLine)</dc:description>"
        let rights: Markup? = book.rights.flatMap { $0.singleLine.isEmpty ? nil : "<dc:rights>\($0.singleLine)</dc:rights>" }
        let cover: Markup? = book.cover == nil ? nil : "<meta name=\"cover\" content=\"cover-image\"/>"
        return [
            "<dc:identifier id=\"book-id\">\(book.identifier)</dc:identifier>",
            "<dc:title>\(book.shownTitle)</dc:title>",
            "<dc:language>\(book.languageTag)</dc:language>",
            author, role, summary, rights,
            book.date.map { "<dc:date>\($0.isoDay)</dc:date>" },
            "<meta property=\"dcterms:modified\">\(book.date?.isoDay ?? "2000-01-01")T00:00:00Z</meta>",
            cover,
        ] + accessibility
    }

    private var accessibility: [Markup?] {
        let isIllustrated = !pictures.isEmpty || book.cover != nil
        func property(_ name: String, _ value: String) -> Markup { "<meta property=\"schema:\(name)\">\(value)</meta>" }
        return [
            property("accessMode", "textual"), isIllustrated ? property("accessMode", "visual") : nil,
            property("accessModeSufficient", "textual"),
            property("accessibilityFeature", "structuralNavigation"), property("accessibilityFeature", "tableOfContents"),
            property("accessibilityFeature", "readingOrder"), isIllustrated ? property("accessibilityFeature", "alternativeText") : nil,
            property("accessibilityHazard", "none"),
            property("accessibilitySummary", "All of the text can be read aloud, in reading order, with headings and a table of contents."),
        ]
    }

    private var manifest: [Markup?] {
        let cover: Markup? = book.cover.map {
            "<item id=\"cover-image\" href=\"cover.\($0.fileExtension)\" media-type=\"\($0.format.rawValue)\" properties=\"cover-image\"/>"
        }
        let files: [Markup?] = [
            "<item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>",
            "<item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>",
            "<item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>",
            cover,
        ]
        return files + documents.map { "<item id=\"\($0.id)\" href=\"\($0.file)\" media-type=\"application/xhtml+xml\"/>" }
            + pictures.map { "<item id=\"\(String($0.file.prefix { $0 != "." }))\" href=\"\($0.file)\" media-type=\"\($0.type)\"/>" }
    }

    /// The table of contents that readers of EPUB 2 know.
    func ncx() -> String {
        let points = documents.filter { $0.kind != .cover }.enumerated().map { index, document -> Markup in
            """
            <navPoint id="point-\(index + 1)" playOrder="\(index + 1)"><navLabel><text>\(document.title)</text></navLabel>
            <content src="\(document.file)"/></navPoint>
            """
        }
        let ncx: Markup = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" xml:lang="\(book.languageTag)">
            <head>
            <meta name="dtb:uid" content="\(book.identifier)"/>
            <meta name="dtb:depth" content="1"/>
            <meta name="dtb:totalPageCount" content="0"/>
            <meta name="dtb:maxPageNumber" content="0"/>
            </head>
            <docTitle><text>\(book.shownTitle)</text></docTitle>
            <navMap>
            \(points)
            </navMap>
            </ncx>

            """
        return ncx.text
    }
}

extension Book {
    /// The language as EPUB takes it: a well-formed tag of BCP 47, else `und`.
    var languageTag: String {
        let tag = language.replacing("_", with: "-")
        return tag.wholeMatch(of: /[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*/) == nil ? "und" : tag
    }

    /// `rtl` for scripts that are written from the right.
    var direction: String {
        let parts = languageTag.lowercased().split(separator: "-").map(String.init)
        if let script = parts.dropFirst().first(where: { $0.count == 4 }) {
            return ["arab", "hebr", "syrc", "thaa", "nkoo"].contains(script) ? "rtl" : "ltr"
        }
        return ["ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv", "ckb", "syr"].contains(parts.first ?? "") ? "rtl" : "ltr"
    }
}
