import EpCore
import Testing

@testable import EpOffline

/// What the offline writer makes of the transcript of a recording.
@Suite struct RecordingTests {
    private static let talk: [(String, String)] = [
        ("Anna", "Good evening."), ("Anna", "I am Anna Reed, and with me is Tom Baker, who keeps bees."),
        ("Anna", "Tom, how did they get up to the roof?"),
        ("Tom", "In a van, and then in the lift."),
        ("Tom", "We carried six boxes of bees past the office of the mayor at five in the morning."),
        ("Anna", "Did the mayor know?"), ("Tom", "She opened the door for us."),
        ("Tom", "She read that bees in the city find more flowers than bees in the country."),
        ("Anna", "There must have been complaints about the bees."), ("Tom", "Two."),
        ("Tom", "One man was afraid that a bee would sting him on the roof, and now he brings his children every Friday."),
        ("Anna", "And what would a bee like?"), ("Tom", "Anything that is old, blue, and a little bit wild."),
        ("Anna", "Tom Baker, thank you."),
    ]

    private func transcript(_ talk: [(String, String)] = talk) -> String {
        let lines = talk.enumerated().map { index, line in
            let speaker = line.0.isEmpty ? "" : "    speaker: \(line.0)\n"
            return "  - start: \(Double(index) * 4)\n    end: \(Double(index) * 4 + 3.5)\n\(speaker)    text: \(line.1)\n"
        }
        return "## Transcript\n\n```yaml\nlanguage: en\nsegments:\n\(lines.joined())```\n"
    }

    private func write(_ heading: String, _ sections: String, take: Int = 1) throws -> Value {
        let prompt = "# \(heading)\n\n\(sections)"
        let text = try OfflineWriter.write(prompt: prompt, take: take)
        #expect(try OfflineWriter.write(prompt: prompt, take: take) == text, "the same prompt, the same words")
        return try BlockYAML.value(of: text)
    }

    private func seconds(_ value: Value, _ key: String) throws -> Double { try #require(value[key]?.number) }

    @Test func whoSpeaksAndOfWhatIsWrittenDown() throws {
        let written = try write("Enrichment", transcript())
        #expect(written["speakers"]?.list?.map { $0["full_name"]?.string } == ["Anna Reed", "Tom Baker"])
        #expect(written["speakers"]?.list?.map { $0["role"]?.string } == ["asks", "answers"])
        let topics = written["topics"].strings
        #expect(topics.first == "bees" && topics.contains("roof") && !topics.contains("tom") && topics.count <= 6, "\(topics)")
        let summary = try #require(written["summary"]?.string)
        #expect(
            summary.hasPrefix("Anna Reed talks with Tom Baker about bees") && summary.contains("In the words of Tom Baker: “"), "\(summary)"
        )
    }

    /// Every quote was said in these words, at these times, and by nobody who asks.
    @Test func quotesWereSaid() throws {
        for take in 1...3 {
            let quotes = try #require(try write("Enrichment", transcript(), take: take)["quotes"]?.list)
            #expect((2...4).contains(quotes.count))
            for quote in quotes {
                let place = try #require(Self.talk.firstIndex { $0.1 == quote["text"]?.string })
                #expect(
                    try seconds(quote, "start_seconds") == Double(place) * 4 && seconds(quote, "end_seconds") == Double(place) * 4 + 3.5
                        && quote["speaker"] == "Tom Baker")
            }
        }
    }

    @Test func clipsAreQuestionsWithTheirAnswers() throws {
        let clips = try #require(try write("Clips", transcript())["clips"]?.list)
        #expect((1...3).contains(clips.count))
        var last = 0.0
        for clip in clips {
            let (start, end) = (try seconds(clip, "start_seconds"), try seconds(clip, "end_seconds"))
            #expect(start >= last && (8...46).contains(end - start), "\(clip)")
            let first = try #require(Self.talk.indices.first { Double($0) * 4 >= start })
            #expect(Self.talk[first].1.hasSuffix("?") && Double(first) * 4 - start < 0.5)
            let final = try #require(Self.talk.indices.last { Double($0) * 4 + 3.5 <= end })
            #expect(Self.talk[final].0 == "Tom")
            #expect(Self.talk.contains { $0.1 == clip["quote"]?.string })
            last = end
        }
        #expect(
            clips.contains {
                $0["title"] == "How did they get up to the roof?" || $0["title"] == "Did the mayor know?"
                    || $0["title"] == "What would a bee like?"
            }, "\(clips)")
    }

    @Test func aPageHasChaptersAndPosts() throws {
        let enrichment = try OfflineWriter.write(prompt: "# Enrichment\n\n\(transcript())")
        let sections = "## Enrichment\n\n```yaml\n\(enrichment)```\n\n\(transcript())"
        let page = try write("Editorial", sections)
        #expect(page["title"]?.string?.hasPrefix("Tom Baker on bees") == true && page["description"]?.string?.contains("Tom Baker") == true)
        let chapters = try #require(page["chapters"]?.list)
        #expect(try chapters.map { try seconds($0, "start_seconds") }.first == 0 && chapters.count >= 2)
        for (chapter, next) in zip(chapters, chapters.dropFirst()) {
            #expect(try seconds(next, "start_seconds") - seconds(chapter, "start_seconds") >= 8)
        }
        let posts = page["social"].strings
        #expect(!posts.isEmpty && posts.allSatisfy { $0.count <= 260 && $0.contains("“") })
        #expect(try write("Editorial", "## Topic\n\n```yaml\ntitle: Bees: all of them\n```\n\n\(sections)")["title"] == "Bees: all of them")
    }

    @Test func aPostQuotesItsClip() throws {
        let post = try write(
            "Post",
            "## Topic\n\n```yaml\ntitle: Bees\n```\n\n## Clip\n\n```yaml\ntitle: Is it \"true\"?\nquote: Two: that is all.\nspeaker: Tom Baker\n```\n"
        )
        #expect(post["headline"] == "Is it \"true\"?" && post["text"] == "“Two: that is all.” Tom Baker — From “Bees”.")
    }

    /// Of one who speaks alone, and of words without marks, as a small recognizer hears them.
    @Test func wordsWithoutMarksAndSpeakersWillDo() throws {
        let heard = [
            "the night is fish and seas", "and then nobody ever asked how many boxes of fish there were", "you",
            "the sea was full of fish that night because of the wind",
        ].map { ("", $0) }
        #expect(try write("Enrichment", transcript(heard))["summary"]?.string?.hasPrefix("A recording about fish") == true)
        let clips = try #require(try write("Clips", transcript(heard))["clips"]?.list)
        #expect(!clips.isEmpty && clips.allSatisfy { $0["title"]?.string?.isEmpty == false })
        #expect(try write("Clips", transcript([("", "you")]))["clips"]?.list?.count == 1)
    }

    @Test func whatCannotBeWrittenIsSaid() throws {
        let empty = #expect(throws: Diagnostic.self) {
            try OfflineWriter.write(prompt: "# Clips\n\n## Transcript\n\n```yaml\nlanguage: en\nsegments: []\n```\n")
        }
        #expect(empty?.code == .badInput && empty?.message.contains("nobody says anything") == true)
        let german = #expect(throws: Diagnostic.self) {
            try OfflineWriter.write(prompt: "# Clips\n\n\(transcript().replacing("language: en", with: "language: de"))")
        }
        #expect(german?.code == .unavailable)
        #expect(throws: Diagnostic.self) { try OfflineWriter.write(prompt: "# Post\n\n## Clip\n\n```yaml\nstart_seconds: 1\n```\n") }
    }
}
