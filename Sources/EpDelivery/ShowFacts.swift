public import FoundationEssentials

/// What is true of a show as a whole, as the feed and every episode's documents say it.
public struct ShowFacts: Hashable, Sendable {
    /// One of Apple's categories, with its subcategory.
    public struct Category: Hashable, Sendable {
        public var name: String
        public var subcategory: String?

        public init(_ name: String, _ subcategory: String? = nil) {
            self.name = name
            self.subcategory = subcategory
        }
    }

    /// The order in which episodes are to be heard.
    public enum Order: String, Sendable { case episodic, serial }

    public var title: String
    public var description: String
    public var author: String
    /// A language tag (BCP 47): `en`, `en-GB`.
    public var language: String
    /// The show's page on the web.
    public var link: String
    /// Where the feed itself lies, once it is published.
    public var feedURL: String?
    /// A square JPEG or PNG of 1,400 to 3,000 pixels.
    public var coverURL: String?
    /// Whom directories write to; without an address no owner is named.
    public var ownerEmail: String?
    /// Nil: the author.
    public var ownerName: String?
    public var categories: [Category]
    public var isExplicit: Bool
    public var order: Order
    public var copyright: String?
    /// The regular cast and makers.
    public var people: [Person]
    /// Given once in the show's life: from its first feed URL (`PodcastIdentity.show`), and kept when it moves.
    public var guid: UUID

    public init(
        title: String, description: String, author: String, language: String = "en", link: String, guid: UUID,
        feedURL: String? = nil, coverURL: String? = nil, ownerEmail: String? = nil, ownerName: String? = nil, categories: [Category] = [],
        isExplicit: Bool = false, order: Order = .episodic, copyright: String? = nil, people: [Person] = []
    ) {
        self.title = title
        self.description = description
        self.author = author
        self.language = language
        self.link = link
        self.guid = guid
        self.feedURL = feedURL
        self.coverURL = coverURL
        self.ownerEmail = ownerEmail
        self.ownerName = ownerName
        self.categories = categories
        self.isExplicit = isExplicit
        self.order = order
        self.copyright = copyright
        self.people = people
    }
}

extension ShowFacts {
    /// Year and holder, without the sign that a person may have written before them; nil if there is nothing.
    var rights: String? {
        guard let line = copyright?.singleLine else { return nil }
        let rights = line.drop { $0 == "©" || $0 == " " }
        return rights.isEmpty ? nil : String(rights)
    }
}
