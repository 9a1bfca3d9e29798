import EpCore

/// What was said in a recording, as a document: captions, or a transcript of words with their times.
enum SpokenDocument {
    /// Captions in SubRip or WebVTT.
    static func read(captions text: TextFile, _ file: String) -> Document {
        var doubts = Doubts(file: file, unit: "caption")
        let source = Captions.read(text, doubts: &doubts)
        var document = Document()
        doubts.diagnostics.forEach { document.drop($0.message) }
        var said: (speaker: String, sentences: [String]) = ("", [])
        func isFull() -> Bool { Prose.wordCount(said.sentences.joined(separator: " ")) > Self.paragraphWords }
        for block in source.blocks {
            let speaker = if case .speech(let name) = block.kind { name } else { "" }
            let words = block.text.folded
            guard !words.isEmpty else { continue }
            if speaker != said.speaker || isFull() { end(&said, in: &document, next: speaker) }
            said.sentences.append(words)
        }
        end(&said, in: &document, next: "")
        return document
    }

    private static func end(_ said: inout (speaker: String, sentences: [String]), in document: inout Document, next: String) {
        if !said.sentences.isEmpty { document.add(.paragraph, said.sentences.joined(separator: " "), speaker: said.speaker) }
        said = (next, [])
    }

    /// A paragraph of what is spoken has no end but a pause; about half a minute is one.
    private static let paragraphWords = 70
    /// Seconds of a pause behind which something else begins.
    private static let pauseSeconds = 1.5

    /// A transcript: a list of words with times, or `{ words: […] }`, `{ segments: [ { text: … } ] }`, `{ text: … }`.
    /// - Returns: nil if it is none.
    static func read(transcript value: Value) -> Document? {
        var document = Document()
        document.language = value["language"]?.letters ?? ""
        document.title = value["title"]?.letters ?? ""
        if let words = (value.list ?? value["words"]?.list), let read = paragraphs(words) {
            read.forEach { document.add(.paragraph, $0.text, speaker: $0.speaker) }
        } else if let segments = value["segments"]?.list {
            let texts = segments.compactMap { segment in segment["text"]?.letters.map { ($0.folded, segment["speaker"]?.letters ?? "") } }
            guard texts.count == segments.count else { return nil }
            var said: (speaker: String, sentences: [String]) = ("", [])
            for (text, speaker) in texts where !text.isEmpty {
                if speaker != said.speaker || Prose.wordCount(said.sentences.joined(separator: " ")) > paragraphWords {
                    end(&said, in: &document, next: speaker)
                }
                said.sentences.append(text)
            }
            end(&said, in: &document, next: "")
        } else if let text = value["text"]?.letters {
            text.split(separator: "\n\n").forEach { document.add(.paragraph, $0.folded) }
        } else {
            return nil
        }
        return document
    }

    private static func paragraphs(_ words: [Value]) -> [(text: String, speaker: String)]? {
        var paragraphs: [(words: [String], speaker: String)] = []
        var end = -Double.infinity
        for word in words {
            guard let text = (word["word"] ?? word["text"])?.letters?.folded, let start = word["start"]?.number else { return nil }
            guard !text.isEmpty else { continue }
            let speaker = word["speaker"]?.letters ?? ""
            let last = paragraphs.last
            let endsSentence = last?.words.last?.last.map { ".!?…".contains($0) } ?? true
            let isNew =
                last == nil || last?.speaker != speaker || start - end > pauseSeconds
                || (endsSentence && (last?.words.count ?? 0) > paragraphWords)
            if isNew { paragraphs.append(([], speaker)) }
            paragraphs[paragraphs.count - 1].words.append(text)
            end = word["end"]?.number ?? start
        }
        return paragraphs.map { ($0.words.joined(separator: " "), $0.speaker) }
    }
}
