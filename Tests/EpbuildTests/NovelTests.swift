import FoundationEssentials
import Testing

/// The novel in `Episodes/`: what is edited costs what reads it, and nothing else.
@Suite(.serialized) struct NovelTests {
    private let notes = "\(Machine.novel)/notes"
    private let book = "\(Machine.novel)/out/the-tide-clock.md"

    @Test func builtFromNothing() async throws {
        let machine = try await Machine.withNovelBuilt()
        let counts = try machine.text("\(Machine.novel)/out/the-tide-clock.counts.json")
        #expect(counts.components(separatedBy: "\"scenes\"").count == 11)
        let scenes = machine.files(below: "\(machine.workspace)/\(Machine.prose)")
        #expect(scenes.count == 30 && scenes.first == "1/1.md")
        for scene in scenes {
            let words = try machine.text("\(Machine.prose)/\(scene)").split(whereSeparator: \.isWhitespace).count
            #expect((190...500).contains(words), "\(scene) has \(words) words")
        }
        try await machine.buildNovel().expect(.upToDate, executed: 0)
    }

    /// Nothing in it is said twice, no two scenes begin alike, and nobody has two names.
    @Test func itReadsAsABook() async throws {
        let machine = try await Machine.withNovelBuilt()
        let text = try machine.text(book)
        let body = text.split(separator: "\n").filter { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix("*") && $0 != "---" }
        let sentences = body.flatMap { $0.split { ".!?".contains($0) } }.map { $0.trimmingPrefix { !$0.isLetter }.lowercased() }.filter {
            $0.split(separator: " ").count > 3
        }
        #expect(sentences.count > 400)
        let repeated = sentences.count - Set(sentences).count
        #expect(Double(repeated) < 0.02 * Double(sentences.count), "\(repeated) of \(sentences.count) sentences are repeated")
        let scenes = text.split(separator: "\n").enumerated().filter { line in
            let before = text.split(separator: "\n").prefix(line.offset).last ?? ""
            return before.hasPrefix("## ") || before == "* * *"
        }.map(\.element)
        #expect(scenes.count == 30 && Set(scenes.map { $0.split(separator: " ").prefix(3).joined(separator: " ") }).count >= 28)
        #expect(!text.contains("@") && !text.contains("\"") && !text.contains("{") && !text.contains("  "))
        for name in ["Ines", "Tobias", "Maud", "Wick", "Verrick", "Harrow"] {
            #expect(text.components(separatedBy: name).count > 5, "\(name)")
        }
        for name in ["Inez", "Tobais", "Maude", "Verick", "Harow"] { #expect(!text.contains(name), "\(name)") }
    }

    @Test func aSceneEditedByHand() async throws {
        let machine = try await Machine.withNovelBuilt()
        try machine.replace("We are not on a promenade.", with: "This is no promenade.", in: "\(Machine.prose)/8/2.md")
        try await machine.buildNovel().expect(.built, executed: 3, ["editorial_refinement": 1, "rag_sync": 1, "manuscript": 1])
        let text = try machine.text(book)
        #expect(
            text.contains("This is no promenade.") && text.contains("Written or edited by a person in the stage prose writing: 1 text."))
        try await machine.expectNovelAsFromScratch()
    }

    /// The keeper's daughter had chosen another name: who is not in a scene does not make it anew.
    @Test func aCharactersName() async throws {
        let machine = try await Machine.withNovelBuilt()
        let before = try machine.text(book)
        let present = try machine.text("\(Machine.novel)/chapters.yaml").components(separatedBy: "called: Wick").count - 1
        try machine.replace("called: Wick\n", with: "called: Tam\n", in: "\(Machine.novel)/story/cast.yaml")
        let build = try await machine.buildNovel()
        let inScenes = before.components(separatedBy: "Wick").count - 1
        let prose = try build.report.executed("prose_writing")
        try build.expect(
            .built,
            [
                "character_creation": 1, "location_creation": 0, "story_planning": 0, "chapter_outlining": 1, "scene_structuring": present,
                "rag_sync": 1, "manuscript": 1,
            ])
        #expect((8...20).contains(prose) && prose < 30, "\(prose) scenes have Wick, or his description among their background")
        let after = try machine.text(book)
        // The title of a chapter is the author's own words.
        let (left, renamed) = (after.components(separatedBy: "Wick").count - 1, after.components(separatedBy: "Tam").count - 1)
        #expect(left + renamed == inScenes && renamed > 5 * left, "\(left) of \(inScenes) are as they were")
        try await machine.expectNovelAsFromScratch()
    }

    @Test func aSceneLeftOut() async throws {
        let machine = try await Machine.withNovelBuilt()
        #expect(try await machine.run("skip", Machine.novel, "prose_writing/4/2").status == 0)
        try await machine.buildNovel().expect(.built, executed: 2, ["rag_sync": 1, "manuscript": 1])
        let left = "Left out of this book: chapter 4, scene 2: What the Keeper Asked."
        for name in ["md", "counts.md"] {
            #expect(try machine.text("\(Machine.novel)/out/the-tide-clock.\(name)").contains(left), "\(name)")
        }
        #expect(try machine.text("\(Machine.novel)/out/the-tide-clock.counts.json").contains("chapter 4, scene 2: What the Keeper Asked"))
        #expect(String(decoding: try machine.read("\(Machine.novel)/out/the-tide-clock.epub"), as: UTF8.self).contains(left))
        try await machine.expectNovelAsFromScratch()
    }

    /// The notes lose a scene: what is told there alone moves to others, and only these are written anew.
    @Test func aSceneRemovedFromTheNotes() async throws {
        let machine = try await Machine.withNovelBuilt()
        try machine.edit("\(notes)/07-spring-tide.md") { text in
            let (start, end) = (text.firstRange(of: "## The Pin Gives Way")!.lowerBound, text.firstRange(of: "## No Answer")!.lowerBound)
            return String(text[..<start] + text[end...])
        }
        try await machine.buildNovel().expect(
            .built, executed: 5,
            [
                "story_planning": 1, "chapter_outlining": 1, "scene_structuring": 1, "prose_writing": 0, "editorial_refinement": 0,
                "rag_sync": 1, "manuscript": 1,
            ])
        #expect(try !machine.text(book).contains("Her palms were bleeding"))
        try await machine.expectNovelAsFromScratch()
    }

    @Test func aSceneAdded() async throws {
        let machine = try await Machine.withNovelBuilt()
        try machine.edit("\(notes)/06-the-boiling-house.md") { text in
            text + """

                ## An Apple

                - place: quay
                - time: the same night
                - pace: fast
                - summary: @wick eats the apple and does not enjoy it.

                @wick ate the apple on the fish steps, core and all, and it tasted of nothing that he could have told to anyone.

                """
        }
        try await machine.buildNovel().expect(
            .built, executed: 7,
            [
                "story_planning": 1, "chapter_outlining": 1, "scene_structuring": 1, "prose_writing": 1, "editorial_refinement": 1,
                "rag_sync": 1, "manuscript": 1,
            ])
        #expect(try machine.text(book).contains("Wick ate the apple on the fish steps"))
        try await machine.expectNovelAsFromScratch()
    }

    /// The files of two chapters change places: they are told in another order, and no scene is written anew.
    @Test func twoChaptersSwapped() async throws {
        let machine = try await Machine.withNovelBuilt()
        let (six, five) = (try machine.read("\(notes)/06-the-boiling-house.md"), try machine.read("\(notes)/05-what-wick-saw.md"))
        try machine.write(five, to: "\(notes)/06-the-boiling-house.md")
        try machine.write(six, to: "\(notes)/05-what-wick-saw.md")
        let build = try await machine.buildNovel().expect(
            .built, ["story_planning": 1, "chapter_outlining": 1, "character_creation": 0, "rag_sync": 1, "manuscript": 1])
        // The salt works are described where they are seen first, which is in the other chapter now: two chapters, two scenes.
        #expect(try build.report.executed("scene_structuring") == 2 && build.report.executed("prose_writing") == 2, "\(build.outcome)")
        #expect(try machine.text(book).contains("## 5 · The Boiling House"))
        try await machine.expectNovelAsFromScratch()
    }

    @Test func anotherMachineRunsNothing() async throws {
        let (machine, shared) = (try await Machine.withNovelBuilt(), try SharedDirectory())
        try machine.share(shared.path)
        #expect(try await machine.run("cache", "push", Machine.novel).status == 0)
        try machine.replace("We are not on a promenade.", with: "This is no promenade.", in: "\(Machine.prose)/8/2.md")
        try await machine.buildNovel().expect(.built, executed: 3)
        let other = try Machine(copying: machine)
        try? FileManager.default.removeItem(atPath: other.cache)
        other.remove("\(Machine.novel)/out")
        try await other.buildNovel().expect(.built, executed: 0)
        #expect(try other.outputs(of: Machine.novel) == machine.outputs(of: Machine.novel))
    }

    /// Whoever has the index asks it with any SQLite.
    @Test func theIndexAnswersQuestions() async throws {
        let machine = try await Machine.withNovelBuilt()
        try machine.replace(
            "rag_sync:             { tool: index,", with: "rag_sync:             { deliver: true, tool: index,",
            in: "ten-chapter-novel/pipeline.yaml")
        try await machine.buildNovel().expect(executed: 0)
        let ask = """
            import sqlite3, sys
            base = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
            rows = base.execute("SELECT d.stage, d.item FROM words JOIN passage p ON p.id = words.rowid JOIN document d ON d.id = p.document WHERE words MATCH 'barometer' ORDER BY bm25(words)")
            print(rows.fetchall(), base.execute("PRAGMA integrity_check").fetchall(), base.execute("SELECT count(*) FROM letters WHERE letters MATCH '\\"aromet\\"'").fetchall())
            """
        let path = "\(machine.workspace)/\(Machine.novel)/out/novel.sqlite"
        let answer = try await Program.run(["python3", "-c", ask, path], in: "/", environment: machine.environment())
        #expect(answer.output == "[('editorial_refinement', '7/1')] [('ok',)] [(1,)]\n", "\(answer)")
    }
}
