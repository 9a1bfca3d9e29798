public import EpCore

/// The ID3v2.3 tag that stands before the sound of an MP3 file (id3.org, version 2.3.0, and its chapter addendum 1.0).
public struct ID3Tag: Sendable {
    private let frames: [ID3Frame]

    /// - Parameters:
    ///   - chapters: none, or chapters in order; the table of contents names the first 255.
    ///   - cover: square, at least 1,400 pixels for the platforms.
    public init(show: ShowFacts, episode: EpisodeFacts, chapters: [ChapterMark], cover: CoverImage? = nil, genre: String = "Podcast") {
        let language = ISO639(tag: episode.language ?? show.language)
        let ids = chapters.indices.map { "chp\($0)" }
        var frames: [ID3Frame?] = [
            .text("TIT2", episode.title),
            .text("TPE1", show.author),
            .text("TALB", show.title),
            .text("TRCK", episode.number.map(String.init)),
            .text("TPOS", episode.season.map(String.init)),
            .text("TYER", episode.date.map { padded(Int64($0.year), 4) }),
            .text("TDAT", episode.date.map { padded(Int64($0.day)) + padded(Int64($0.month)) }),
            .text("TCON", genre),
            .text("TLAN", language.code),
            .text("TLEN", String(episode.duration.milliseconds)),
            .text("TCOP", Self.copyright(show.rights, episode.date)),
            .comment(episode.notes?.plainText ?? episode.summary, language: language),
            .userText("AI-DISCLOSURE", episode.aiDisclosure),
        ]
        if !chapters.isEmpty {
            frames.append(.contents("toc", of: ids, title: "Chapters"))
            frames += zip(ids, chapters).map { .chapter($0, $1) }
        }
        frames.append(cover.map(ID3Frame.cover))
        self.frames = frames.compactMap(\.self)
    }

    /// The tag, ready to be followed by the first MPEG frame.
    /// - Throws: a diagnostic if the tag is larger than ID3 can say: 256 MiB.
    public func encoded() throws(Diagnostic) -> [UInt8] {
        let body = frames.flatMap(\.bytes)
        guard body.count < 1 << 28 else {
            throw Diagnostic(
                .badInput, "the episode's tag has \(body.count) bytes, and ID3 allows \(1 << 28 - 1)",
                remedy: "use a smaller cover image")
        }
        let size = [21, 14, 7, 0].map { UInt8(body.count >> $0 & 0x7F) }
        return Array("ID3".utf8) + [3, 0, 0] + size + body
    }

    /// The frame must begin with the year and a space.
    private static func copyright(_ holder: String?, _ date: PublicationDate?) -> String? {
        guard let holder else { return nil }
        let hasYear = holder.utf8.prefix(4).allSatisfy { (48...57).contains($0) } && holder.utf8.dropFirst(4).first == 32
        if hasYear { return holder }
        return date.map { "\(padded(Int64($0.year), 4)) \(holder)" }
    }
}

/// A language by its three letters (ISO 639-2), as ID3 wants it.
public struct ISO639 {
    /// `und` if it is not known.
    public let code: String

    /// - Parameter tag: BCP 47: `en-GB`, `deu`.
    public init(tag: String) {
        let primary = String(tag.prefix { $0 != "-" && $0 != "_" }).lowercased()
        let isThreeLetters = primary.utf8.count == 3 && primary.utf8.allSatisfy { (97...122).contains($0) }
        code = isThreeLetters ? primary : Self.threeLetters[primary] ?? "und"
    }

    private static let threeLetters = [
        "ar": "ara", "bg": "bul", "bn": "ben", "ca": "cat", "cs": "ces", "cy": "cym", "da": "dan", "de": "deu",
        "el": "ell", "en": "eng", "eo": "epo", "es": "spa", "et": "est", "eu": "eus", "fa": "fas", "fi": "fin",
        "fr": "fra", "ga": "gle", "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "hy": "hye", "id": "ind",
        "is": "isl", "it": "ita", "ja": "jpn", "ka": "kat", "ko": "kor", "la": "lat", "lt": "lit", "lv": "lav",
        "ms": "msa", "nb": "nob", "nl": "nld", "nn": "nno", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron",
        "ru": "rus", "sk": "slk", "sl": "slv", "sq": "sqi", "sr": "srp", "sv": "swe", "sw": "swa", "ta": "tam",
        "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie", "zh": "zho",
    ]
}
