import FoundationEssentials
import Testing

/// The page that tells how an episode was made.
@Suite struct ReportTests {
    @Test func aPageTellsHowAnEpisodeWasMade() async throws {
        let machine = try await Machine.withMoonBuilt()
        try await machine.run("clean", Machine.moon, "audio_synthesis/3").expect(0, says: "a new take")
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
        try await machine.run("report", Machine.moon, "report.html").expect(0, says: "→ report.html")
        let page = try machine.text("report.html")
        for part in [
            "<svg ", ">audio_mixing</text>", "<h2>Time and cost</h2>", "Oliver! Come to the window, quick!", "script.fountain:",
            "<h2>Takes</h2>", "clean audio_synthesis/3",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        // One file: nothing is loaded from anywhere.
        #expect(!page.contains("src=") && !page.contains("href=") && !page.contains("<script"))
    }

    @Test func aReportNeedsAFile() async throws {
        let machine = try Machine()
        try await machine.run("report", Machine.moon).expect(64, errors: "which file")
    }
}
