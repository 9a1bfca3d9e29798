/// The documents of a book in XHTML.
struct EPUBPage {
    /// Words that the book itself does not have.
    struct Words {
        let contents: String
        let cover: String
        let start: String
        let about: String

        private static let all = [
            "en": Words(contents: "Contents", cover: "Cover", start: "Beginning", about: "About this book"),
            "de": Words(contents: "Inhalt", cover: "Umschlag", start: "Anfang", about: "Über dieses Buch"),
            "es": Words(contents: "Índice", cover: "Cubierta", start: "Comienzo", about: "Acerca de este libro"),
            "fr": Words(contents: "Table des matières", cover: "Couverture", start: "Début", about: "À propos de ce livre"),
        ]

        /// In English where no others are known.
        static func of(_ language: String) -> Words {
            all[String(language.lowercased().prefix { $0 != "-" })]
                ?? Words(contents: "Contents", cover: "Cover", start: "Beginning", about: "About this book")
        }
    }

    private let book: Book
    let words: Words

    init(_ book: Book) {
        self.book = book
        words = Words.of(book.languageTag)
    }

    func cover(file: String) -> Markup {
        document(
            title: words.cover,
            body: """
                <section class="cover" epub:type="cover">
                <img role="doc-cover" src="\(file)" alt="\(words.cover): \(book.shownTitle)"/>
                </section>
                """)
    }

    var title: Markup {
        let author: Markup? = book.author.singleLine.isEmpty ? nil : "<p dir=\"auto\">\(book.author.singleLine)</p>"
        let rights: Markup? = book.rights.flatMap { $0.singleLine.isEmpty ? nil : "<p dir=\"auto\">\($0.singleLine)</p>" }
        return document(
            title: book.shownTitle,
            body: """
                <section class="title plain" epub:type="titlepage">
                \(Markup(lines: ["<h1 dir=\"auto\">\(book.shownTitle)</h1>", author, rights]))
                </section>
                """)
    }

    func chapter(_ chapter: Book.Chapter, pictures: [String: String]) -> Markup {
        let scenes = chapter.scenes.map { "<div class=\"scene\">\n\($0.text.bookMarkup(pictures: pictures))\n</div>" as Markup }
        let breaks = scenes.enumerated().map { index, scene in index == 0 ? scene : "<hr/>\n\(scene)" as Markup }
        let kind: Markup = chapter.number == nil ? "" : " epub:type=\"chapter\" role=\"doc-chapter\""
        return document(
            title: chapter.heading,
            body: """
                <section\(kind) aria-labelledby="heading">
                <h1 id="heading" dir="auto">\(chapter.heading)</h1>
                \(breaks)
                </section>
                """)
    }

    var about: Markup {
        document(
            title: words.about,
            body: """
                <section class="plain" epub:type="colophon" role="doc-colophon" aria-labelledby="heading">
                <h1 id="heading">\(words.about)</h1>
                \(book.remarks.map { "<p>\($0)</p>" as Markup })
                </section>
                """)
    }

    func navigation(to documents: [EPUBDocument]) -> Markup {
        let entries = documents.filter { $0.kind != .cover }.map {
            "<li><a href=\"\($0.file)\" dir=\"auto\">\($0.title)</a></li>" as Markup
        }
        func landmark(_ kind: EPUBDocument.Kind, _ type: String, _ title: String) -> Markup? {
            documents.first { $0.kind == kind }.map { "<li><a epub:type=\"\(type)\" href=\"\($0.file)\">\(title)</a></li>" }
        }
        let landmarks = Markup(lines: [
            landmark(.cover, "cover", words.cover), landmark(.title, "titlepage", book.shownTitle),
            landmark(.chapter, "bodymatter", words.start),
        ])
        return document(
            title: words.contents,
            body: """
                <nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="heading">
                <h1 id="heading">\(words.contents)</h1>
                <ol>
                \(entries)
                </ol>
                </nav>
                <nav epub:type="landmarks" hidden="hidden" aria-label="\(words.start)">
                <ol>
                \(landmarks)
                </ol>
                </nav>
                """)
    }

    private func document(title: String, body: Markup) -> Markup {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE html>
        <html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
        lang="\(book.languageTag)" xml:lang="\(book.languageTag)" dir="\(book.direction)">
        <head>
        <title>\(title)</title>
        <link rel="stylesheet" type="text/css" href="style.css"/>
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }
}
