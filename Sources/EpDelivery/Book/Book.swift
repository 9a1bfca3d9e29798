/// A book as it is delivered: what stands on its title page, its chapters with their scenes, and its pictures.
///
/// Knows nothing of who wrote the texts: that is said in `disclosures`.
public struct Book: Sendable {
    public struct Scene: Hashable, Sendable {
        /// Its place within the chapter, from 1.
        public let number: Int
        public let title: String?
        /// In Markdown.
        public let text: MarkdownText

        public init(number: Int, title: String?, text: MarkdownText) { (self.number, self.title, self.text) = (number, title, text) }
    }

    /// A chapter, or a part without a number, such as a foreword.
    public struct Chapter: Hashable, Sendable {
        /// Its place in the outline, from 1; nil for a part that is not counted.
        public let number: Int?
        public let title: String?
        public let scenes: [Scene]

        public init(number: Int?, title: String?, scenes: [Scene]) { (self.number, self.title, self.scenes) = (number, title, scenes) }

        /// `3 · The Bell`, `3`, or the title alone.
        public var heading: String {
            let title = title.map(\.singleLine) ?? ""
            let parts = [number.map(String.init), title.isEmpty ? nil : title].compactMap(\.self)
            return parts.isEmpty ? "–" : parts.joined(separator: " · ")
        }
    }

    /// A picture that texts show under its name.
    public struct Picture: Hashable, Sendable {
        public let name: String
        public let image: CoverImage

        public init(name: String, image: CoverImage) { (self.name, self.image) = (name, image) }
    }

    public var title: String
    public var author: String
    /// BCP 47, such as `en-GB`.
    public var language: String
    /// What never changes: `urn:uuid:…`.
    public var identifier: String
    public var summary: String
    public var rights: String?
    public var date: PublicationDate?
    public var chapters: [Chapter]
    public var cover: CoverImage?
    public var pictures: [Picture]
    /// Which models wrote it, one sentence each.
    public var disclosures: [String]
    /// What a person has left out of it: `chapter 2, scene 3: The Bell`.
    public var leftOut: [String]

    public init(
        title: String, author: String = "", language: String = "en", identifier: String, summary: String = "", rights: String? = nil,
        date: PublicationDate? = nil,
        chapters: [Chapter], cover: CoverImage? = nil, pictures: [Picture] = [], disclosures: [String] = [], leftOut: [String] = []
    ) {
        (self.title, self.author, self.language, self.identifier) = (title, author, language, identifier)
        (self.summary, self.rights, self.date, self.chapters, self.cover) = (summary, rights, date, chapters, cover)
        (self.pictures, self.disclosures, self.leftOut) = (pictures, disclosures, leftOut)
    }

    /// Never empty: every format wants one.
    var shownTitle: String {
        let line = title.singleLine
        return line.isEmpty ? "Untitled" : line
    }

    /// What stands at the end of every form of it.
    var remarks: [String] {
        leftOut.isEmpty ? disclosures : ["Left out of this book: \(leftOut.map(\.singleLine).joined(separator: "; "))."] + disclosures
    }

    /// Names that texts show and that several pictures have: which of them is meant cannot be told. Each once.
    public var ambiguousPictures: [String] {
        let counts = Dictionary(pictures.map { ($0.name, 1) }, uniquingKeysWith: +)
        var seen: Set<String> = []
        return chapters.flatMap(\.scenes).flatMap(\.text.pictures).filter { counts[$0, default: 0] > 1 && seen.insert($0).inserted }
    }

    /// Names of pictures that texts show and that nobody has: each once.
    public var missingPictures: [String] {
        let known = Set(pictures.map(\.name))
        var seen: Set<String> = []
        return chapters.flatMap(\.scenes).flatMap(\.text.pictures).filter { !known.contains($0) && seen.insert($0).inserted }
    }
}
