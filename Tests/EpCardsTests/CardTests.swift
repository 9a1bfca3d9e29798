import EpCards
import Testing

@Suite struct CardTests {
    private func card(_ kind: Card.Kind = .list) throws -> Card {
        Card(
            kind, size: try #require(Card.Size("1080x1920")), look: try #require(CardLook(named: "dark")), title: "Tides",
            text: "Twice a day",
            points: ["flood", "ebb"], by: "Bede", footer: "Explainers", hasImage: true, language: "de", family: "Inter")
    }

    @Test func itsValueTellsAllOfIt() throws {
        for kind in Card.Kind.allCases { #expect(Card(try card(kind).value) == (try card(kind))) }
    }

    @Test(arguments: ["", "1280", "1280x", "x720", "1280x720x3", "0x0", "63x64", "5000x100", "1280 x 720", "-1280x720", "1280X720"])
    func whatIsNoSizeIsNone(text: String) { #expect(Card.Size(text) == nil) }

    @Test func coloursAreReadAndWritten() throws {
        #expect(CardColour(hex: "#2b6cb0")?.hex == "#2b6cb0")
        #expect(CardColour(hex: "FFFFFF")?.hex == "#ffffff")
        for text in ["", "#fff", "2b6cbg", "+2b6cb", "-2b6cb", "#2b6cb00"] { #expect(CardColour(hex: text) == nil, "\(text)") }
        let (black, white) = (try #require(CardColour(hex: "000000")), try #require(CardColour(hex: "ffffff")))
        #expect(abs(black.contrast(to: white) - 21) < 0.01)
        #expect(white.contrast(to: white) == 1)
    }

    @Test func onlyTheFontsOfItsLettersAreNeeded() throws {
        func fonts(_ title: String, _ kind: Card.Kind = .text) throws -> [String] {
            var card = try card(kind)
            (card.title, card.points) = (title, [])
            return try FontBook.files(for: card).map(\.name)
        }
        let latin = ["NotoSans-Regular.ttf", "NotoSans-Bold.ttf"]
        #expect(try fonts("Größe, mer & море, θάλασσα — “€” …") == latin)
        #expect(try fonts("x", .quote) == latin + ["NotoSerif-Italic.ttf"])
        #expect(try fonts("x", .code) == latin + ["DejaVuSansMono.ttf"])
        #expect(try fonts("wave 🌊 ❤️") == latin + ["NotoColorEmoji.ttf"])
        #expect(
            try fonts("ماء水") == latin + [
                "NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf", "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc",
            ])
        #expect(
            try fonts("जल → ☃") == latin + [
                "NotoSansDevanagari-Regular.ttf", "NotoSansDevanagari-Bold.ttf", "NotoSansSymbols2-Regular.ttf",
                "NotoSansMath-Regular.ttf", "NotoSansSymbols-Regular.ttf",
            ])
    }

    @Test func aFontTellsWhichPackageBringsIt() throws {
        var card = try card()
        card.title = "水🌊"
        let packages = try FontBook.files(for: card).map(\.package)
        #expect(packages == ["fonts-noto-core", "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-cjk", "fonts-noto-color-emoji"])
    }
}
