import Testing

@testable import EpDelivery

@Suite struct AppleCategoryTests {
    private typealias Category = ShowFacts.Category

    @Test(arguments: [
        ("Education", "Education", nil), ("education", "Education", nil), ("Education > How To", "Education", "How To"),
        ("education>how to", "Education", "How To"),
        ("How To", "Education", "How To"), ("Health and Fitness", "Health & Fitness", nil),
        ("Health &amp; Fitness", "Health & Fitness", nil),
        ("TV & Film > Film Reviews", "TV & Film", "Film Reviews"), ("True Crime", "True Crime", nil),
        ("Religion", "Religion & Spirituality", "Religion"),
    ])
    func aCategoryIsReadAsPeopleWriteIt(_ text: String, _ name: String, _ subcategory: String?) {
        #expect(Category(apple: text) == Category(name, subcategory))
    }

    @Test(arguments: ["", "Cooking", "Podcasting", "Arts > How To", "Education > ", "Games & Hobbies", "News & Politics"])
    func whatAppleDoesNotHaveIsNone(_ text: String) { #expect(Category(apple: text) == nil) }

    @Test func theNearestIsNamed() {
        #expect(
            Category.remedy(for: "Educaton") == "did you mean \"Education\"?"
                && Category.remedy(for: "Langage Learning") == "did you mean \"Language Learning\"?")
        #expect(Category.remedy(for: "zzz").hasPrefix("Apple has Arts, Business, "))
    }
}
