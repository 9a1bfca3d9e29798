/// Tags and chapters in the form in which ffmpeg reads them (`ffmetadata`).
public struct FilmMetadata: Sendable {
    private let tags: [(key: String, value: String)]
    private let chapters: [ChapterMark]

    public init(show: ShowFacts, episode: EpisodeFacts, chapters: [ChapterMark]) {
        let summary = episode.summary.multiLine.trimmed
        tags = [
            ("title", episode.title.singleLine), ("artist", show.author.singleLine), ("album", show.title.singleLine),
            ("show", show.title.singleLine),
            ("season_number", episode.season.map(String.init) ?? ""), ("episode_sort", episode.number.map(String.init) ?? ""),
            ("date", episode.date?.isoDay ?? ""), ("description", summary), ("comment", episode.aiDisclosure ?? ""),
            ("copyright", show.rights ?? ""),
        ].filter { !$0.value.isEmpty }
        self.chapters = chapters
    }

    public func text() -> String {
        let heads = [";FFMETADATA1"] + tags.map { "\($0.key)=\(Self.escaped($0.value))" }
        let marks = chapters.flatMap { mark in
            [
                "[CHAPTER]", "TIMEBASE=1/1000", "START=\(mark.start.milliseconds)", "END=\(mark.end.milliseconds)",
                "title=\(Self.escaped(mark.title.singleLine))",
            ]
        }
        return (heads + marks).joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            if "=;#\\\n".unicodeScalars.contains(scalar) { result.append("\\") }
            result.unicodeScalars.append(scalar)
        }
    }
}

/// The language of a track as MP4 writes it (ISO 639-2): three letters.
public enum TrackLanguage {
    /// - Parameter tag: a language tag, `de-AT`.
    /// - Returns: `und` for a language that is not known here.
    public static func code(_ tag: String) -> String {
        let language = tag.lowercased().prefix { $0 != "-" && $0 != "_" }
        if language.count == 3, language.utf8.allSatisfy({ (97...122).contains($0) }) { return String(language) }
        return known[String(language)] ?? "und"
    }

    private static let known = [
        "ar": "ara", "bg": "bul", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "eo": "epo", "es": "spa",
        "et": "est",
        "eu": "eus", "fa": "fas", "fi": "fin", "fr": "fra", "ga": "gle", "gl": "glg", "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun",
        "hy": "hye",
        "id": "ind", "is": "isl", "it": "ita", "ja": "jpn", "ka": "kat", "ko": "kor", "la": "lat", "lt": "lit", "lv": "lav", "mk": "mkd",
        "ms": "msa",
        "nb": "nob", "nl": "nld", "nn": "nno", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv",
        "sq": "sqi",
        "sr": "srp", "sv": "swe", "sw": "swa", "ta": "tam", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie", "zh": "zho",
    ]
}
