import EpCore
import EpEngine
import EpPlan
import FoundationEssentials
import Testing

@testable import EpDesk

/// A symbolic link in the place of a text or of the lock is written through: it is the person's, and stays.
@Suite struct LinkedFileTests {
    private static func stages(_ text: String) -> String { "  plan: { tool: echo, say: \(text), output: plan.txt, editable: true }\n" }

    /// Moves a file of the episode away, and puts a link to it in its place.
    private func link(_ name: String, in show: TestShow) throws {
        let (path, elsewhere) = ("\(show.path)/w/show/one/\(name)", "\(show.path)/elsewhere-\(name)")
        try FileManager.default.moveItem(atPath: path, toPath: elsewhere)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: elsewhere)
    }

    private func isLink(_ name: String, in show: TestShow) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(show.path)/w/show/one/\(name)")) != nil
    }

    @Test func aNewGenerationGoesThroughTheLink() async throws {
        let show = try TestShow(Self.stages("x"))
        let (desk, place) = (try show.desk(), try show.place())
        #expect(await desk.start(place, BuildOptions()).end().outcome == .built)
        for name in ["plan.txt", "episode.lock"] { try link(name, in: show) }
        try show.pipeline(Self.stages("y"))
        #expect(await desk.start(place, BuildOptions()).end().outcome == .built)
        for name in ["plan.txt", "episode.lock"] { #expect(isLink(name, in: show), "\(name)") }
        #expect(try show.read("elsewhere-plan.txt") == "y" && show.read("w/show/one/plan.txt") == "y")
        #expect(try show.read("elsewhere-episode.lock").contains(Digest(of: Array("y".utf8)).hex))
    }

    @Test func decisionsAndSavesGoThroughTheLink() async throws {
        let show = try TestShow(Self.stages("x"))
        let (desk, place) = (try show.desk(), try show.place())
        _ = await desk.start(place, BuildOptions()).end()
        for name in ["plan.txt", "episode.lock"] { try link(name, in: show) }
        let plan = Target(parsing: "plan")
        _ = try await desk.clean(.targets([plan]), at: place)
        let inspection = try await desk.builder.inspect(place)
        _ = try desk.save(Array("mine".utf8), as: plan, read: desk.text(of: plan, in: inspection).digest.hex, in: inspection)
        for name in ["plan.txt", "episode.lock"] { #expect(isLink(name, in: show), "\(name)") }
        #expect(try show.read("elsewhere-plan.txt") == "mine")
    }

    /// The disk behind it may come back: nothing takes the link's place.
    @Test func aLinkThatLeadsNowhereIsToldAndStays() async throws {
        let show = try TestShow(Self.stages("x"))
        let (desk, place) = (try show.desk(), try show.place())
        try FileManager.default.createSymbolicLink(atPath: "\(show.path)/w/show/one/plan.txt", withDestinationPath: "/not-mounted/plan.txt")
        let report = await desk.start(place, BuildOptions()).end()
        #expect(report.exitStatus == .badInput, "\(report.failures)")
        #expect(isLink("plan.txt", in: show))
    }
}
