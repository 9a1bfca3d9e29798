import EpProviders
import FoundationEssentials
import Glibc
import Testing

/// The show `Episodes/newsroom` with its real programs: a recording is made, transcribed, presented and cut into clips.
@Suite struct NewsroomTests {
    private static let episode = "newsroom/ep001-bees-on-the-roof"
    private static let clips = "\(episode)/clips.yaml"

    /// A machine that has built a short interview with small clips. It is built once; each test gets a copy.
    private static let builtOnce = Task {
        let machine = try Machine()
        for made in ["out", "episode.lock", "clips.yaml", "editorial.yaml"] { machine.remove("\(episode)/\(made)") }
        try machine.edit("\(episode)/interview.fountain") { $0.shortened(toLines: 17) }
        try machine.edit("newsroom/pipeline.yaml") {
            $0.replacing("captions: burnt", with: "captions: burnt\n    short_side_pixels: 120").replacing(
                "[square, vertical, mp3]", with: "[square, mp3]")
        }
        try await machine.build(episode).expect(.built)
        atexit { try? Temporary.removeMachines() }
        return machine
    }

    private func built() async throws -> Machine {
        let machine = try Machine(copying: await Self.builtOnce.value)
        try await machine.build(Self.episode).expect(executed: 0)
        return machine
    }

    private func pipeline(_ machine: Machine, _ change: (String) -> String) throws { try machine.edit("newsroom/pipeline.yaml", change) }

    @Test func aRecordingBecomesAPageAndClips() async throws {
        let machine = try await built()
        let outputs = try machine.outputs(of: Self.episode)
        let page = String(decoding: try #require(outputs["001-bees-on-the-roof.html"]), as: UTF8.self)
        #expect(
            page.contains("Bees on the roof") && page.contains("We carried six boxes past the mayor") && page.contains("<cite>Tom:</cite>"))
        #expect(outputs["001-bees-on-the-roof.mp3"]?.count ?? 0 > 100_000 && outputs["001-bees-on-the-roof.vtt"] != nil)
        let media = outputs.keys.filter { $0.hasPrefix("clips_rendered/") }
        #expect(media.contains { $0.hasSuffix("-square.mp4") } && media.contains { $0.hasSuffix("-mp3.mp3") })
        #expect(try machine.text(Self.clips).contains("title: "))
    }

    /// Words are found where they are said: between the lines nobody speaks.
    @Test func wordsHaveTheirTimes() async throws {
        let machine = try await built()
        let text = try machine.text("\(Self.episode)/out/001-bees-on-the-roof.srt")
        let times = text.matches(of: #/(\d\d):(\d\d):(\d\d),(\d\d\d) --> (\d\d):(\d\d):(\d\d),(\d\d\d)/#).map { match in
            (Double(match.output.3)! + Double(match.output.4)! / 1000, Double(match.output.7)! + Double(match.output.8)! / 1000)
        }
        #expect(times.count >= 8 && text.contains("Anna: Good evening.") && text.contains("Tom: "))
        for (caption, next) in zip(times, times.dropFirst()) { #expect(caption.0 < caption.1 && caption.1 <= next.0 + 0.001) }
    }

    /// Other bounds of one clip cut that clip anew: its sound and its two forms, and nothing else.
    @Test func boundsOfAClipCostThatClip() async throws {
        let machine = try await built()
        let before = try machine.text(Self.clips)
        let end = try #require(before.firstMatch(of: #/end_seconds: ([0-9.]+)/#))
        let earlier = try #require(Double(end.output.1)) - 0.5
        try machine.replace(String(end.output.0), with: "end_seconds: \(earlier)", in: Self.clips)
        try await machine.build(Self.episode).expect(.built, executed: 3, ["clips_rendered": 3])
        try machine.edit(Self.clips) {
            $0.replacing("made_by:", with: "  - title: One more\n    start: \"0:01\"\n    end: \"0:03.5\"\nmade_by:")
        }
        // A post of its own, and three of the clip.
        try await machine.build(Self.episode).expect(.built, executed: 4, ["clips_rendered": 3, "clips_generated": 1])
        try machine.write(Array(before.utf8), to: Self.clips)
        try await machine.build(Self.episode).expect(.built, executed: 0)
        try machine.replace(String(end.output.0), with: "end_seconds: 600", in: Self.clips)
        let outcome = try await machine.run(Self.episode)
        #expect(
            outcome.status == 65 && outcome.errors.contains("\(Self.clips):2:5: error: clip") && outcome.errors.contains("ends at 10:00"),
            "\(outcome)")
    }

    /// A key of an edited list that resembles one of its schema is passed over by whoever reads the list.
    @Test func aSlipInAnEditedListIsToldOf() async throws {
        let machine = try Machine()
        let list = "clips:\n  - { tilte: X, start_seconds: 5, end_seconds: 15, speker: Tom, mood: dry }\n  - { start: 1, end: 2, title: Y }\n"
        try machine.write(Array(list.utf8), to: "\(Self.episode)/clips.yaml")
        for command in ["plan", "status"] {
            let told = try await machine.run(command, Self.episode)
            for (place, key, meant) in [("2:7", "tilte", "title"), ("2:52", "speker", "speaker")] {
                let says = "clips.yaml:\(place): warning: `\(key)` is no key of schemas/clips.json\n  → did you mean \"\(meant)\"?\n"
                #expect(told.errors.contains(says), "\(command): \(told)")
            }
            #expect(told.errors.split(separator: "\n").filter { $0.contains("is no key of") }.count == 2, "\(told)")
        }
    }

    /// One clip is made anew by itself; all are looked for anew by their list.
    @Test func oneClipIsMadeAnew() async throws {
        let machine = try await built()
        #expect(try await machine.run("clean", Self.episode, "clips_rendered/1").status == 0)
        let again = try await machine.build(Self.episode)
        try again.expect(.built)
        #expect(try again.report.actions.executed == again.report.executed("clips_rendered") && again.report.actions.executed > 0)
        #expect(try await machine.run("clean", Self.episode, "clips_discovered").status == 0)
        #expect(try await machine.build(Self.episode).report.executed("clips_discovered") == 1)
    }

    /// Without the text a recognizer's words stand there: what was listened to is not listened to again.
    @Test func withoutATextItIsWhatWasHeard() async throws {
        let machine = try await built()
        try pipeline(machine) { $0.replacing(", text: interview", with: "") }
        let build = try await machine.build(Self.episode, "transcribed", "rendered")
        try build.expect(.built, ["transcribed": 1, "discovered": 0])
        let heard = HeardWords.of(try machine.text("\(Self.episode)/out/001-bees-on-the-roof.txt"))
        let said = HeardWords.of(
            try machine.text("\(Self.episode)/interview.fountain").split(separator: "\n").filter {
                $0.contains { $0.isLowercase } && !$0.hasPrefix("Title")
            }.joined(separator: " "))
        let rate = Double(HeardWords.errors(between: heard, and: said)) / Double(said.count)
        #expect(rate < 0.5, "\(rate) of \(said.count) words are heard otherwise")
    }

    /// Another machine has all of it from a shared cache, to the byte.
    @Test func anotherMachineMakesNothing() async throws {
        let shared = try SharedDirectory()
        let first = try await built()
        try first.share("file://\(shared.path)")
        try #require(try await first.run("cache", "push", Self.episode).status == 0)
        let second = try Machine(copying: first)
        for made in ["out", "clips.yaml", "editorial.yaml"] { second.remove("\(Self.episode)/\(made)") }
        try FileManager.default.removeItem(atPath: second.cache)
        let build = try await second.build(Self.episode)
        try build.expect(.built, executed: 0)
        #expect(try second.outputs(of: Self.episode) == first.outputs(of: Self.episode))
    }
}
