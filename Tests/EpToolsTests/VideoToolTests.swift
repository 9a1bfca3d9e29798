import EpCore
import EpPlan
import EpSound
import Testing

@testable import EpTools

/// `tool: video` and `tool: animatic`: a scene from a picture and a sound, and what of it is in the address.
@Suite struct VideoToolTests {
    private static let list =
        "list: { source: list.yaml }\npicture: { tool: command, each: list.scenes, run: [x], outputs: [p.png] }\nspoken: { tool: command, each: list.scenes, run: [x], outputs: [line.wav] }"
    private static let wav = Talk.wav(Talk.samples(seconds: 2, seed: 9))
    /// The least that is known for a picture: a PNG's head and its end.
    private static let png: [UInt8] =
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0, 0,
            0, 0, 0,
        ]
        + [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]

    private func planned(_ scenes: String, _ stage: String) throws -> PlannedEpisode {
        try PlannedEpisode(Self.list, stage, files: ["ep/list.yaml": "scenes:\n\(scenes)", "ep/a.md": "x"])
    }

    private func programs(_ step: Step) -> [String: [UInt8]] {
        step.outputs == ["p.png"] ? ["p.png": Self.png] : step.outputs == ["line.wav"] ? ["line.wav": Self.wav] : [step.outputs[0]: [1]]
    }

    @Test func aSceneIsAsLongAsItsSound() async throws {
        let planned = try planned(
            "- { id: a, narration: One. }\n", "film: { tool: video, each: list.scenes, from: [picture, spoken], fps: \"25\" }")
        try await planned.build(program: programs)
        let steps = planned.steps("film")
        #expect(
            steps.map(\.name) == ["look 1", "look 2", "encode"] && steps[2].labels == ["picture"]
                && steps[2].platform == ["ffmpeg": "ffmpeg 1"])
        #expect(planned.files("film").map(\.name) == ["scene.mp4", "scene.json", "line.wav"])
        let facts = try Node(parsing: Array(planned.text("film", "scene.json").utf8), file: "scene.json").value
        #expect(facts["frames"]?.number == 63, "two seconds and a half at 25 frames a second, and no frame less: \(facts.json())")
    }

    /// What is said in a scene changes its picture only if it lasts otherwise.
    @Test func wordsAreNotInTheAddressOfThePicture() async throws {
        let stage = "film: { tool: video, each: list.scenes, from: [picture, spoken] }"
        let (one, two) = (try planned("- { id: a, narration: One. }\n", stage), try planned("- { id: b, narration: Two words. }\n", stage))
        for planned in [one, two] { try await planned.build(program: programs) }
        let (first, second) = (try #require(one.steps("film").last), try #require(two.steps("film").last))
        #expect(first.operation == second.operation)
        let read = (try one.inputs(of: first), try two.inputs(of: second))
        #expect(read.0 == read.1)
    }

    @Test(arguments: [
        ("size: 1281x720", "`size` of stage \"film\" must be a width and a height in pixels"),
        ("size: big", "`size` of stage \"film\" must be"),
        ("fps: 12", "`fps` of stage \"film\" must be one of"), ("motion: spin", "`motion` of stage \"film\" must be one of"),
        ("pad_seconds: 0", "`pad_seconds` of stage \"film\" must be a number from 0.1 to 30"),
        ("background: blue", "\"blue\" is no colour"),
    ])
    func settingsAreChecked(keys: String, message: String) throws {
        let found = problems {
            try planned("- { id: a, narration: One. }\n", "film: { tool: video, each: list.scenes, from: [picture], \(keys) }").plan()
        }
        #expect(found.count == 1 && found[0].message.hasPrefix(message) && found[0].location?.line == 5, "\(found)")
    }

    @Test(arguments: [
        ("- { id: a, narration: One. }\n", "from: [spoken]", "film/1 has no picture"),
        ("- { id: a, narration: One. }\n", "from: [picture]", "nothing says how long film/1 lasts: it has no sound"),
        (
            "- { id: a, minimum_seconds: 1e300 }\n", "from: [picture]",
            "`minimum_seconds` of a scene must be a number of seconds from 0.1 to 86400, not 1e300"
        ),
        (
            "- { id: a, minimum_seconds: 3, maximum_seconds: 2 }\n", "from: [picture]",
            "a scene cannot last 3.0 seconds at least and 2.0 at most"
        ),
        ("- { id: a, minimum_seconds: 3 }\n", "from: [picture, picture2]", "film/1 reads two pictures, and a scene has one"),
    ])
    func whatASceneLacksIsToldAtItsPlace(scene: String, from: String, message: String) async throws {
        let more = "picture2: { tool: command, each: list.scenes, run: [y], outputs: [p.png] }\n"
        let planned = try planned(scene, more + "film: { tool: video, each: list.scenes, \(from) }")
        do {
            try await planned.build(program: programs)
            Issue.record("nothing was found")
        } catch let problem as Diagnostic {
            #expect(problem.message.hasPrefix(message) && problem.location?.file == "ep/list.yaml", "\(problem)")
        }
    }

    @Test func whatIsNeitherIsWarnedOfOrRefused() async throws {
        let planned = try planned(
            "- { id: a, minimum_seconds: 3 }\n", "text: { source: a.md }\nfilm: { tool: video, each: list.scenes, from: [picture, text] }")
        try await planned.build(program: programs)
        #expect(planned.planner.warnings.map(\.message) == ["film makes nothing of ep/a.md"])
        let step = try #require(planned.steps("film").first { $0.name == "look 1" })
        for (bytes, message) in [
            ([], "this file is empty"), (Array("<svg".utf8), "this file is"), (Array(Self.png.prefix(20)), "the picture is damaged"),
        ] {
            let job = Job(step: step, inputs: MemoryInputs(["file": bytes]), take: Take(1)) { "" }
            let problem = await #expect(throws: Diagnostic.self) { try await VideoTool().run(job) }
            #expect(problem?.message.hasPrefix(message) == true && problem?.remedy != nil, "\(String(describing: problem))")
        }
    }

    @Test func aSceneThatIsTooLongIsWarnedOf() async throws {
        let planned = try planned(
            "- { id: a, narration: One., maximum_seconds: 1 }\n", "film: { tool: video, each: list.scenes, from: [picture, spoken] }")
        try await planned.build(program: programs)
        #expect(
            planned.planner.warnings.map(\.message).contains { $0.hasPrefix("film/1 lasts 2.5 seconds, and was to last 1.0 at most") },
            "\(planned.planner.warnings)")
    }

    // MARK: animatic

    @Test func aPanelNeedsNeitherPictureNorSound() throws {
        let planned = try planned(
            "- { id: a, visual: \"The <sea> & the sky\", shot: wide }\n", "rough: { tool: animatic, each: list.scenes }")
        let step = try #require(try planned.plan().first { $0.target.stage.text == "rough" })
        #expect(step.labels == ["panel.svg"] && planned.files("rough").map(\.name) == ["scene_001.mp4"])
        let svg = try #require(step.text("panel.svg"))
        #expect(svg.contains("&lt;sea&gt;") && svg.contains("wide") && !svg.contains("<sea>"))
    }

    @Test(arguments: [("seconds: soon", "ep/list.yaml"), ("seconds: 1e300", "ep/list.yaml")]) func aPanelsLengthIsChecked(
        key: String, file: String
    ) throws {
        let found = problems { try planned("- { id: a, visual: Sea, \(key) }\n", "rough: { tool: animatic, each: list.scenes }").plan() }
        #expect(
            found.count == 1 && found[0].message.hasPrefix("`seconds` of a scene must be a number of seconds")
                && found[0].location?.file == file, "\(found)")
    }
}
