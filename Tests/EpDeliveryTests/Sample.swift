import EpCore
import EpDelivery

/// A small episode that the tests share.
enum Sample {
    static let cast = [
        Person(name: "Narrator", role: .narrator, voice: .synthetic(provider: "espeak-ng", voice: "en-gb")),
        Person(name: "Oliver", role: .host, voice: .synthetic(provider: "flite", voice: "rms")),
        Person(name: "Ada Maker", role: .writer),
    ]

    static let show = ShowFacts(
        title: "Oliver's Workshop", description: "Things that children ask, taken apart on a workbench.", author: "Ada Maker",
        language: "en-GB", link: "https://example.org/workshop",
        guid: PodcastIdentity.show(feedURL: "https://example.org/workshop/feed.xml"),
        feedURL: "https://example.org/workshop/feed.xml", coverURL: "https://example.org/workshop/cover.jpg",
        ownerEmail: "ada@example.org", categories: [.init("Kids & Family", "Education for Kids"), .init("Science")],
        copyright: "2026 Ada Maker", people: cast)

    static let episode = EpisodeFacts(
        title: "How rockets work", season: 1, number: 1, summary: "Why does a rocket fly where there is no air?",
        learningPoints: ["Push the gas back, and the gas pushes you forward"], keywords: ["rockets", "space"],
        sources: [.init("Newton's Principia", url: "https://example.org/principia?book=1&part=2"), .init("A balloon")],
        people: cast, date: PublicationDate(iso8601: "2026-03-01"), duration: Timestamp(seconds: 62.4),
        guid: PodcastIdentity.episode(key: "ep001-how-rockets-work", of: show.guid))

    static let chapters = [
        ChapterMark(title: "Hello", start: .zero, end: Timestamp(seconds: 12)),
        ChapterMark(title: "The balloon", start: Timestamp(seconds: 12), end: Timestamp(seconds: 40)),
        ChapterMark(title: "Goodbye", start: Timestamp(seconds: 40), end: Timestamp(seconds: 62.4)),
    ]

    static let transcript = Transcript([
        .init(
            speaker: "Narrator", text: "Welcome to the workshop. Today, something on the bench is hissing.",
            start: Timestamp(seconds: 0.5), end: Timestamp(seconds: 5), chapter: 0),
        .init(speaker: "Oliver", text: "It's a balloon!", start: Timestamp(seconds: 5.5), end: Timestamp(seconds: 6.5), chapter: 0),
        .init(
            speaker: "Oliver",
            text: "Let it go, and the air rushes out at the back; so the balloon is pushed forward, and that is all that a rocket does.",
            start: Timestamp(seconds: 12.25), end: Timestamp(seconds: 20.25), chapter: 1),
    ])

    /// Texts that break careless writers.
    static let hostile = [
        "", " ", "\n", "two\nlines\r\nthree", "a --> b", "00:00:01,000 --> 00:00:02,000", "<script>alert(1)</script>",
        "</title>&amp;&lt;\"'", "]]>", "<b>bold</b> {\\an8}", "WEBVTT", "NOTE this", "nul\u{0}bell\u{7}esc\u{1B}", "\u{FEFF}bom",
        "\u{FFFE}\u{FFFF}", "👩‍👩‍👧‍👦 family 🇬🇧🇨🇭", "שלום עולם", "مرحبا بالعالم", "日本語の字幕は空白がありません。とても長い一行になります、それでも切れます。もっともっと長く。",
        String(repeating: "Donaudampfschifffahrt", count: 9), "e\u{301}\u{302} combining", "Ünïcödé ÿ", "a/b/c", "# *x* _y_ [z](u) `q`",
        "1. not a list", "%(title)s \\n ${x}", "\u{202E}reversed", "no\u{A0}break", "Dr. Grey met Mr. Brown, e.g. at noon.",
    ]
}

/// SplitMix64, so that a failing run can be repeated from its printed seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A text of up to `count` scalars of many scripts, with marks, controls and white space among them.
    mutating func text(_ count: Int) -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0x20...0x7E, 0x61...0x7A, 0x61...0x7A, 0x20...0x20, 0x20...0x20, 0x00...0x1F, 0x80...0xFF, 0x300...0x36F,
            0x391...0x3C9, 0x5D0...0x5EA, 0x627...0x64A, 0x3041...0x30FF, 0x4E00...0x4FFF, 0x1F300...0x1F6FF, 0xFFF0...0xFFFF,
            0x2000...0x206F,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...count, using: &self) {
            let range = ranges[Int.random(in: ranges.indices, using: &self)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) { text.append(scalar) }
        }
        return String(text)
    }
}
