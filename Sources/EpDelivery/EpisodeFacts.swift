/// What is true of one finished episode, as its tags, notes, page and feed item say it.
public struct EpisodeFacts: Hashable, Sendable {
    /// What an episode is to its season, in Apple's terms.
    public enum Kind: String, Sendable { case full, trailer, bonus }

    /// Something that the episode is based on.
    public struct Source: Hashable, Sendable {
        public var title: String
        public var url: String?

        public init(_ title: String, url: String? = nil) {
            self.title = title
            self.url = url
        }
    }

    public var title: String
    /// From 1.
    public var season: Int?
    /// From 1, within the season.
    public var number: Int?
    public var kind: Kind
    /// What the episode is about: one or a few paragraphs of plain text.
    public var summary: String
    /// What the person tells of it at length, in place of summary and learning points in the notes.
    public var notes: MarkdownText?
    public var learningPoints: [String]
    public var keywords: [String]
    public var sources: [Source]
    /// Who is heard and who made it.
    public var people: [Person]
    /// The day that the person gave; nothing is dated by the clock.
    public var date: PublicationDate?
    public var duration: Timestamp
    /// Nil: as the show says.
    public var isExplicit: Bool?
    /// Nil: as the show says.
    public var language: String?
    /// Never changes, whatever becomes of the title, the number or the file. `PodcastIdentity.episode` makes one.
    public var guid: String
    /// What artificial intelligence has made, in the person's words; which voices are synthetic is added by itself.
    public var disclosure: String?

    public init(
        title: String, season: Int? = nil, number: Int? = nil, kind: Kind = .full, summary: String, notes: MarkdownText? = nil,
        learningPoints: [String] = [], keywords: [String] = [], sources: [Source] = [], people: [Person] = [],
        date: PublicationDate? = nil, duration: Timestamp, isExplicit: Bool? = nil, language: String? = nil,
        guid: String, disclosure: String? = nil
    ) {
        self.title = title
        self.season = season
        self.number = number
        self.kind = kind
        self.summary = summary
        self.notes = notes
        self.learningPoints = learningPoints
        self.keywords = keywords
        self.sources = sources
        self.people = people
        self.date = date
        self.duration = duration
        self.isExplicit = isExplicit
        self.language = language
        self.guid = guid
        self.disclosure = disclosure
    }

    /// The disclosure that every document carries: the person's words, and always which voices are synthetic.
    public var aiDisclosure: String? {
        let parts = [disclosure?.singleLine, people.voiceDisclosure].compactMap(\.self).filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// `Season 1, episode 2`, as far as it is known.
    var position: String? {
        switch (season, number) {
        case (let season?, let number?): "Season \(season), episode \(number)"
        case (nil, let number?): "Episode \(number)"
        case (let season?, nil): "Season \(season)"
        case (nil, nil): nil
        }
    }
}
