import EpCore
import EpPlan
import FoundationEssentials
import Testing

/// Documents that programs read, and what is wrong with documents, each with its place.
@Suite struct AdaptTests {
    private static let pipeline = "stages:\n  scenes: { tool: adapt, document: \"talk.*\", deliver: true }\n"

    private static func show(_ files: [String: String] = [:]) throws -> SmallShow {
        try SmallShow(["show/pipeline.yaml": pipeline].merging(files.map { ("show/ep/\($0.key)", $0.value) }, uniquingKeysWith: { $1 }))
    }

    private static func list(_ show: SmallShow) throws -> Value {
        try Node(parsing: show.machine.read("show/ep/out/scenes.yaml"), file: "scenes.yaml").value
    }

    /// What standard error says of a build that must fail.
    private static func failure(
        _ show: SmallShow, status: Int32 = 65, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws -> String {
        let outcome = try await show.machine.run("build", SmallShow.episode)
        #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
        return outcome.errors
    }

    /// A PDF of one page with a heading and two lines, by the letter of the format.
    private static let pdf: [UInt8] = {
        let text =
            "BT /F1 24 Tf 72 700 Td (Of Tides) Tj ET BT /F1 12 Tf 72 650 Td (The water rises and falls) Tj 0 -15 Td (twice a day.) Tj ET"
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            "<< /Length \(text.utf8.count) >>\nstream\n\(text)\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        var (file, places) = ("%PDF-1.4\n", [Int]())
        for (index, object) in objects.enumerated() {
            places.append(file.utf8.count)
            file += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = file.utf8.count
        let rows = places.map { String(repeating: "0", count: 10 - "\($0)".count) + "\($0) 00000 n \n" }.joined()
        return Array((file + "xref\n0 6\n0000000000 65535 f \n\(rows)trailer << /Size 6 /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n").utf8)
    }()

    @Test func aPDFIsReadByPdftotext() async throws {
        let show = try Self.show()
        try show.machine.write(Self.pdf, to: "show/ep/talk.whatever")
        try await show.build().expect(.built, executed: 2)
        let scenes = try #require(try Self.list(show)["scenes"]?.list)
        #expect(scenes.map { $0["narration"]?.string } == ["The water rises and falls twice a day."])
        #expect(scenes[0]["title"]?.string == "Of Tides")
        // A broken one is an error of its own, and nothing of it is kept.
        try show.machine.write(Array("%PDF-1.4\nnothing that holds together".utf8), to: "show/ep/talk.whatever")
        let said = try await Self.failure(show)
        #expect(said.contains("pdftotext cannot read the document") && said.contains("give it in another form"), "\(said)")
    }

    @Test func wordIsReadByPandoc() async throws {
        let show = try Self.show()
        try show.write(
            "# Of Tides\n\nThe *water* rises.\n\n## Why?\n\n- the Moon\n- the Sun\n\n| a | b |\n|---|---|\n| c | d |\n", to: "draft.md")
        let made = try await Program.run(
            ["pandoc", "-f", "markdown", "draft.md", "-o", "show/ep/talk.docx"], in: show.machine.workspace,
            environment: show.machine.environment())
        try #require(made.status == 0, "\(made.errors)")
        try await show.build().expect(.built, executed: 2)
        let scenes = try #require(try Self.list(show)["scenes"]?.list)
        #expect(scenes.map { $0["narration"]?.string } == ["The water rises.", "the Moon, the Sun.", "C: b d."])
        // Where it is not installed, the error names it.
        for path in [".epbuild", "show/ep/out"] { show.machine.remove(path) }
        let bare = try await show.machine.run(
            "build", SmallShow.episode, environment: ["PATH": "/nowhere", "EPBUILD_CACHE": "\(show.machine.directory)/other"])
        #expect(bare.status == 69 && bare.errors.contains("apt-get install pandoc"), "\(bare.errors)")
    }

    struct Mistake: CustomTestStringConvertible, Sendable {
        let name: String
        let text: String
        let says: [String]
        var testDescription: String { name }
    }

    static let mistakes = [
        Mistake(
            name: "unknown key", text: "scenes:\n- id: a\n  naration: x\n",
            says: [
                "talk.yaml:3:3: error: ", "unknown key `naration`",
                "did you mean \"narration\"?", "talk.yaml:2:3: error: ", "nothing is said",
            ]),
        Mistake(
            name: "unknown type", text: "scenes:\n- id: a\n  type: lists\n  narration: x\n",
            says: ["talk.yaml:3:9: error: there is no type of scene like the text \"lists\"", "did you mean \"list\"?"]),
        Mistake(
            name: "two of one name", text: "scenes:\n- id: a\n  narration: x\n- id: a\n  narration: y\n",
            says: ["talk.yaml:4:7: error: two scenes are called \"a\"", "talk.yaml:2:7"]),
        Mistake(
            name: "a name that is none", text: "scenes:\n- id: a/b c\n  narration: x\n",
            says: ["talk.yaml:2:7: error: \"a/b c\" cannot name a scene"]),
        Mistake(
            name: "durations", text: "scenes:\n- { id: a, narration: x, minimum_seconds: 9, maximum_seconds: 3 }\n",
            says: ["talk.yaml:2:63: error: ", "9.0 seconds at least and 3.0 at most"]),
        Mistake(
            name: "a picture elsewhere", text: "scenes:\n- { id: a, narration: x, image: ../../secret.png }\n",
            says: ["talk.yaml:2:33: error: ", "no path of a file below the episode"]),
        Mistake(name: "no list", text: "scenes:\n", says: ["talk.yaml:1:8: error: `scenes` must be a list with a scene at least"]),
        Mistake(name: "no YAML", text: "scenes:\n  - [\n", says: ["talk.yaml:3:1: error: not valid YAML"]),
        Mistake(
            name: "answers", text: "answers:\n- qestion: x\n  answer: y\n",
            says: ["talk.yaml:2:3: error: ", "has no `question`", "did you mean \"question\"?"]),
    ]

    @Test(arguments: mistakes) func aMistakeInAListHasItsPlace(mistake: Mistake) async throws {
        let said = try await Self.failure(try Self.show(["talk.yaml": mistake.text]))
        for words in mistake.says { #expect(said.contains(words), "\(words) in \(said)") }
    }

    /// A document of a language that the show does not list, told of by each build; not a picture, nor what another stage reads.
    @Test func aDocumentOfNoLanguageIsToldOf() async throws {
        let show = try Self.show(["documents/en.md": "# A\n\nb\n", "documents/fr.md": "# A\n\nb\n"])
        try show.machine.write([0x89, 0x50, 0x4E, 0x47, 1, 2], to: "show/ep/documents/a.png")
        try show.write("title: T\nlanguages: [en]\n", to: "show/show.yaml")
        let stage = "scenes: { tool: adapt, each: { language: show.languages }, document: \"documents/{{ language }}.*\" }\n"
        try show.write("stages:\n  \(stage)", to: "show/pipeline.yaml")
        let says = "fr.md in documents is not read: stage \"scenes\" takes documents/{{ language }}.* for each of `show.languages`"
        for command in ["build", "plan", "status"] {
            let told = try await show.machine.run(command, SmallShow.episode)
            #expect(told.status == 0 && told.errors.contains("pipeline.yaml:2:72: warning: \(says)\n"), "\(told)")
        }
        try show.write("stages:\n  \(stage)  raw: { source: \"documents/*.md\" }\n", to: "show/pipeline.yaml")
        #expect(try await !show.machine.run("build", SmallShow.episode).errors.contains("is not read"))
        try show.write("stages:\n  \(stage)", to: "show/pipeline.yaml")
        try show.write("title: T\nlanguages: [en, fr]\n", to: "show/show.yaml")
        #expect(try await !show.machine.run("build", SmallShow.episode).errors.contains("is not read"))
    }

    @Test func whichDocumentItIsIsAskedFor() async throws {
        let none = try await Self.failure(try Self.show())
        #expect(none.contains("there is no document: nothing matches talk.*"))
        let two = try await Self.failure(try Self.show(["talk.md": "# A\n\nb\n", "talk.txt": "c"]))
        #expect(two.contains("2 files match talk.*") && two.contains("talk.md") && two.contains("talk.txt"))
        let picture = try Self.show()
        try picture.machine.write([0x89, 0x50, 0x4E, 0x47, 1, 2], to: "show/ep/talk.md")
        #expect(try await Self.failure(picture).contains("talk.md: error: this is a picture, and no document"))
    }

    @Test func whatIsLeftOutIsSaidAndWrittenDown() async throws {
        let show = try Self.show(["talk.md": "# A\n\nb ![](x.png)\n"])
        let outcome = try await show.machine.run("build", SmallShow.episode)
        #expect(outcome.status == 0 && outcome.errors.contains("left out: a picture without a description"), "\(outcome.errors)")
        #expect(try Self.list(show)["dropped"]?.list?.count == 1)
    }

    /// What `docs/scenes.schema.json` says, the reader says.
    @Test func theSchemaInTheDocumentsIsTheShows() throws {
        let root = #filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound)
        let (documented, used) = (try Data(contentsOf: URL(filePath: "\(root)/docs/scenes.schema.json")),
            try Data(contentsOf: URL(filePath: "\(root)/Episodes/explainers/schemas/scenes.json")))
        #expect(documented == used)
        let schema = try Node(parsing: Array(documented), file: "scenes.schema.json").value
        let keys = schema["properties"]?["scenes"]?["items"]?["properties"]?.members?.map(\.key).sorted()
        #expect(
            keys == ["by", "id", "image", "maximum_seconds", "minimum_seconds", "narration", "points", "speaker", "text", "title", "type"])
    }
}
