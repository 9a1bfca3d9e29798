/// A show's own page: its finished episodes, each with a player and a link to its own page. Opened from `out/` or put on any web server,
/// it loads nothing but files beside it; it needs no script.
public struct ShowPage: Sendable {
    private let show: ShowFacts
    private let items: [FeedItem]
    private let cover: String?

    /// - Parameters:
    ///   - items: in the order in which they are listed; their addresses may be relative to the page.
    ///   - cover: the name of a picture beside the page.
    public init(show: ShowFacts, items: [FeedItem], cover: String? = nil) {
        (self.show, self.items, self.cover) = (show, items, cover)
    }

    public func html() -> String {
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="\(show.language)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(show.title.singleLine)</title>
            <meta name="description" content="\(show.description.singleLine)">
            \(feedLink)<style>
            \(PageStyle.css)
            </style>
            </head>
            <body>
            <main>
            <header>
            \(Markup(lines: [picture, "<h1>\(show.title.singleLine)</h1>", "<p class=\"by\">\(show.author.singleLine)</p>", description]))
            </header>
            \(items.map(entry))
            \(footer)
            </main>
            </body>
            </html>

            """
        return page.text
    }

    private var picture: Markup? { cover.map { "<img src=\"\(WebAddress(file: $0).text)\" alt=\"\" width=\"1400\" height=\"1400\">" } }

    private var description: Markup? { show.description.isEmpty ? nil : "<p>\(show.description.singleLine)</p>" }

    private var feedLink: Markup? {
        show.feedURL.map { url in
            let title = show.title.singleLine
            return "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"\(title)\" href=\"\(WebAddress.encoded(url))\">\n"
        }
    }

    private func entry(_ item: FeedItem) -> Markup {
        let episode = item.episode
        let title = episode.title.singleLine
        let heading: Markup = item.link.map { "<a href=\"\($0)\">\(title)</a>" } ?? "\(title)"
        let byline = [episode.position, episode.date?.isoDay, episode.duration.clock].compactMap(\.self).joined(separator: " · ")
        return """
            <article>
            <h2>\(heading)</h2>
            <p class="by">\(byline)</p>
            <p>\(episode.summary.singleLine)</p>
            <audio controls preload="none" aria-label="\(title)" src="\(item.enclosure.url)"></audio>
            </article>
            """
    }

    private var footer: Markup {
        let feed: Markup? = show.feedURL.map { "<p><a href=\"\(WebAddress.encoded($0))\">Subscribe by RSS</a></p>" }
        return "<footer class=\"by\">\n\(Markup(lines: [feed, show.copyright.map { "<p>© \($0.singleLine)</p>" }]))\n</footer>"
    }
}
