import EpCore
import EpDelivery
import EpPlan

/// What Apple Podcasts and Spotify demand of a show, as far as its blueprint can lack it. They would refuse the feed, or show it badly.
struct FeedChecks {
    /// What stands for the address of a show that has none.
    static let nowhere = "https://localhost"

    private let stage: StageContext
    private let blueprint: Value

    init(_ stage: StageContext) {
        self.stage = stage
        blueprint = stage.blueprint
    }

    /// - Parameter hasCover: true if a picture was found.
    func warn(hasCover: Bool) {
        if !hasCover {
            lack(
                "cover", "the feed has no cover, and Apple Podcasts and Spotify take none without (\(CoverImage.form))",
                "write `cover: cover.jpg`")
        }
        if blueprint["owner"]?["email"] == nil {
            lack("owner", "the feed names no owner, to whom Apple Podcasts and Spotify write", "write `owner: { name: …, email: … }`")
        }
        for (key, what, remedy) in [
            ("title", "the show has no title", "write `title: …`"), ("author", "the show has no author", "write `author: …`"),
            (
                "language", "the show does not say its language, and the feed says English",
                "write `language: en`, or another language's code"
            ),
        ] where PodcastFacts.text(blueprint[key]) == nil { lack(key, what, remedy) }
        if ["description", "tagline"].allSatisfy({ PodcastFacts.text(blueprint[$0]) == nil }) {
            lack("description", "the show has no description", "write `description: …`: what it is about, in a few sentences")
        }
        checkLanguage()
        checkLink()
        checkCategories()
    }

    private func lack(_ key: String, _ message: String, _ remedy: String) {
        let node = stage.show.node
        stage.warn(message, at: node[key]?.location ?? SourceLocation(file: node.location.file), remedy: "\(remedy) in show.yaml")
    }

    private func checkLanguage() {
        guard let language = PodcastFacts.text(blueprint["language"]), language.wholeMatch(of: /[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*/) == nil
        else { return }
        lack("language", "\"\(language)\" is no code of a language", "write a code such as `language: en` or `language: en-GB`")
    }

    private func checkLink() {
        guard let link = PodcastFacts.text(blueprint["link"]) else {
            return lack(
                "link", "the show has no `link`, so the feed says \(Self.nowhere)", "write `link: https://…`, the show's page on the web,")
        }
        guard WebAddress(link)?.isLocal == true else { return }
        lack(
            "link", "`link` is an address that only this machine or its network knows: \(link)",
            "write `link: https://…`, the show's page on the web,")
    }

    private func checkCategories() {
        let texts = PodcastFacts.texts(blueprint["category"])
        if texts.isEmpty {
            lack(
                "category", "the show has no category, and Apple Podcasts takes none without",
                "write `category: Education`, or another of Apple's,")
        }
        for text in texts where ShowFacts.Category(apple: text) == nil {
            lack("category", "Apple Podcasts has no category \"\(text)\"", "\(ShowFacts.Category.remedy(for: text)): correct `category`")
        }
    }
}
