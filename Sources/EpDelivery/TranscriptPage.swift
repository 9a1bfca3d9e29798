extension Transcript {
    /// The transcript as a page (`text/html`): who speaks (`cite`), since when (`time`), what (`p`), under the
    /// chapters' titles, as Podcasting 2.0 reads it.
    /// - Parameter audio: the file to which the times lead, a name beside the page's; nil: to none.
    public func html(show: ShowFacts, episode: EpisodeFacts, chapters: [ChapterMark] = [], audio: String? = nil) -> String {
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="\(episode.language ?? show.language)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(episode.title.singleLine): transcript</title>
            <style>
            \(PageStyle.css)
            </style>
            </head>
            <body>
            <main>
            <h1>\(episode.title.singleLine)</h1>
            <p class="by">\(show.title.singleLine) · Transcript</p>
            \(episode.aiDisclosure.map { "<p>\($0)</p>\n" as Markup })\(turns(chapters: chapters, under: episode.title, audio: audio))
            </main>
            </body>
            </html>

            """
        return page.text
    }

    /// A speaker is named, and the time given, where the speaker or the chapter changes.
    /// - Parameters:
    ///   - heading: the element of a chapter's title.
    ///   - title: what stands above all; a first chapter of that name needs no title of its own.
    ///   - audio: the file to which the times lead.
    func turns(chapters: [ChapterMark], heading: Markup = "h2", under title: String, audio: String?) -> [Markup] {
        var markup: [Markup] = []
        var speaker: String?
        var chapter: Int?
        for segment in segments.sorted(by: { $0.start < $1.start }) {
            let text = segment.text.singleLine
            guard !text.isEmpty else { continue }
            let place = segment.chapter ?? chapters.lastIndex { $0.start <= segment.start }
            if let index = place, index != chapter, chapters.indices.contains(index) {
                if index > 0 || chapters[index].title != title {
                    markup.append("<\(heading)>\(chapters[index].title.singleLine)</\(heading)>")
                }
                (chapter, speaker) = (index, nil)
            }
            if segment.speaker != speaker {
                let name = segment.speaker.singleLine
                if !name.isEmpty { markup.append("<cite>\(name):</cite>") }
                markup.append("<time datetime=\"PT\(segment.start.milliseconds / 1000)S\">\(moment(segment.start, in: audio))</time>")
                speaker = segment.speaker
            }
            markup.append("<p dir=\"auto\">\(text)</p>")
        }
        return markup
    }

    /// A moment as people read it, which opens the sound there (a media fragment).
    private func moment(_ time: Timestamp, in audio: String?) -> Markup {
        guard let audio else { return "\(time.clock)" }
        let seconds = time.milliseconds / 1000
        return "<a href=\"\(WebAddress(file: audio).text)#t=\(seconds)\" data-seconds=\"\(seconds)\">\(time.clock)</a>"
    }
}

/// The looks of the pages: quiet, readable at any width, dark where the reader wants it dark.
enum PageStyle {
    static let css: Markup = """
        :root { color-scheme: light dark; --ink: #1d2530; --quiet: #566070; --paper: #fbfaf7; --link: #1a5a9c; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e8e6e1; --quiet: #a7adb6; --paper: #15191f; --link: #8fc1f5; }
        }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 1.05rem/1.6 system-ui, sans-serif; }
        main { max-width: 40rem; margin: 0 auto; padding: 2rem 1.2rem 4rem; }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
        h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; }
        a { color: var(--link); }
        :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        h3 { font-size: 1rem; margin: 1.8rem 0 .4rem; }
        img { width: 100%; max-width: 18rem; height: auto; border-radius: .8rem; }
        audio { width: 100%; margin: 1rem 0; }
        .by, time, time a { color: var(--quiet); }
        cite { font-style: normal; font-weight: 600; }
        cite + time { margin-left: .4em; }
        time + p { margin-top: .1rem; }
        """
}
