import FoundationEssentials
import Glibc
import Testing

/// The documentary in `Episodes/`, from nothing to the film, through its four gates.
@Suite struct DocumentaryTests {
    private static let episode = "documentary/ep001-a-light-that-reaches"
    private static let out = "\(episode)/out"

    /// A fresh clone, in which the operator's approvals stand in the lock.
    private static let built: Task<Machine, any Error> = Task {
        let machine = try Machine()
        for made in ["out", "outline.yaml", "script.yaml", "storyboard.json", "asset_plan.json"] { machine.remove("\(episode)/\(made)") }
        try await machine.build(episode).expect(.built)
        atexit { try? Temporary.removeMachines() }
        return machine
    }

    private static func copy() async throws -> Machine {
        let machine = try Machine(copying: await built.value)
        try await machine.build(episode).expect(executed: 0)
        return machine
    }

    @Test func everythingThatWasPromisedIsDelivered() async throws {
        let machine = try await Self.built.value
        let names = try machine.outputs(of: Self.episode).keys
        for name in [
            "outline.yaml", "research.json", "script.yaml", "storyboard.json", "asset_plan.json", "voiceover.mp3", "captions.srt",
            "video.mp4", "animatics/scene_001.mp4", "acceptance_results.json",
        ] {
            #expect(names.contains(name), "\(names.sorted())")
        }
        let panels = try machine.text("\(Self.out)/storyboard.json").ranges(of: "\"visual\"").count
        #expect(names.count { $0.hasPrefix("animatics/") } == panels)
        let probed = try await Program.run(
            [
                "ffprobe", "-v", "error", "-show_entries", "stream=codec_name:chapter_tags=title:format=duration", "-of", "compact",
                "\(Self.out)/video.mp4",
            ],
            in: machine.workspace, environment: machine.environment()
        ).output
        for text in ["h264", "aac", "mov_text", "tag:title=What did Fresnel change?"] {
            #expect(probed.contains(text), "\(text): \(probed)")
        }
    }

    @Test func eachGateStopsTheBuildUntilSomebodyHasDecided() async throws {
        let machine = try await Self.copy()
        machine.remove("\(Self.episode)/episode.lock")
        for gate in ["script", "storyboard", "assets", "audio"] {
            let waiting = try await machine.build(Self.episode).expect(.waiting)
            #expect(waiting.outcome.output.contains("{\"target\":\"\(gate)\",\"state\":\"open\""), "\(gate): \(waiting.outcome.output)")
            let approved = try await machine.run("approve", Self.episode, gate, "--by", "Operator")
            #expect(approved.status == 0, "\(approved)")
        }
        // All of it is in the cache.
        try await machine.build(Self.episode).expect(.upToDate, executed: 0)
    }

    @Test func aPanelOfTheStoryboardCostsItsAnimatic() async throws {
        let machine = try await Self.copy()
        let before = try machine.read("\(Self.out)/video.mp4")
        try machine.replace(
            "A new chapter: “What did Fresnel change?”",
            with: "A road in France, and a man who looks at the sky: “What did Fresnel change?”", in: "\(Self.episode)/storyboard.json")
        try await machine.build(Self.episode).expect(.waiting)
        for gate in ["storyboard", "assets"] {
            #expect(try await machine.run("approve", Self.episode, gate, "--by", "Operator").status == 0)
            try await machine.build(Self.episode).expect(gate == "assets" ? nil : .waiting, ["pictures": 0, "audio": 0, "scenes": 0])
        }
        #expect(try machine.read("\(Self.out)/video.mp4") == before)
    }
}
