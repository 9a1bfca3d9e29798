import EpCore
import Testing

@testable import EpOffline

/// The offline writer's documents of a novel: notes in, a story out, and every mistake in the notes told.
@Suite struct NovelWriterTests {
    private static let notes = """
        # The Bell

        @ann hears it.

        ## One

        - place: quay
        - time: noon
        - summary: @ann meets @bob.

        @ann sat down. Rain came.

        > @bob: You are late. Sit here.
        > @ann: Am I?
        > @bob: Very.
        > @ann: The bell rang.
        > @bob (to the sea): It did not!

        She stood up.

        ## Two

        - place: quay
        - pace: fast

        Dr @bob.last came.
        """

    private static let people = """
        - id: ann
          called: Ann
          last: Lee
          first:
            - She was nine.
          gestures:
            - She sniffed.
        - id: bob
          called: Bob
          last: Roe
          first: []
          gestures: []
        """

    private static let places = """
        - id: quay
          name: the quay
          first:
            - The quay was long.
          details:
            - Gulls sat there.
        """

    private func chapters(_ notes: String = Self.notes, take: Int = 1) throws(Diagnostic) -> Value {
        let prompt = """
            # Chapters

            ## Plan

            ```yaml
            title: Salt
            ```

            ## Characters

            ```yaml
            \(Self.people)
            ```

            ## Locations

            ```yaml
            \(Self.places)
            ```

            ## Notes

            ````markdown
            \(notes)
            ````
            """
        return try BlockYAML.value(of: OfflineWriter.write(prompt: prompt, take: take))
    }

    private func scenes(_ notes: String = Self.notes) throws(Diagnostic) -> [Value] {
        let chapter = try chapters(notes)["chapters"]?.list?.first ?? .null
        let text = try OfflineWriter.write(prompt: "# Scenes\n\n## Chapter\n\n```yaml\n\(BlockYAML.text(of: chapter))```\n")
        return try BlockYAML.value(of: text)["scenes"]?.list ?? []
    }

    private func prose(_ scene: Value) throws(Diagnostic) -> String {
        try OfflineWriter.write(prompt: "# Prose\n\n## Scene\n\n```yaml\n\(BlockYAML.text(of: scene))```\n")
    }

    @Test func chaptersKnowWhoIsInThem() throws {
        let chapter = try #require(chapters()["chapters"]?.list?.first)
        #expect(chapter["title"] == "The Bell" && chapter["summary"] == "Ann hears it." && chapter["people"]?.list?.count == 2)
        #expect(chapter["scenes"]?.list?[0]["remarks"]?["place"].strings == ["The quay was long."])
        #expect(chapter["scenes"]?.list?[0]["remarks"]?["gestures"]?.list?[0]["text"] == "She sniffed.")
        // Where it is described, and where nobody has time, nothing more is seen.
        #expect(chapter["scenes"]?.list?.allSatisfy { $0["remarks"]?["detail"] == nil } == true)
    }

    @Test func aSceneIsTold() throws {
        let scenes = try scenes()
        #expect(scenes[0]["summary"] == "Ann meets Bob." && scenes[0]["place"] == "the quay" && scenes[1]["people"]?.list?.count == 1)
        #expect(
            try prose(scenes[0]) == """
                The quay was long.

                Ann sat down. Rain came.

                She was nine.

                "You are late," said Bob. "Sit here."

                "Am I?" She sniffed.

                "Very."

                "The bell rang."

                "It did not!" said Bob to the sea.

                She stood up.

                """)
        #expect(try prose(scenes[1]) == "Dr Roe came.\n")
    }

    /// Another take deals out anew; the notes stay.
    @Test func takesDifferInAsidesAlone() throws {
        func notes(_ value: Value) -> [String?] {
            (value["chapters"]?.list ?? []).flatMap { $0["scenes"]?.list ?? [] }.map { $0["notes"]?.string }
        }
        let (first, second) = (try chapters(), try chapters(take: 2))
        #expect(try notes(first) == notes(second) && first == chapters())
    }

    @Test(arguments: [
        ("no title", "the notes of a chapter have no title"), ("# T\n\nonly a summary", "has no scene"),
        ("# T\n\n## S\n\n- place: quay", "nothing happens"),
        ("# T\n\n## S\n\n- plaice: quay\n\nx", "no fact of a scene"), ("# T\n\n## S\n\n@an came.", "name @an, who is no character"),
        ("# T\n\n## S\n\n- place: quai\n\nx", "which is no location"),
    ])
    func mistakesInNotesAreTold(notes: String, message: String) {
        let problem = #expect(throws: Diagnostic.self) { try chapters(notes) }
        #expect(problem?.message.contains(message) == true && problem?.remedy != nil, "\(String(describing: problem))")
    }

    @Test(arguments: [
        ("\"Who?\" said Ann. 'Tis Bob's.", "“Who?” said Ann. ’Tis Bob’s."), ("He said \"'no' is a word\".", "He said “‘no’ is a word”."),
        ("wait -- now--then...", "wait – now – then…"), ("the the cat and  a a dog", "the cat and a dog"),
        ("Toward the toward, untoward", "Towards the towards, untoward"),
        ("*\"Run!\"* (\"here\")", "*“Run!”* (“here”)"), ("It had had enough", "It had had enough"),
    ])
    func theEditorKeepsTheHouseRules(text: String, printed: String) throws {
        let prompt =
            "# Edit\n\n## House rules\n\n```yaml\nquotes: double\ndashes: spaced\nsay:\n  - write: towards\n    for: toward\n```\n\n## Prose\n\n````markdown\n\(text)\n````\n"
        #expect(try OfflineWriter.write(prompt: prompt) == printed + "\n")
    }

    /// Answers of the podcast's documents, and their addresses, stay as they were.
    @Test func eachDocumentHasARevisionOfItsOwn() {
        #expect(OfflineWriter.revision(for: "# Script\n") == "1" && OfflineWriter.revision(for: "nonsense") == "1")
        #expect(OfflineWriter.revision(for: "# Prose\n") == "prose 1" && OfflineWriter.revision(for: "# Edit\n") == "edit 1")
    }
}
