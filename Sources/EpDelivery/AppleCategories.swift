import EpCore

/// The categories of Apple Podcasts, which Spotify and others read too ("Apple Podcasts categories", as of 2019 and since).
extension ShowFacts.Category {
    /// Names with their subcategories.
    private static let all: [(name: String, subcategories: [String])] = [
        ("Arts", ["Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"]),
        ("Business", ["Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"]),
        ("Comedy", ["Comedy Interviews", "Improv", "Stand-Up"]),
        ("Education", ["Courses", "How To", "Language Learning", "Self-Improvement"]),
        ("Fiction", ["Comedy Fiction", "Drama", "Science Fiction"]),
        ("Government", []),
        ("Health & Fitness", ["Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"]),
        ("History", []),
        ("Kids & Family", ["Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"]),
        ("Leisure", ["Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden", "Video Games"]),
        ("Music", ["Music Commentary", "Music History", "Music Interviews"]),
        ("News", ["Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News", "Tech News"]),
        ("Religion & Spirituality", ["Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"]),
        (
            "Science",
            [
                "Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences", "Nature", "Physics",
                "Social Sciences",
            ]
        ),
        ("Society & Culture", ["Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"]),
        (
            "Sports",
            [
                "Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby", "Running", "Soccer",
                "Swimming", "Tennis",
                "Volleyball", "Wilderness", "Wrestling",
            ]
        ),
        ("Technology", []),
        ("True Crime", []),
        ("TV & Film", ["After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"]),
    ]

    /// Every way to write one of them: `Education`, `Education > How To`.
    private static let written: [(text: String, category: ShowFacts.Category)] = all.flatMap { name, subcategories in
        [(name, Self(name))] + subcategories.map { ("\(name) > \($0)", Self(name, $0)) }
    }

    /// Reads a category as a person wrote it: a name, `Name > Subcategory`, or a subcategory alone, whatever its capitals. Nil if Apple has
    /// none of that name.
    public init?(apple text: String) {
        let key = Self.key(text)
        if let found = Self.written.first(where: { Self.key($0.text) == key }) {
            self = found.category
        } else if let found = Self.written.first(where: { $0.category.subcategory.map(Self.key) == key }) {
            self = found.category
        } else {
            return nil
        }
    }

    /// What to write instead of a category that Apple does not have.
    public static func remedy(for text: String) -> String {
        let names = written.map(\.text) + all.flatMap(\.subcategories)
        guard Suggestion.nearest(to: text, in: names) == nil else { return Suggestion.remedy(for: text, in: names) }
        return "Apple has \(all.map(\.name).joined(separator: ", ")), with subcategories: `Education > How To`"
    }

    /// Capitals, blanks, and how "and" is written do not count.
    private static func key(_ text: String) -> String {
        text.lowercased().replacing("&amp;", with: "&").replacing(" and ", with: "&").filter { !$0.isWhitespace }
    }
}
