import EpCards
import Glibc
import Testing

/// What is drawn, looked at by its pixels.
@Suite struct CardDrawingTests {
    private static let sizes = ["1280x720", "1920x1080", "1080x1920", "1080x1080"]
    private static let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

    private static func draw(_ card: Card) throws -> [UInt8] {
        let fonts = try FontBook.files(for: card).compactMap { file in file.places.first { access($0, R_OK) == 0 } }
        return try CardDrawing.png(of: card, fonts: fonts)
    }

    private static func card(
        _ kind: Card.Kind, _ size: String = "1280x720", look: String = "light", title: String = "", text: String = "",
        points: [String] = [], by: String = ""
    ) throws -> Card {
        Card(
            kind, size: try #require(Card.Size(size)), look: try #require(CardLook(named: look)), title: title, text: text, points: points,
            by: by)
    }

    /// Contents that are long in one way or another.
    private static func fullCards(_ size: String) throws -> [Card] {
        let sentence = "The water rises and falls twice a day, and nobody has to push it. "
        return [
            try card(.title, size, title: String(repeating: long + " ", count: 3), text: sentence),
            try card(.text, size, title: "Tides", text: String(repeating: sentence, count: 9)),
            try card(.list, size, look: "dark", title: "Why " + long, points: (1...9).map { "\($0). " + sentence }),
            try card(.quote, size, text: String(repeating: sentence, count: 5), by: "Galileo, who was wrong about it"),
            try card(.code, size, look: "dark", title: "A tide table",
                text: "for hour in range(24):\n    print(f\"{hour:02}\", round(level(hour), 2), 'metres above the mark of the harbour')\n"),
            try card(.end, size, title: sentence, text: long, points: [long, sentence]),
            try card(.title, size, title: "Ebbe 🌊 Flut", text: "水位は一日に二回上がり、そして下がります。"),
        ]
    }

    @Test(arguments: sizes) func noLetterLeavesItsPlace(size: String) throws {
        for card in try Self.fullCards(size) {
            let pixels = try #require(Pixels(try Self.draw(card)))
            #expect("\(pixels.width)x\(pixels.height)" == size)
            let unit = Double(min(pixels.width, pixels.height)) / 720, strip = Int(14 * unit) + 2
            let ink = try #require(pixels.ink(fromX: strip))
            // Letters may reach a few pixels beyond what their font says of them.
            let free = Int(60 * unit)
            #expect(
                ink.left >= free && ink.right < pixels.width - free && ink.top >= free && ink.bottom < pixels.height - free,
                "\(card.kind) \(size): \(ink)")
        }
    }

    @Test func theSameCardIsTheSameBytes() throws {
        for card in try Self.fullCards("1280x720") { #expect(try Self.draw(card) == Self.draw(card), "\(card.kind)") }
    }

    @Test func anEmojiHasItsColours() throws {
        // Blue water on a card whose accent is grey: nothing else on it has a colour.
        var card = try Self.card(.title, title: "🌊")
        card.look.accent = try #require(CardColour(hex: "#777777"))
        card.look.background = try #require(CardColour(hex: "#ffffff"))
        let pixels = try #require(Pixels(try Self.draw(card)))
        let coloured = (0..<pixels.height).reduce(0) { count, y in count + (0..<pixels.width).count { pixels[$0, y].chroma > 60 } }
        #expect(coloured > 500)
        card.title = "A"
        let plain = try #require(Pixels(try Self.draw(card)))
        #expect(!(0..<plain.height).contains { y in (0..<plain.width).contains { plain[$0, y].chroma > 60 } })
    }

    @Test func whatIsWrittenFromTheRightStandsAtTheRight() throws {
        for text in ["المد والجزر", "גאות ושפל"] {
            let pixels = try #require(Pixels(try Self.draw(try Self.card(.text, title: text))))
            // The strip is at the right, too.
            let strip = 14 * pixels.height / 720
            #expect(pixels[pixels.width - strip / 2, 300] != pixels[2, 300])
            let background = pixels[2, 300]
            var columns: [Int] = []
            for x in 0..<pixels.width - strip - 2 where (0..<pixels.height).contains(where: { pixels[x, $0] != background }) {
                columns.append(x)
            }
            let (first, last) = (try #require(columns.first), try #require(columns.last))
            #expect(first > pixels.width / 3, "\(text)")
            #expect(abs(last - (pixels.width - 72)) < 12, "\(text): \(last)")
        }
    }

    @Test func aShortTextIsSetLargerThanALongOne() throws {
        func height(_ text: String) throws -> Int {
            let pixels = try #require(Pixels(try Self.draw(try Self.card(.title, title: text))))
            let ink = try #require(pixels.ink(fromX: 20))
            return ink.bottom - ink.top
        }
        let tall = try height("Ebb")
        #expect(tall > 60)
        // Much more text in less than four times its height: it is set smaller.
        #expect(try height(String(repeating: "and flow ", count: 60)) < 576)
    }

    @Test func aLetterThatNoFontHasIsNamed() throws {
        let card = try Self.card(.text, title: "Egyptian \u{13000}")
        #expect(throws: FontBook.UnknownLetter.self) { try FontBook.files(for: card) }
        let fonts = ["/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"]
        #expect(throws: CardProblem.unknownLetters("“\u{13000}” (U+13000)")) { try CardDrawing.png(of: card, fonts: fonts) }
        let japanese = try Self.card(.text, title: "日本")
        #expect(throws: CardProblem.unknownLetters("“日” (U+65E5), “本” (U+672C)")) { try CardDrawing.png(of: japanese, fonts: fonts) }
    }

    @Test func whatDoesNotFitAtAllIsAnError() throws {
        let card = try Self.card(.text, title: "Everything", text: String(repeating: "all of it and more besides ", count: 400))
        #expect(throws: CardProblem.tooLong(characters: card.letters.count)) { try Self.draw(card) }
    }

    @Test func aFileThatIsNoFontIsNamed() throws {
        let card = try Self.card(.text, title: "x")
        #expect(throws: CardProblem.badFont("/etc/passwd")) { try CardDrawing.png(of: card, fonts: ["/etc/passwd"]) }
    }

    @Test func anAccentThatCannotBeSeenIsMadeStronger() throws {
        var card = try Self.card(.title, title: "x")
        card.look.accent = try #require(CardColour(hex: "#fbfaf5"))
        let pixels = try #require(Pixels(try Self.draw(card)))
        let (strip, ground) = (pixels[3, 300], pixels[pixels.width - 1, 0])
        #expect(Int(ground.red) - Int(strip.red) > 60)
    }
}
