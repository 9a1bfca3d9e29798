import EpCore
import EpEngine
import EpHistory
import Testing

@testable import EpDesk

/// Builds of many episodes, and then of what their shows have once.
@Suite struct BuildTests {
    @Test func aShowIsBuiltAfterItsEpisodes() throws {
        let show = try TestShow("  a: { tool: echo, say: x }\n", episodes: ["one", "two"])
        let places = [try show.place("one"), try show.place("two")]
        let order = BuildOrder(places, BuildOptions())
        #expect(order.shows == [Discovery.show(of: places[0])])
        var single = BuildOptions()
        single.targets = [Target(parsing: "a")]
        #expect(BuildOrder(places, single).shows.isEmpty)
        var draft = BuildOptions()
        draft.isDraft = true
        #expect(BuildOrder(places, draft).shows.isEmpty)
    }

    /// One rule for `build` and `build --watch`.
    @Test(
        arguments: [
            ([], true), ([.failed, .failed], true), ([.failed, .built], false), ([.waiting, .failed], false), ([.upToDate], false),
            ([.interrupted], false),
        ] as [([BuildReport.Outcome], Bool)])
    func aShowIsLeftAloneIfAllOfItsEpisodesFail(_ outcomes: [BuildReport.Outcome], _ isLeftAlone: Bool) throws {
        let show = try TestShow("  a: { tool: echo, say: x }\n", episodes: ["one", "two"])
        let places = [try show.place("one"), try show.place("two")]
        var order = BuildOrder(places, BuildOptions())
        for (place, outcome) in zip(places, outcomes) { order.note(outcome, of: place) }
        #expect(order.isLeftAlone(order.shows[0]) == isLeftAlone)
    }

    @Test func whatIsWrongWithOneEpisodeKeepsNoOtherFromItsTurn() async throws {
        let show = try TestShow("  a: { tool: echo, say: x }\n", episodes: ["one", "two"])
        try show.write("title: [\n", to: "w/show/one/episode.yaml")
        var told: [String] = []
        let status = try await show.desk().build([show.place("one"), show.place("two")], BuildOptions()) { report, place in
            told.append("\(report.episode) \(report.outcome.rawValue)\(place.isShow ? " (show)" : "")")
        }
        #expect(told.prefix(2) == ["w/show/one failed", "w/show/two built"])
        #expect(status == .badInput)
        #expect(told.dropFirst(2).allSatisfy { $0.hasSuffix("(show)") } && told.count == 3)
    }

    @Test func nothingBeginsAfterAnInterruption() async throws {
        let show = try TestShow("  a: { tool: echo, say: x }\n", episodes: ["one", "two"])
        let stop = BuildStop()
        stop.ask()
        var told: [String] = []
        let status = try await show.desk().build([show.place("one"), show.place("two")], BuildOptions(), stop: stop) { report, _ in
            told.append("\(report.episode) \(report.outcome.rawValue)")
        }
        #expect(told == ["w/show/one interrupted"])
        #expect(status == .interrupted)
    }

    @Test func whatIsUpToDateIsNotOnRecord() async throws {
        let show = try TestShow("  a: { tool: echo, say: x }\n")
        let (desk, place) = (try show.desk(), try show.place())
        for _ in 1...2 { #expect(await desk.build([place], BuildOptions()) { _, _ in } == .success) }
        #expect(try desk.history(of: place).builds().count == 1)
    }

    /// It builds, waits, builds what was saved, and ends when it is told to.
    @Test func aWatchBuildsWhatIsSaved() async throws {
        let show = try TestShow("  a: { tool: echo, say: x }\n")
        let watch = Watch(try show.desk(), [try show.place()], BuildOptions(), readings: [])
        var told: [String] = []
        let isInterrupted = await watch.run { news in
            switch news {
            case .ended(let report, let place): told.append(place.isShow ? "show" : report.outcome.rawValue)
            case .changed(let files): told.append(files.map { $0.split(separator: "/").last.map(String.init) ?? "" }.joined())
            case .waiting(let files):
                #expect(files > 0)
                told.append("waits")
                if told.contains("pipeline.yaml") { watch.stop() } else { try? show.pipeline("  a: { tool: echo, say: y }\n") }
            }
        }
        #expect(!isInterrupted)
        #expect(told == ["built", "show", "waits", "pipeline.yaml", "built", "show", "waits"])
    }
}
