import EpCore
import FoundationEssentials

/// A show's feed: RSS 2.0 with the tags of Apple (`itunes:`) and Podcasting 2.0 (`podcast:`).
public struct Feed: Sendable {
    private let show: ShowFacts
    private let items: [FeedItem]

    /// - Parameter items: in the order in which they are to be listed; newest first is the custom.
    public init(show: ShowFacts, items: [FeedItem]) {
        self.show = show
        self.items = items
    }

    /// The whole document, in UTF-8. The same facts give the same bytes: nothing is dated by the clock.
    public func xml() -> String {
        let feed: Markup = """
            <?xml version="1.0" encoding="UTF-8"?>
            <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0">
            <channel>
            \(Markup(lines: channel + items.map { $0.markup(show: show) }))
            </channel>
            </rss>

            """
        return feed.text
    }

    private var channel: [Markup?] {
        let owner = show.ownerEmail.map { email in
            """
            <itunes:owner>
            <itunes:name>\((show.ownerName ?? show.author).singleLine)</itunes:name>
            <itunes:email>\(email.singleLine)</itunes:email>
            </itunes:owner>
            """ as Markup
        }
        let link = WebAddress.encoded(show.link)
        let image = show.coverURL.map { url in
            """
            <image><url>\(url)</url><title>\(show.title.singleLine)</title><link>\(link)</link></image>
            <itunes:image href="\(url)"/>
            """ as Markup
        }
        return [
            "<title>\(show.title.singleLine)</title>",
            "<link>\(link)</link>",
            show.feedURL.map { "<atom:link href=\"\(WebAddress.encoded($0))\" rel=\"self\" type=\"application/rss+xml\"/>" },
            "<description>\(show.description.multiLine)</description>",
            "<language>\(show.language.singleLine)</language>",
            show.copyright.map { "<copyright>\($0.singleLine)</copyright>" },
            items.compactMap(\.episode.date).max().map { "<lastBuildDate>\($0.rfc822)</lastBuildDate>" },
            image,
            "<itunes:author>\(show.author.singleLine)</itunes:author>",
            owner,
            "<itunes:type>\(show.order.rawValue)</itunes:type>",
            "<itunes:explicit>\(String(show.isExplicit))</itunes:explicit>",
        ] + show.categories.map(\.markup) + [
            "<podcast:guid>\(show.guid.text)</podcast:guid>",
            "<podcast:medium>podcast</podcast:medium>",
        ] + show.people.map(\.markup)
    }
}

extension FeedItem {
    fileprivate func markup(show: ShowFacts) -> Markup {
        let notes = ShowNotes(show: show, episode: episode, chapters: chapters)
        return "<item>\n\(Markup(lines: tags(notes: notes) + podcastTags))\n</item>"
    }

    private func tags(notes: ShowNotes) -> [Markup?] {
        [
            "<title>\(episode.title.singleLine)</title>",
            link.map { "<link>\($0)</link>" },
            "<guid isPermaLink=\"false\">\(episode.guid.singleLine)</guid>",
            episode.date.map { "<pubDate>\($0.rfc822)</pubDate>" },
            "<description>\(Markup(lines: notes.paragraphs.map { "<p>\($0)</p>" }).text)</description>",
            "<content:encoded>\(notes.html())</content:encoded>",
            "<enclosure url=\"\(enclosure.url)\" length=\"\(enclosure.digest.size)\" type=\"\(enclosure.type)\"/>",
            "<itunes:title>\(episode.title.singleLine)</itunes:title>",
            "<itunes:duration>\((episode.duration.milliseconds + 500) / 1000)</itunes:duration>",
            "<itunes:episodeType>\(episode.kind.rawValue)</itunes:episodeType>",
            episode.season.flatMap { $0 > 0 ? "<itunes:season>\($0)</itunes:season>" : nil },
            // Apple takes no episode 0.
            episode.number.flatMap { $0 > 0 ? "<itunes:episode>\($0)</itunes:episode>" : nil },
            episode.isExplicit.map { "<itunes:explicit>\(String($0))</itunes:explicit>" },
            coverURL.map { "<itunes:image href=\"\($0)\"/>" },
            episode.keywords.isEmpty
                ? nil : "<itunes:keywords>\(episode.keywords.map(\.singleLine).joined(separator: ", "))</itunes:keywords>",
        ]
    }

    private var podcastTags: [Markup?] {
        let integrity = "sha256-" + Data(enclosure.digest.bytes).base64EncodedString()
        return [
            episode.season.map { "<podcast:season>\($0)</podcast:season>" },
            episode.number.map { "<podcast:episode>\($0)</podcast:episode>" },
            chaptersURL.map { "<podcast:chapters url=\"\($0)\" type=\"application/json+chapters\"/>" },
        ] + transcripts.map(\.markup) + episode.people.map(\.markup) + [
            episode.aiDisclosure.map { "<podcast:txt purpose=\"ai-content\">\($0.shortened(to: 4000))</podcast:txt>" },
            """
            <podcast:alternateEnclosure type="\(enclosure.type)" length="\(enclosure.digest.size)" default="true">
            <podcast:source uri="\(enclosure.url)"/>
            <podcast:integrity type="sri" value="\(integrity)"/>
            </podcast:alternateEnclosure>
            """,
        ]
    }
}

extension FeedItem.TranscriptLink {
    /// Formats with times for every line count as captions.
    fileprivate var markup: Markup {
        let captions: Markup? = format == .webVTT || format == .subRip ? " rel=\"captions\"" : nil
        return "<podcast:transcript url=\"\(url)\" type=\"\(format.rawValue)\"\(captions)/>"
    }
}

extension Person {
    fileprivate var markup: Markup? {
        let name = name.singleLine.shortened(to: 128)
        guard !name.isEmpty else { return nil }
        let (part, group) = (role.name.singleLine.lowercased(), role.group.singleLine.lowercased())
        return "<podcast:person role=\"\(part)\" group=\"\(group)\">\(name)</podcast:person>"
    }
}

extension ShowFacts.Category {
    fileprivate var markup: Markup {
        guard let subcategory else { return "<itunes:category text=\"\(name)\"/>" }
        return "<itunes:category text=\"\(name)\"><itunes:category text=\"\(subcategory)\"/></itunes:category>"
    }
}
