/// The episode's own page: to be opened from `out/` or put on any web server, with nothing else to be loaded but the
/// files beside it. It can be used by keyboard and by screen readers, and without scripts.
public struct EpisodePage: Sendable {
    /// Files beside the page, by their names.
    public struct Files: Hashable, Sendable {
        public var audio: String
        /// The media type of `audio`.
        public var audioType: String
        public var cover: String?
        /// WebVTT.
        public var captions: String?

        public init(audio: String, audioType: String = "audio/mpeg", cover: String? = nil, captions: String? = nil) {
            self.audio = audio
            self.audioType = audioType
            self.cover = cover
            self.captions = captions
        }
    }

    private let notes: ShowNotes
    private let transcript: Transcript
    private let files: Files

    public init(
        show: ShowFacts, episode: EpisodeFacts, chapters: [ChapterMark] = [], transcript: Transcript, files: Files
    ) {
        notes = ShowNotes(show: show, episode: episode, chapters: chapters)
        self.transcript = transcript
        self.files = files
    }

    public func html() -> String {
        let (show, episode) = (notes.show, notes.episode)
        let language = episode.language ?? show.language
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="\(language)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(episode.title.singleLine) · \(show.title.singleLine)</title>
            <meta name="description" content="\(episode.summary.singleLine)">
            <style>
            \(PageStyle.css)
            </style>
            </head>
            <body>
            <main>
            <header>
            \(Markup(lines: [cover, "<h1>\(episode.title.singleLine)</h1>", byline]))
            </header>
            \(player(language: language))
            \(notes.sections(chapter: chapterLink))
            <section aria-label="Transcript">
            <h2>Transcript</h2>
            \(transcript.turns(chapters: notes.chapters, heading: "h3", under: episode.title, audio: files.audio))
            </section>
            \(footer)
            </main>
            \(Self.script)
            </body>
            </html>

            """
        return page.text
    }

    private var cover: Markup? {
        files.cover.map { "<img src=\"\(WebAddress(file: $0).text)\" alt=\"\" width=\"1400\" height=\"1400\">" }
    }

    private var byline: Markup {
        "<p class=\"by\">\(([notes.show.title.singleLine] + notes.byline).joined(separator: " · "))</p>"
    }

    private func player(language: String) -> Markup {
        let captions = files.captions.map {
            "<track kind=\"captions\" srclang=\"\(language)\" label=\"Captions\" src=\"\(WebAddress(file: $0).text)\">\n" as Markup
        }
        let source = WebAddress(file: files.audio).text
        return """
            <audio controls preload="metadata" aria-label="\(notes.episode.title.singleLine)">
            <source src="\(source)" type="\(files.audioType)">
            \(captions)<a href="\(source)">Download the episode</a>
            </audio>
            """
    }

    /// Without scripts the link opens the file at that time (a media fragment).
    private func chapterLink(_ mark: ChapterMark) -> Markup {
        let seconds = mark.start.milliseconds / 1000
        let source = WebAddress(file: files.audio).text
        return "<a href=\"\(source)#t=\(seconds)\" data-seconds=\"\(seconds)\">\(mark.start.clock) \(mark.title.singleLine)</a>"
    }

    private var footer: Markup? {
        notes.show.rights.map { "<footer class=\"by\"><p>© \($0)</p></footer>" }
    }

    private static let script: Markup = """
        <script>
        document.addEventListener("click", event => {
          const link = event.target.closest("a[data-seconds]"), player = document.querySelector("audio");
          if (!link || !player) return;
          event.preventDefault();
          player.currentTime = link.dataset.seconds;
          player.play();
        });
        </script>
        """
}
